// What a page loads that shares itself without the widget.

export { isUnderWay } from "./memory";
export { startSharing } from "./start";
