// What the widget does: loads the customer's side, when this page is to be shared.
const key = "test.visitor";
window.over = "";
window.share = async (visitor, offer = false) => {
  sessionStorage.setItem(key, JSON.stringify(visitor));
  const { startSharing } = await import("/capture.js");
  window.shared = startSharing({
    url: visitor.url,
    token: () => visitor.token,
    language: visitor.language ?? "en",
    offer,
    over: (reason) => (window.over = reason),
  });
  window.leave = window.shared.leave;
};
const known = sessionStorage.getItem(key);
if (known && sessionStorage.getItem("comptoir.cobrowse") === "1") {
  void window.share(JSON.parse(known));
}
