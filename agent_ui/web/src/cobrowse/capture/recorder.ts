// The recorder, as this product runs it.

import { record } from "@rrweb/record";

import { EVENT, type RecordedEvent, SENT } from "../protocol";
import type { Echoes } from "./echoes";
import { Scrub } from "./scrub";
import { openPopovers, watchPopovers } from "./popovers";
import { isField, isShared, MASK, type MaskPolicy } from "./sensitive";

export const BLOCKED =
  '[autocomplete^="cc-"],[data-cc-block],[contenteditable]:not([contenteditable="false"]),.card-preview,' +
  "iframe.psp,iframe[data-cc-pay],object,embed,applet";

export interface Recorder {
  snapshot(): void;
  stop(): void;
}

export function nodeOf(id: number): Node | null {
  return record.mirror.getNode(id);
}

export function idOf(node: Node): number {
  return record.mirror.getId(node);
}

function isSent({ type, data }: RecordedEvent): boolean {
  const source = (data as { source?: number } | null)?.source ?? -1;
  return type === EVENT.FULL || type === EVENT.META || (type === EVENT.INCREMENTAL && SENT.has(source));
}

/** Records until stopped; `emit` gets events that hide what must be hidden. */
export function startRecorder(policy: MaskPolicy, echoes: Echoes, emit: (event: RecordedEvent) => void): Recorder {
  const scrub = new Scrub(nodeOf, policy, echoes);
  const mask = (text: string, element?: HTMLElement) =>
    element && isField(element) && isShared(element, policy) ? text : text === "" ? "" : MASK;
  const stop = record({
    emit: (event) => {
      const taken = event as RecordedEvent;
      if (isSent(taken)) {
        for (const one of scrub.event(taken, idOf)) {
          emit(one);
        }
        if (taken.type === EVENT.FULL) {
          openPopovers(idOf).forEach(emit);
        }
      }
    },
    recordAfter: "DOMContentLoaded",
    // Keyed by tag: hidden inputs and every type to come are masked too.
    maskInputOptions: { input: true, textarea: true, select: true } as object,
    maskInputFn: mask,
    maskTextSelector: "[data-cc-mask]",
    maskTextFn: (text) => (text.trim() === "" ? text : MASK),
    blockSelector: BLOCKED,
    slimDOMOptions: "all",
    inlineStylesheet: true,
    inlineImages: false,
    collectFonts: false,
    recordCanvas: false,
    recordCrossOriginIframes: false,
    sampling: { mousemove: false, mouseInteraction: false, scroll: 100, media: 800 },
    userTriggeredOnInput: false,
    errorHandler: () => true,
  });
  const unwatch = watchPopovers(idOf, emit);
  return {
    snapshot: () => record.takeFullSnapshot(true),
    stop: () => {
      unwatch();
      stop?.();
    },
  };
}
