import type { AgentView } from "../../contract/contract";

const BUSY_FIRST: readonly AgentView["state"][] = ["talking", "holding", "ringing", "reserved", "wrap_up", "idle"];
const STATUS_FIRST: readonly AgentView["status"][] = ["available", "on_break", "offline"];

/** Busy agents first, then those who could take a call, then the others. */
export function inOrder(agents: readonly AgentView[]): AgentView[] {
  const rank = (agent: AgentView) => BUSY_FIRST.indexOf(agent.state) * 10 + STATUS_FIRST.indexOf(agent.status);
  return [...agents].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}
