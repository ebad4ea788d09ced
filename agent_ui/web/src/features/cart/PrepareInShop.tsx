import { useId, useState } from "react";

import type { PreparedInShop } from "../../contract/contract";
import { money } from "../../format/money";
import { useTexts } from "../../i18n/context";
import { Icon } from "../../ui/Icon";
import { CommandButton } from "../session/Command";
import { useDialogAct, useSession } from "../session/context";
import { Problem } from "./Problem";

interface Props {
  readonly contact: string;
  readonly coupons: boolean;
}

/** Makes what the page shows a pending order in the connected shop; the customer's page is given the address to pay. */
export function PrepareInShop({ contact, coupons }: Props) {
  const texts = useTexts();
  const { api } = useSession();
  const { busy, act, problem } = useDialogAct();
  const id = useId();
  const [coupon, setCoupon] = useState("");
  const [made, setMade] = useState<PreparedInShop | null>(null);
  return (
    <footer className="cart-actions">
      {coupons && (
        <div className="field">
          <label htmlFor={id}>{texts.say("cart.coupon")}</label>
          <input id={id} className="input" autoComplete="off" maxLength={64} value={coupon} onChange={(event) => setCoupon(event.target.value)} />
        </div>
      )}
      <CommandButton kind="primary" icon="check" wide disabled={busy} onClick={() => act(() => api.prepareInShop(contact, coupon).then(setMade))}>
        {texts.say("cart.prepare")}
      </CommandButton>
      <Problem text={problem} />
      <div role="status">
        {made && (
          <p className="notice cart-prepared">
            <Icon name="check" />
            <span>
              {texts.say("cart.prepared_in_shop", { number: made.number, total: money(made.total, texts.language) })}{" "}
              {texts.say("cart.prepared_note")} <span className="cart-pay-link">{made.pay_link}</span>
            </span>
          </p>
        )}
      </div>
    </footer>
  );
}
