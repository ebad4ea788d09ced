import { useId } from "react";

import type { TimelineEntry } from "../../contract/contract";
import { useTexts } from "../../i18n/context";
import { when } from "../../format/time";
import { Icon, type IconName } from "../../ui/Icon";
import { useNow } from "../../ui/useNow";
import type { Desk } from "../desk/model";
import { kindOf, type Kind } from "./model";
import { lineOf } from "./words";

const ICONS: Readonly<Record<Kind, IconName>> = {
  call: "phone",
  page: "globe",
  cobrowse: "person",
  cart: "cart",
  recording: "record",
  order: "parcel",
};

/** What has happened in the contact, the last thing first. It keeps its height, so that nothing moves as it grows. */
export function TimelineCard({ entries, desk }: { readonly entries: readonly TimelineEntry[]; readonly desk: Desk }) {
  const texts = useTexts();
  const now = useNow(desk.skew, 60_000);
  const title = useId();
  return (
    <section className="card timeline" aria-labelledby={title}>
      <header className="card-head">
        <Icon name="clock" />
        <h2 id={title}>{texts.say("timeline.title")}</h2>
      </header>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls is reached by the keyboard, too */}
      <div className="timeline-all" tabIndex={0} role="group" aria-labelledby={title}>
        <ol reversed className="small">
          {entries.toReversed().map((entry) => (
            <li key={entry.id} data-kind={kindOf(entry)} data-actor={entry.actor_kind}>
              <Icon name={ICONS[kindOf(entry)]} />
              <span className="timeline-what">{lineOf(entry, desk.names, texts) ?? entry.what}</span>
              <time className="soft numbers" dateTime={entry.at}>
                {when(entry.at, now, texts.language)}
              </time>
            </li>
          ))}
        </ol>
      </div>
    </section>
  );
}
