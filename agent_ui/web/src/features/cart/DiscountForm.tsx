import { useId, useState } from "react";

import type { CartView } from "../../contract/contract";
import { useTexts } from "../../i18n/context";
import { CommandButton } from "../session/Command";
import { useSession } from "../session/context";
import type { Editing } from "./editing";
import { basisPoints, percent } from "./model";
import { Problem } from "./Problem";

interface Props {
  readonly contact: string;
  readonly cart: CartView;
  readonly editing: Editing;
  /** The largest discount this agent may give, in basis points. */
  readonly limit: number;
}

export function DiscountForm({ contact, cart, editing, limit }: Props) {
  const texts = useTexts();
  const { api } = useSession();
  const id = useId();
  const [rate, setRate] = useState("");
  const [reason, setReason] = useState("");
  const points = basisPoints(rate);
  const give = (basis_points: number) =>
    editing.run(
      "discount",
      () => api.giveDiscount(contact, cart.id, { basis_points, reason: reason.trim() }),
      () => {
        setRate("");
        setReason("");
      },
    );
  return (
    <form
      className="cart-discount"
      onSubmit={(event) => {
        event.preventDefault();
        if (points !== null) give(points);
      }}
    >
      <div className="field cart-rate">
        <label htmlFor={`${id}-rate`}>{texts.say("cart.discount_rate")}</label>
        <input
          id={`${id}-rate`}
          className="input"
          inputMode="decimal"
          autoComplete="off"
          aria-describedby={`${id}-limit`}
          value={rate}
          onChange={(event) => setRate(event.target.value)}
        />
      </div>
      <div className="field cart-reason">
        <label htmlFor={`${id}-reason`}>{texts.say("cart.discount_reason")}</label>
        <input
          id={`${id}-reason`}
          className="input"
          maxLength={200}
          autoComplete="off"
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </div>
      <button type="submit" className="button" disabled={points === null || editing.busy("discount")}>
        {texts.say("cart.give")}
      </button>
      <p id={`${id}-limit`} className="soft small cart-limit">
        {texts.say("cart.limit", { rate: percent(limit, texts.language) })}
        {cart.discount && (
          <CommandButton size="small" kind="quiet" disabled={editing.busy("discount")} onClick={() => give(0)}>
            {texts.say("cart.take_away")}
          </CommandButton>
        )}
      </p>
      <Problem text={editing.problem("discount")} />
    </form>
  );
}
