import type { AgentView, Choice } from "../../contract/contract";
import { useTexts } from "../../i18n/context";

/** The pause reason of an agent whom the system paused. */
export const MISSED_OFFERS = "missed_offers";

/** A status in words: a break by its reason. */
export function useStatusWords(reasons: readonly Choice[]): (agent: AgentView) => string {
  const texts = useTexts();
  return (agent) => {
    const reason = reasons.find((one) => one.id === agent.pause_reason);
    if (agent.status === "on_break" && reason) return texts.pick(reason.labels);
    return texts.say(`status.${agent.status}`);
  };
}
