import type { LiveCart } from "../../contract/contract";
import { useTexts } from "../../i18n/context";
import { Icon } from "../../ui/Icon";

/** The page that the customer is on. Its address is shown, and no link: the agent's click would be a visit. */
export function Where({ live }: { readonly live: LiveCart }) {
  const texts = useTexts();
  const { visitor } = live;
  if (visitor === null || visitor.url === "") return null;
  return (
    <p className="cart-where small" aria-label={texts.say("cart.where")}>
      <Icon name="globe" />
      <span className="cart-where-title">{visitor.title || texts.say("cart.untitled")}</span>
      <span className="soft cart-where-url" title={visitor.url}>
        {visitor.url.replace(/^https?:\/\//, "")}
      </span>
    </p>
  );
}
