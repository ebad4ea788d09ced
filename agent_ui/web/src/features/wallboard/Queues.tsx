import type { QueueView } from "../../contract/contract";
import { numbersIn } from "../../format/formats";
import { clock } from "../../format/time";
import { useTexts } from "../../i18n/context";
import { Elapsed } from "../../ui/Elapsed";
import { Empty } from "../../ui/Empty";
import type { Wallboard } from "./model";

const sharesIn = numbersIn({ style: "percent" });

export function Queues({ board }: { readonly board: Wallboard }) {
  const texts = useTexts();
  const queues = Object.values(board.queues).sort((a, b) => a.name.localeCompare(b.name));
  return (
    <section aria-labelledby="queues-title">
      <h2 id="queues-title" className="side-title">
        {texts.say("board.queues")}
      </h2>
      {queues.length === 0 && (
        <div className="card">
          <Empty icon="people">{texts.say("board.no_queues")}</Empty>
        </div>
      )}
      <ul className="board-queues">
        {queues.map((queue) => (
          <Queue key={queue.id} queue={queue} skew={board.skew} />
        ))}
      </ul>
    </section>
  );
}

function Queue({ queue, skew }: { readonly queue: QueueView; readonly skew: number }) {
  const texts = useTexts();
  const share = (value: number | null) => (value === null ? "–" : sharesIn(texts.language).format(value));
  const time = (value: number | null) => (value === null ? "–" : clock(value));
  return (
    <li className="card board-queue" data-waiting={queue.waiting > 0}>
      <h3>{queue.name}</h3>
      <p className="board-waiting">
        <span className="board-figure numbers">{queue.waiting}</span>
        <span className="soft small">
          {texts.say("board.waiting")}
          {queue.longest_wait_since !== null && queue.waiting > 0 && (
            <>
              <br />
              {texts.say("board.longest")} <Elapsed since={queue.longest_wait_since} skew={skew} />
            </>
          )}
        </span>
      </p>
      <dl className="board-facts numbers">
        <Fact label={texts.say("board.agents")} value={`${queue.agents_available} / ${queue.agents_busy} / ${queue.agents_on_break}`} />
        <Fact label={texts.say("board.service_level")} value={share(queue.service_level)} />
        <Fact label={texts.say("board.speed_of_answer")} value={time(queue.average_speed_of_answer)} />
        <Fact label={texts.say("board.handle_time")} value={time(queue.average_handle_time)} />
        <Fact label={texts.say("board.answered")} value={String(queue.answered)} />
        <Fact label={texts.say("board.abandoned")} value={String(queue.abandoned)} />
        <Fact label={texts.say("board.callbacks")} value={String(queue.callbacks)} />
      </dl>
    </li>
  );
}

function Fact({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}
