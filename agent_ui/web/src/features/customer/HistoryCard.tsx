import type { CdrView, ContactFile } from "../../contract/contract";
import { clock, when } from "../../format/time";
import { useTexts } from "../../i18n/context";
import { Empty } from "../../ui/Empty";
import { Icon } from "../../ui/Icon";
import { useNow } from "../../ui/useNow";
import type { Desk } from "../desk/model";
import { Disposition } from "./Disposition";

/** What this customer called about before. */
export function HistoryCard({ file, desk }: { readonly file: ContactFile; readonly desk: Desk }) {
  const texts = useTexts();
  return (
    <section className="card" aria-labelledby="history-title">
      <header className="card-head">
        <Icon name="history" />
        <h2 id="history-title">{texts.say("history.title")}</h2>
      </header>
      {file.history === null && <Empty icon="warning">{texts.say("history.away")}</Empty>}
      {file.history?.length === 0 && <Empty icon="history">{texts.say("history.none")}</Empty>}
      <ul className="rows">
        {file.history?.map((cdr) => (
          <Past key={cdr.contact} cdr={cdr} desk={desk} />
        ))}
      </ul>
    </section>
  );
}

function Past({ cdr, desk }: { readonly cdr: CdrView; readonly desk: Desk }) {
  const texts = useTexts();
  const now = useNow(desk.skew, 60_000);
  return (
    <li className="row">
      <Icon name={cdr.direction === "outbound" ? "out" : "in"} />
      <div className="row-main">
        <p className="row-title">
          {when(cdr.started_at, now, texts.language)}
          {cdr.agent && <span className="soft"> · {texts.say("history.with", { agent: desk.names[cdr.agent] ?? cdr.agent })}</span>}
        </p>
        {cdr.note && <p className="soft small history-note">{cdr.note}</p>}
      </div>
      <Disposition cdr={cdr} dispositions={desk.dispositions} />
      <p className="row-end soft small numbers">{cdr.talk_seconds === null ? "–" : clock(cdr.talk_seconds)}</p>
    </li>
  );
}
