import { h, icon, ICONS } from "./dom";
import type { AgentMessage } from "./live";
import type { Say } from "./texts";

export interface OfferOptions {
  readonly say: Say;
  readonly offer: () => void;
}

/** Beside whatever the panel shows, while an agent speaks with this customer: the way to show them the page. */
export function offerPart({ say, offer }: OfferOptions, { agent, kept }: AgentMessage, failed: boolean): HTMLElement {
  const label = agent ? say("share.offer", { agent }) : say("share.offer_agent");
  const hint = h("small", {}, say(kept ? "share.hint_kept" : "share.hint"));
  const press = () => {
    button.disabled = true;
    problem.textContent = "";
    offer();
  };
  const button = h("button", { type: "button", class: "entry", onclick: press }, icon(ICONS.eye), h("span", {}, h("b", {}, label), hint));
  const problem = h("p", { class: "problem", role: "alert" }, failed && say("share.none"));
  return h("div", { class: "offer" }, button, problem);
}
