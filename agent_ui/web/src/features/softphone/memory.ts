/**
 * Which contact's call is in this browser's page. It outlives the page: one that is loaded anew, or another tab that
 * takes the telephone, takes that call back, and no other (the agent may be in a call on a desk phone).
 */
export function rememberCall(username: string, contact: string | null, storage: Storage = window.localStorage): void {
  if (contact === null) storage.removeItem(keyOf(username));
  else storage.setItem(keyOf(username), contact);
}

export function keepsCall(username: string, contact: string, storage: Storage = window.localStorage): boolean {
  return storage.getItem(keyOf(username)) === contact;
}

function keyOf(username: string): string {
  return `comptoir.softphone.${username}.call`;
}
