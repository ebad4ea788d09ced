import type { AgentView } from "../../contract/contract";
import { useTexts } from "../../i18n/context";
import { Elapsed } from "../../ui/Elapsed";
import { Empty } from "../../ui/Empty";
import { Icon } from "../../ui/Icon";
import { useStatusWords } from "../desk/status";
import type { Wallboard } from "./model";
import { inOrder } from "./order";

export function Agents({ board }: { readonly board: Wallboard }) {
  const texts = useTexts();
  const agents = inOrder(Object.values(board.agents));
  return (
    <section className="card" aria-labelledby="agents-title">
      <header className="card-head">
        <Icon name="people" />
        <h2 id="agents-title">{texts.say("board.agents_title")}</h2>
        <span className="soft small card-head-end">{agents.length}</span>
      </header>
      {agents.length === 0 && <Empty icon="people">{texts.say("board.no_agents")}</Empty>}
      <ul className="rows">
        {agents.map((agent) => (
          <Agent key={agent.id} agent={agent} board={board} />
        ))}
      </ul>
    </section>
  );
}

function Agent({ agent, board }: { readonly agent: AgentView; readonly board: Wallboard }) {
  const texts = useTexts();
  const words = useStatusWords(board.pauseReasons);
  const busy = agent.state !== "idle";
  const dot = busy ? "dot dot-busy" : agent.status === "available" ? "dot dot-good" : "dot";
  return (
    <li className="row">
      <span className={dot} />
      <div className="row-main">
        <p className="row-title">{agent.name}</p>
        <p className="soft small">
          {words(agent)}
          {!agent.phone_registered && (
            <span className="board-warning"> · {texts.say("board.no_phone")}</span>
          )}
        </p>
      </div>
      <p className="row-end small">
        {busy && texts.say(`state.${agent.state}`)}
        {!busy && agent.status === "available" && texts.say("state.idle")}
        <br />
        <span className="soft">
          <Elapsed since={busy ? agent.state_since : agent.status_since} skew={board.skew} />
        </span>
      </p>
    </li>
  );
}
