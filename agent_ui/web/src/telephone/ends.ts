import type { CallEnd } from "./types";

/** What is known about the end of a call. */
export interface Ending {
  readonly direction: "in" | "out";
  readonly answered: boolean;
  /** Who ended it. */
  readonly by: "local" | "remote" | "system";
  /** The final response to our INVITE, if that ended it. */
  readonly status: number | null;
}

const BY_STATUS: Readonly<Record<number, CallEnd>> = {
  401: "forbidden",
  403: "forbidden",
  404: "not_found",
  407: "forbidden",
  408: "no_answer",
  410: "not_found",
  429: "forbidden",
  480: "not_found",
  484: "not_found",
  486: "busy",
  487: "here",
  600: "busy",
  603: "busy",
  604: "not_found",
};

/** Why a call ended, in the words of `CallEnd`. */
export function endOf({ direction, answered, by, status }: Ending): CallEnd {
  if (status !== null && status >= 300) return BY_STATUS[status] ?? "failed";
  if (by === "local") return "here";
  // They answered, and we could make nothing of it: nearly always an answer without a way for the audio.
  if (status !== null && status >= 200 && !answered) return "blocked";
  if (by === "system") return "failed";
  return answered || direction === "out" ? "there" : "canceled";
}
