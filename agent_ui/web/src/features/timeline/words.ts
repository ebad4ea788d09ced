import type { TimelineEntry } from "../../contract/contract";
import type { Texts } from "../../i18n/texts";
import { changeIn } from "../cart/words";

/** A line of the timeline as a sentence; null for what nobody has words for. */
export function lineOf(entry: TimelineEntry, names: Readonly<Record<string, string>>, texts: Texts): string | null {
  const who = whoIn(entry, names, texts);
  if (entry.what.startsWith("cart.")) {
    const change = changeIn({ ...entry, action: entry.what }, texts);
    return change === null ? null : upper(`${who} ${change}`, texts);
  }
  const { tier, title, url, to, ...rest } = entry.details;
  const values = { ...rest, who, page: title ?? pathOf(url) ?? texts.say("cart.untitled"), to: names[String(to)] ?? "" };
  const said = texts.find(`timeline.${entry.what}.${tier}`, values) ?? texts.find(`timeline.${entry.what}`, values);
  return said === undefined ? null : upper(said, texts);
}

/** Everybody by name: a sentence about “you” would need words of its own. */
function whoIn(entry: TimelineEntry, names: Readonly<Record<string, string>>, texts: Texts): string {
  if (entry.actor_kind !== "agent") return texts.say(`cart.who.${entry.actor_kind}`);
  return names[entry.actor] ?? (entry.actor || texts.say("timeline.somebody"));
}

function pathOf(url: string | number | undefined): string | undefined {
  return url === undefined ? undefined : String(url).replace(/^https?:\/\//, "");
}

function upper(sentence: string, texts: Texts): string {
  return sentence.charAt(0).toLocaleUpperCase(texts.language) + sentence.slice(1);
}
