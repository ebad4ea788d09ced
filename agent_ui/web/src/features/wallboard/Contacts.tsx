import type { ContactView } from "../../contract/contract";
import { phone } from "../../format/phone";
import { useTexts } from "../../i18n/context";
import { Elapsed } from "../../ui/Elapsed";
import { Empty } from "../../ui/Empty";
import { Icon } from "../../ui/Icon";
import type { Wallboard } from "./model";

const CHIPS: Readonly<Record<ContactView["state"], string>> = {
  ringing: "chip",
  ivr: "chip",
  queued: "chip chip-warning",
  offered: "chip chip-accent",
  talking: "chip chip-good",
  held: "chip chip-warning",
  wrap_up: "chip",
  ended: "chip",
};

interface Seeing {
  readonly busy: boolean;
  /** The contact whose page is open here. */
  readonly seen: string | null;
  readonly onSee: (contact: string) => void;
}

/** Live contacts, the longest first. */
export function Contacts({ board, busy, seen, onSee }: Seeing & { readonly board: Wallboard }) {
  const texts = useTexts();
  const contacts = Object.values(board.contacts).sort((a, b) => Date.parse(a.started_at) - Date.parse(b.started_at));
  return (
    <section className="card" aria-labelledby="contacts-title">
      <header className="card-head">
        <Icon name="phone" />
        <h2 id="contacts-title">{texts.say("board.contacts_title")}</h2>
        <span className="soft small card-head-end">{contacts.length}</span>
      </header>
      {contacts.length === 0 && <Empty icon="phone">{texts.say("board.no_contacts")}</Empty>}
      <ul className="rows">
        {contacts.map((contact) => (
          <Contact key={contact.id} contact={contact} board={board} busy={busy} seen={seen} onSee={onSee} />
        ))}
      </ul>
    </section>
  );
}

interface Props extends Seeing {
  readonly contact: ContactView;
  readonly board: Wallboard;
}

function Contact({ contact, board, busy, seen, onSee }: Props) {
  const texts = useTexts();
  const agent = contact.agent ? board.agents[contact.agent]?.name : undefined;
  const queue = contact.queue ? board.queues[contact.queue]?.name : undefined;
  const other = contact.direction === "outbound" ? contact.called : contact.caller;
  const written = other === null ? texts.say("contact.withheld") : phone(other);
  const number = contact.direction === "internal" ? `${written} → ${phone(contact.called)}` : written;
  return (
    <li className="row row-contact">
      <Icon name={contact.direction === "outbound" ? "out" : "in"} />
      <div className="row-main">
        <p className="row-title numbers">{number}</p>
        <p className="soft small">{[queue, agent].filter(Boolean).join(" · ") || texts.say(`language.${contact.language}`)}</p>
      </div>
      {board.pages[contact.id]?.tiers.view && (
        <button
          type="button"
          id={`see-${contact.id}`}
          className="button button-small"
          aria-label={texts.say("board.see_page_of", { who: number })}
          aria-pressed={seen === contact.id}
          disabled={busy}
          onClick={() => onSee(contact.id)}
        >
          <Icon name="eye" />
          {texts.say("board.see_page")}
        </button>
      )}
      <span className={CHIPS[contact.state]}>{texts.say(`contact.state.${contact.state}`)}</span>
      <p className="row-end soft small">
        <Elapsed since={contact.started_at} skew={board.skew} />
      </p>
    </li>
  );
}
