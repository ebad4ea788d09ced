import { useId } from "react";

import type { Choice, ContactFile } from "../../contract/contract";
import { clock, secondsUntil } from "../../format/time";
import { useTexts } from "../../i18n/context";
import { useNow } from "../../ui/useNow";
import type { Desk } from "../desk/model";
import { whoIn } from "../desk/who";
import { CommandButton } from "../session/Command";
import { useAct, useSession } from "../session/context";
import { useShortcuts } from "../shortcuts/shortcuts";
import { useSaved } from "./useSaved";

const MORE_SECONDS = 30;

/** Time to note how the contact went; what is written is kept even if the time runs out. */
export function WrapUp({ file, desk }: { readonly file: ContactFile; readonly desk: Desk }) {
  const texts = useTexts();
  const { api, preferences } = useSession();
  const { busy, act } = useAct();
  const note = useId();
  const { id } = file.contact;
  const { draft, change, saved, settle } = useSaved((wanted) => api.wrapUp(id, wanted));
  const finish = () => act(() => settle().then((last) => api.wrapUp(id, { ...last, finish: true })));
  const extend = () => act(() => api.wrapUp(id, { extend_seconds: MORE_SECONDS }));
  useShortcuts({ finish, extend }, preferences.shortcuts);
  return (
    <section className="card stage" aria-label={texts.say("wrapup.state")}>
      <header>
        <p className="call-state">
          <span className="dot dot-busy" />
          {texts.say("wrapup.state")}
          <Left ends={desk.me?.wrap_up_ends ?? null} skew={desk.skew} />
        </p>
        <h2 className="stage-who">
          {whoIn(file, desk) ?? texts.say("contact.withheld")}
        </h2>
      </header>
      <Dispositions choices={desk.dispositions} chosen={draft.disposition} onChoose={(disposition) => change({ disposition })} />
      <div className="field">
        <label htmlFor={note}>{texts.say("wrapup.note")}</label>
        <textarea
          id={note}
          className="input"
          rows={4}
          maxLength={4000}
          value={draft.note ?? ""}
          onChange={(event) => change({ note: event.target.value })}
        />
        <p className="field-hint" role="status">
          {texts.say(saved ? "wrapup.saved" : "wrapup.saving")}
        </p>
      </div>
      <div className="stage-foot offer-answers">
        <CommandButton kind="primary" size="large" icon="check" command="finish" wide disabled={busy} onClick={finish}>
          {texts.say("wrapup.finish")}
        </CommandButton>
        <CommandButton size="large" icon="plus" command="extend" wide disabled={busy} onClick={extend}>
          {texts.say("wrapup.extend", { seconds: MORE_SECONDS })}
        </CommandButton>
      </div>
    </section>
  );
}

function Left({ ends, skew }: { readonly ends: string | null; readonly skew: number }) {
  const now = useNow(skew, 250);
  if (ends === null) return null;
  return (
    <span className="call-time numbers" role="timer" aria-live="off">
      {clock(secondsUntil(ends, now))}
    </span>
  );
}

interface DispositionsProps {
  readonly choices: readonly Choice[];
  readonly chosen: string | null;
  readonly onChoose: (id: string) => void;
}

function Dispositions({ choices, chosen, onChoose }: DispositionsProps) {
  const texts = useTexts();
  if (choices.length === 0) return null;
  return (
    <fieldset className="dispositions">
      <legend className="field-label">{texts.say("wrapup.disposition")}</legend>
      {choices.map((choice) => (
        <label key={choice.id} className="disposition" data-chosen={choice.id === chosen}>
          <input
            type="radio"
            name="disposition"
            className="visually-hidden"
            checked={choice.id === chosen}
            onChange={() => onChoose(choice.id)}
          />
          {texts.pick(choice.labels)}
        </label>
      ))}
    </fieldset>
  );
}
