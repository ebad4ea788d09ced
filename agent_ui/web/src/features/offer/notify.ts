/** Tells of an offer outside of the page, while the page is not looked at; gives what takes that away. */
export function notify(offer: string, title: string, body: string): () => void {
  if (!("Notification" in window) || Notification.permission !== "granted" || !document.hidden) return () => undefined;
  try {
    const shown = new Notification(title, { body, tag: offer, icon: "/static/mark.svg", requireInteraction: true });
    shown.onclick = () => {
      window.focus();
      shown.close();
    };
    return () => shown.close();
  } catch {
    // Some mobile browsers allow notifications from service workers only.
    return () => undefined;
  }
}
