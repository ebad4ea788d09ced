import type { Person } from "../../contract/contract";
import { useTexts } from "../../i18n/context";
import { CommandButton } from "../session/Command";
import { EVERYTHING, type Wanted } from "./useRecordings";

interface Props {
  readonly agents: readonly Person[];
  readonly wanted: Wanted;
  readonly want: (wanted: Wanted) => void;
  readonly typed: string;
  readonly onTyped: (typed: string) => void;
}

export function Filters({ agents, wanted, want, typed, onTyped }: Props) {
  const texts = useTexts();
  return (
    <search className="recordings-filters" aria-label={texts.say("recordings.filter")}>
      <div className="field">
        <label htmlFor="recordings-text">{texts.say("recordings.text")}</label>
        <input
          id="recordings-text"
          className="input"
          type="search"
          autoComplete="off"
          value={typed}
          onChange={(event) => onTyped(event.target.value)}
        />
      </div>
      <div className="field">
        <label htmlFor="recordings-day">{texts.say("recordings.day")}</label>
        <input
          id="recordings-day"
          className="input"
          type="date"
          value={wanted.day}
          onChange={(event) => want({ ...wanted, day: event.target.value })}
        />
      </div>
      <div className="field">
        <label htmlFor="recordings-agent">{texts.say("recordings.agent")}</label>
        <select
          id="recordings-agent"
          className="input"
          value={wanted.agent}
          onChange={(event) => want({ ...wanted, agent: event.target.value })}
        >
          <option value="">{texts.say("recordings.all_agents")}</option>
          {agents.map((agent) => (
            <option key={agent.id} value={agent.id}>
              {agent.name}
            </option>
          ))}
        </select>
      </div>
      <CommandButton kind="quiet" pressed={wanted.day === ""} onClick={() => want({ ...wanted, day: EVERYTHING.day })}>
        {texts.say("recordings.last_week")}
      </CommandButton>
    </search>
  );
}
