import type { LiveCart } from "../../contract/contract";
import { useTexts } from "../../i18n/context";
import { STEPS, stepOf } from "./model";

/** How far the customer is in the checkout. */
export function Stepper({ live }: { readonly live: LiveCart }) {
  const texts = useTexts();
  const step = stepOf(live);
  if (step === null || live.cart?.state === "ordered") return null;
  const place = STEPS.indexOf(step);
  return (
    <ol className="stepper" aria-label={texts.say("cart.steps")}>
      {STEPS.map((one, index) => (
        <li key={one} data-past={index < place || undefined} aria-current={one === step ? "step" : undefined}>
          <span className="stepper-mark" aria-hidden="true" />
          <span className="stepper-name">{texts.say(`cart.stepper.${one}`)}</span>
        </li>
      ))}
    </ol>
  );
}
