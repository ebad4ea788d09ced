import { useRef } from "react";

import type { AgentView, Choice, SetStatus } from "../../contract/contract";
import { useTexts } from "../../i18n/context";
import { useStore, type Store } from "../../store/store";
import { Elapsed } from "../../ui/Elapsed";
import { Icon } from "../../ui/Icon";
import { Menu } from "../../ui/Menu";
import { useAct, useSession } from "../session/context";
import { useShortcuts } from "../shortcuts/shortcuts";
import type { Desk, DeskAction } from "./model";
import { MISSED_OFFERS, useStatusWords } from "./status";

const DOTS = { available: "dot dot-good", on_break: "dot dot-busy", offline: "dot" } as const;

/** One's own status, how long it has lasted, and the menu to change it. */
export function StatusSwitch({ store }: { readonly store: Store<Desk, DeskAction> }) {
  const desk = useStore(store);
  const texts = useTexts();
  const words = useStatusWords(desk.pauseReasons);
  const button = useRef<HTMLButtonElement>(null);
  const { preferences } = useSession();
  const choose = useChooseStatus(desk.me);
  useShortcuts(
    { status: () => button.current?.click(), available: () => choose({ status: "available" }) },
    preferences.shortcuts,
  );
  if (desk.me === null) return null;
  const { me } = desk;
  return (
    <Menu
      label={texts.say("status.yours")}
      closeOnChoice
      buttonRef={button}
      buttonClass="button status-button"
      disabled={!desk.connected || !desk.link}
      button={
        <>
          <span className={DOTS[me.status]} />
          <span className="visually-hidden">{texts.say("status.yours")}:</span>
          <span className="status-words">{words(me)}</span>
          <span className="soft">
            <Elapsed since={me.status_since} skew={desk.skew} />
          </span>
          <Icon name="down" />
        </>
      }
    >
      <StatusMenu desk={desk} me={me} choose={choose} />
    </Menu>
  );
}

interface StatusMenuProps {
  readonly desk: Desk;
  readonly me: AgentView;
  readonly choose: (status: SetStatus) => void;
}

function StatusMenu({ desk, me, choose }: StatusMenuProps) {
  const texts = useTexts();
  return (
    <>
      <StatusItem on={me.status === "available"} dot={DOTS.available} onClick={() => choose({ status: "available" })}>
        {texts.say("status.available")}
      </StatusItem>
      <p className="menu-title">{texts.say("status.on_break")}</p>
      {desk.pauseReasons.filter(isChosen).map((reason) => (
        <StatusItem
          key={reason.id}
          on={me.status === "on_break" && me.pause_reason === reason.id}
          dot={DOTS.on_break}
          onClick={() => choose({ status: "on_break", pause_reason: reason.id })}
        >
          {texts.pick(reason.labels)}
        </StatusItem>
      ))}
      <hr className="menu-line" />
      <StatusItem on={me.status === "offline"} dot={DOTS.offline} onClick={() => choose({ status: "offline" })}>
        {texts.say("status.offline")}
      </StatusItem>
    </>
  );
}

interface StatusItemProps {
  readonly on: boolean;
  readonly dot: string;
  readonly onClick: () => void;
  readonly children: string;
}

function StatusItem({ on, dot, onClick, children }: StatusItemProps) {
  return (
    <button type="button" role="menuitemradio" className="menu-item" aria-checked={on} onClick={onClick}>
      <span className={dot} />
      {children}
      <span className="menu-check">
        <Icon name="check" />
      </span>
    </button>
  );
}

/** The system pauses an agent who missed several offers; nobody chooses that. */
function isChosen(reason: Choice): boolean {
  return reason.id !== MISSED_OFFERS;
}

/** Changes one's own status, unless it is that already. */
export function useChooseStatus(me: AgentView | null): (status: SetStatus) => void {
  const { api } = useSession();
  const { act } = useAct();
  return (status) => {
    if (me === null || (me.status === status.status && me.pause_reason === (status.pause_reason ?? null))) return;
    act(() => api.setStatus(status));
  };
}
