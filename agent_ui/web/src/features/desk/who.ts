import type { AgentView, CdrView, ContactFile, ContactView } from "../../contract/contract";
import { phone } from "../../format/phone";

type Ends = Pick<ContactView & CdrView, "direction" | "caller" | "called">;

/** The number or the phone on the other end; null if it is withheld. */
export function otherEnd(contact: Ends, me: AgentView | null): string | null {
  if (contact.direction === "outbound") return contact.called;
  const mine = contact.direction === "internal" && contact.caller === me?.phone;
  return mine ? contact.called : contact.caller;
}

interface Names {
  readonly me: AgentView | null;
  readonly names: Readonly<Record<string, string>>;
}

/** Whom a contact is with: the customer's or the colleague's name, or else the number, to be read. */
export function whoIn(file: ContactFile, { me, names }: Names): string | null {
  if (file.panel !== null) return file.panel.customer.name;
  const other = otherEnd(file.contact, me);
  return other === null ? null : (names[other] ?? phone(other));
}
