// What outlives a page load in this tab.

const UNDER_WAY = "comptoir.cobrowse";
const TAB = "comptoir.tab";

/** Whether the page before this one was shared, so that this one goes on. */
export function isUnderWay(): boolean {
  return read(UNDER_WAY) === "1";
}

export function rememberUnderWay(): void {
  write(UNDER_WAY, "1");
}

export function forgetUnderWay(): void {
  write(UNDER_WAY, "");
}

export function tabId(): string {
  const known = read(TAB);
  if (known !== "") {
    return known;
  }
  const made = Math.random().toString(36).slice(2);
  write(TAB, made);
  return made;
}

function read(key: string): string {
  try {
    return sessionStorage.getItem(key) ?? "";
  } catch {
    return "";
  }
}

function write(key: string, value: string): void {
  try {
    sessionStorage.setItem(key, value);
  } catch {
    // Storage is closed to this page: it is asked again after the next load.
  }
}
