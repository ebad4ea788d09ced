import type { RecordedContact } from "../../contract/contract";
import { phone } from "../../format/phone";
import type { Texts } from "../../i18n/texts";

/** The customer's name, or number, or that neither is known. */
export function whoOf(contact: RecordedContact, texts: Texts): string {
  return contact.customer_name ?? (contact.number ? phone(contact.number) : texts.say("recordings.unknown"));
}
