// Whether a popover is open is no attribute, and the recorder does not tell it. It is told here as one, which only the
// mirror's element gets.

import { EVENT, POPOVER_OPEN, type RecordedEvent, SOURCE } from "../protocol";

type IdOf = (node: Node) => number;

/** The popovers that are open now, as a snapshot lacks them. */
export function openPopovers(idOf: IdOf): RecordedEvent[] {
  if (!("popover" in HTMLElement.prototype)) {
    return [];
  }
  return [...document.querySelectorAll(":popover-open")].flatMap((one) => told(one, true, idOf));
}

/** Tells what opens and closes; the returned function ends that. */
export function watchPopovers(idOf: IdOf, emit: (event: RecordedEvent) => void): () => void {
  const toggled = (event: Event) => {
    if (event.target instanceof HTMLElement && event.target.hasAttribute("popover")) {
      told(event.target, (event as ToggleEvent).newState === "open", idOf).forEach(emit);
    }
  };
  document.addEventListener("toggle", toggled, { capture: true, passive: true });
  return () => document.removeEventListener("toggle", toggled, { capture: true });
}

function told(popover: Element, open: boolean, idOf: IdOf): RecordedEvent[] {
  const id = idOf(popover);
  if (id <= 0 || popover.closest(".rr-block")) {
    return [];
  }
  const attributes = [{ id, attributes: { [POPOVER_OPEN]: open ? "" : null } }];
  const data = { source: SOURCE.MUTATION, texts: [], attributes, removes: [], adds: [] };
  return [{ type: EVENT.INCREMENTAL, timestamp: Date.now(), data }];
}
