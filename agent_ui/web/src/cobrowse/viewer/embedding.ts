// What the desk and the embedded viewer say to each other.

import type { State, ToViewer } from "../protocol";
import type { Tool } from "./tools";

export type ToViewerDocument =
  | { type: "ticket"; ticket: string }
  | { type: "say"; message: object }
  | { type: "tool"; tool: Tool }
  | { type: "clear" }
  | { type: "close" };

export type FromViewer =
  | { type: "ticket_please" }
  | { type: "link"; up: boolean }
  | { type: "told"; message: ToViewer | State };
