import type { CustomerView } from "../../contract/contract";
import { phone } from "../../format/phone";
import { useTexts } from "../../i18n/context";
import { Icon } from "../../ui/Icon";
import { initials } from "../session/initials";

interface Props {
  readonly customer: CustomerView;
  readonly orderCount: number;
  readonly onReread: (() => void) | null;
  readonly busy: boolean;
}

export function CustomerCard({ customer, orderCount, onReread, busy }: Props) {
  const texts = useTexts();
  const { address } = customer;
  return (
    <section className="card customer-card" aria-labelledby="customer-name">
      <span className="avatar avatar-large" aria-hidden="true">
        {initials(customer.name)}
      </span>
      <div className="customer-who">
        <h2 id="customer-name" className="customer-name">
          {customer.name}
        </h2>
        <p className="customer-chips">
          <span className="chip">
            <Icon name="globe" />
            {texts.say(`language.${customer.language}`)}
          </span>
          <span className="chip">{texts.count("customer.orders", orderCount)}</span>
        </p>
      </div>
      <ul className="customer-facts">
        <li>
          <Icon name="mail" />
          {customer.email}
        </li>
        {customer.phones.map((number) => (
          <li key={number} className="numbers">
            <Icon name="phone" />
            {phone(number)}
          </li>
        ))}
        <li>
          <Icon name="pin" />
          {address.street}, {address.postal_code} {address.city}, {address.country}
        </li>
      </ul>
      {onReread && (
        <button type="button" className="button button-quiet button-icon customer-reread" disabled={busy} onClick={onReread}>
          <Icon name="refresh" />
          <span className="visually-hidden">{texts.say("customer.reread")}</span>
        </button>
      )}
    </section>
  );
}
