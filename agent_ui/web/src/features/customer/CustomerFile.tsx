import type { ContactFile, LiveCart } from "../../contract/contract";
import { phone } from "../../format/phone";
import { useTexts } from "../../i18n/context";
import { Empty } from "../../ui/Empty";
import type { Desk } from "../desk/model";
import { otherEnd } from "../desk/who";
import { CommandButton } from "../session/Command";
import { useAct, useSession } from "../session/context";
import { LiveCartCard } from "../cart/LiveCartCard";
import { CartCard } from "./CartCard";
import { CustomerCard } from "./CustomerCard";
import { HistoryCard } from "./HistoryCard";
import { OrdersCard } from "./OrdersCard";

interface Props {
  readonly file: ContactFile;
  readonly desk: Desk;
  readonly onRead: (file: ContactFile) => void;
  readonly onCart: (live: LiveCart) => void;
}

/** All that is known of the person on the other end. */
export function CustomerFile({ file, desk, onRead, onCart }: Props) {
  const texts = useTexts();
  const { api } = useSession();
  const { busy, act } = useAct();
  const reread = () => act(() => api.file(file.contact.id).then(onRead));
  const { panel, contact } = file;
  const number = otherEnd(contact, desk.me);
  const nobody = number ? texts.say("customer.unknown", { number: phone(number) }) : texts.say("customer.withheld");
  const unknown = contact.direction === "internal" ? texts.say("customer.internal") : nobody;
  // While it is only offered, reading again would turn the offer's file into a contact's.
  const active = desk.file?.contact.id === contact.id;
  const cart = file.live ? (
    <LiveCartCard live={file.live} desk={desk} active={active} onRead={onRead} onCart={onCart} />
  ) : (
    panel && <CartCard cart={panel.cart} />
  );
  return (
    <div className="customer">
      {panel ? (
        <CustomerCard customer={panel.customer} orderCount={panel.order_count} onReread={active ? reread : null} busy={busy} />
      ) : (
        <section className="card customer-unknown">
          {file.shop_away ? (
            <>
              <Empty icon="warning">{texts.say("customer.shop_away")}</Empty>
              {active && (
                <CommandButton icon="refresh" disabled={busy} onClick={reread}>
                  {texts.say("customer.reread")}
                </CommandButton>
              )}
            </>
          ) : (
            <Empty icon="person">
              {unknown}
            </Empty>
          )}
        </section>
      )}
      {panel ? (
        <div className="customer-columns">
          {cart}
          <OrdersCard orders={panel.orders} count={panel.order_count} mentioned={contact.order_number} />
        </div>
      ) : (
        cart
      )}
      {contact.direction !== "internal" && <HistoryCard file={file} desk={desk} />}
    </div>
  );
}
