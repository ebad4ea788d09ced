import { useId, useState } from "react";

import type { ContactFile } from "../../contract/contract";
import { useTexts } from "../../i18n/context";
import { useDialogAct, useSession } from "../session/context";
import { codeOf } from "./model";
import { Problem } from "./Problem";

interface Props {
  readonly contact: string;
  readonly onRead: (file: ContactFile) => void;
}

/** Joins the call to the page whose code the customer reads out. */
export function CodeEntry({ contact, onRead }: Props) {
  const texts = useTexts();
  const { api } = useSession();
  const { busy, act, problem } = useDialogAct();
  const id = useId();
  const [typed, setTyped] = useState("");
  const code = codeOf(typed);
  return (
    <form
      className="cart-code"
      onSubmit={(event) => {
        event.preventDefault();
        if (code !== null) act(() => api.sayCode(contact, code).then(onRead).finally(() => setTyped("")));
      }}
    >
      <label htmlFor={id} className="small">
        {texts.say("cart.code")}
      </label>
      <input
        id={id}
        className="input numbers cart-code-digits"
        inputMode="numeric"
        autoComplete="off"
        maxLength={11}
        placeholder="000 000"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <button type="submit" className="button button-small" disabled={busy || code === null}>
        {texts.say("cart.code_join")}
      </button>
      <Problem text={problem} />
    </form>
  );
}
