import { useEffect, useRef } from "react";

import type { RecordedContact } from "../../contract/contract";
import { phone } from "../../format/phone";
import { clock, when } from "../../format/time";
import { useTexts } from "../../i18n/context";
import { Icon, type IconName } from "../../ui/Icon";
import { useNow } from "../../ui/useNow";
import { whoOf } from "./who";

const ICONS: Readonly<Record<RecordedContact["kind"], IconName>> = { call: "phone", voicemail: "mail", page: "eye" };

interface Props {
  readonly contact: RecordedContact;
  readonly busy: boolean;
  /** Whether it was open until now: the keyboard goes on from here. */
  readonly focused: boolean;
  readonly onOpen: () => void;
}

export function RecordedRow({ contact, busy, focused, onOpen }: Props) {
  const texts = useTexts();
  const now = useNow(0, 60_000);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (focused) button.current?.focus();
  }, [focused]);
  const moment = when(contact.started_at, now, texts.language);
  const who = whoOf(contact, texts);
  const number = contact.customer_name && contact.number ? phone(contact.number) : null;
  const playable = contact.heard || (contact.replay && !contact.running);
  return (
    <li className="row recorded">
      <Icon name={ICONS[contact.kind]} />
      <div className="row-main">
        <p className="row-title">{who}</p>
        <p className="soft small">{[number, contact.queue, contact.agent_name].filter(Boolean).join(" · ")}</p>
      </div>
      <span className="recorded-chips">
        <span className="chip">{texts.say(`recordings.kind.${contact.kind}`)}</span>
        {contact.replay && contact.kind !== "page" && <span className="chip chip-accent">{texts.say("recordings.with_page")}</span>}
        {contact.running && <span className="chip chip-warning">{texts.say("recordings.running")}</span>}
        {!playable && !contact.running && <span className="chip chip-danger">{texts.say("recordings.cut_off")}</span>}
      </span>
      <p className="recorded-time soft small numbers">
        {moment} · {clock(contact.seconds)}
      </p>
      <button
        ref={button}
        type="button"
        className="button button-small"
        aria-label={texts.say("recordings.open", { who, when: moment })}
        disabled={busy || !playable}
        onClick={onOpen}
      >
        <Icon name="right" />
        {texts.say("recordings.play")}
      </button>
    </li>
  );
}
