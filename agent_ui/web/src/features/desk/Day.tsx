import { useEffect, useState } from "react";

import type { RecentContact } from "../../contract/contract";
import { phone } from "../../format/phone";
import { clock, when } from "../../format/time";
import { useTexts } from "../../i18n/context";
import { Empty } from "../../ui/Empty";
import { Icon } from "../../ui/Icon";
import { useNow } from "../../ui/useNow";
import { Disposition } from "../customer/Disposition";
import { useExplain, useSession } from "../session/context";
import { figuresOf, type Figures } from "./figures";
import type { Desk } from "./model";
import { otherEnd } from "./who";

const SHOWN = 15;

type Reading = { readonly contacts: readonly RecentContact[] } | { readonly problem: string } | null;

/** An agent's own day: figures, and the contacts behind them. Read again after each contact. */
export function Day({ desk }: { readonly desk: Desk }) {
  const texts = useTexts();
  const { api } = useSession();
  const explain = useExplain();
  const [reading, setReading] = useState<Reading>(null);
  const now = useNow(desk.skew, 30_000);
  const readable = desk.ready && desk.link;
  useEffect(() => {
    if (!readable) return;
    let wanted = true;
    api
      .recent()
      .then((contacts) => wanted && setReading({ contacts }))
      .catch((error: unknown) => wanted && setReading({ problem: explain(error) }));
    return () => {
      wanted = false;
    };
    // Only a new connection or the end of a contact (which mounts this again) is a reason to read.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [readable, api]);
  const contacts = reading && "contacts" in reading ? reading.contacts : [];
  return (
    <div className="day">
      <section aria-labelledby="day-title">
        <h2 id="day-title" className="side-title">
          {texts.say("day.title")}
        </h2>
        <Tiles figures={figuresOf(contacts, now)} known={reading !== null && "contacts" in reading} />
      </section>
      <section className="card" aria-labelledby="recent-title">
        <header className="card-head">
          <Icon name="history" />
          <h2 id="recent-title">{texts.say("recent.title")}</h2>
        </header>
        <Recent reading={reading} desk={desk} now={now} />
      </section>
    </div>
  );
}

function Tiles({ figures, known }: { readonly figures: Figures; readonly known: boolean }) {
  const texts = useTexts();
  const time = (seconds: number | null) => (known && seconds !== null ? clock(seconds) : "–");
  const tiles = [
    { key: "day.handled", value: known ? String(figures.handled) : "–" },
    { key: "day.average_talk", value: time(figures.averageTalk) },
    { key: "day.longest_talk", value: time(figures.longestTalk) },
    { key: "day.talk_time", value: time(figures.talkTime) },
  ] as const;
  return (
    <dl className="tiles">
      {tiles.map(({ key, value }) => (
        <div key={key} className="tile card">
          <dt className="soft small">{texts.say(key)}</dt>
          <dd className="tile-value numbers">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Recent({ reading, desk, now }: { readonly reading: Reading; readonly desk: Desk; readonly now: number }) {
  const texts = useTexts();
  if (reading === null) return <div className="recent-loading" />;
  if ("problem" in reading) return <Empty icon="warning">{reading.problem}</Empty>;
  if (reading.contacts.length === 0) return <Empty icon="history">{texts.say("recent.none")}</Empty>;
  return (
    <ul className="rows">
      {reading.contacts.slice(0, SHOWN).map(({ cdr, customer_name }) => {
        const number = otherEnd(cdr, desk.me);
        const name = customer_name ?? (number === null ? undefined : desk.names[number]);
        const written = number === null ? texts.say("contact.withheld") : phone(number);
        return (
          <li key={cdr.contact} className="row">
            <Icon name={number === cdr.called ? "out" : "in"} />
            <div className="row-main">
              <p className="row-title">{name ?? written}</p>
              {name && <p className="soft small numbers">{written}</p>}
            </div>
            <Disposition cdr={cdr} dispositions={desk.dispositions} />
            <p className="row-end soft small numbers">
              {when(cdr.started_at, now, texts.language)}
              <br />
              {cdr.talk_seconds === null ? "–" : clock(cdr.talk_seconds)}
            </p>
          </li>
        );
      })}
    </ul>
  );
}
