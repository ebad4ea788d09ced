/** What is loaded when the customer calls: the telephone with JsSIP, and the view of a call. */
export { startCall } from "./calling";
export { callView } from "./view";
