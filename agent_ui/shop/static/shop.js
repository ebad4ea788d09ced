// What is nicer with a script. Everything works without this file.
"use strict";
{
  /** Replace the parts of the page that show the cart by those of the page as it is now. */
  const refresh = async () => {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return location.reload();
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of document.querySelectorAll("[data-live]")) {
      const now = fresh.getElementById(part.id);
      if (now && !part.contains(document.activeElement)) part.replaceWith(document.adoptNode(now));
      else if (now) part.addEventListener("focusout", () => part.replaceWith(now), { once: true });
    }
  };

  let waiting = 0;
  // The widget says so when an agent has changed the cart.
  document.addEventListener("comptoir:cart", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => void refresh(), 50);
  });

  // The payment frame says that a card was accepted.
  const frame = document.querySelector(".payment-frame");
  if (frame) {
    window.addEventListener("message", (event) => {
      if (event.source !== frame.contentWindow || event.origin !== frame.dataset.origin) return;
      const token = event.data && event.data.token;
      if (typeof token === "string") {
        location.assign(`${frame.dataset.back}?token=${encodeURIComponent(token)}`);
      }
    });
  }

  // A second press of "place order" would be the same order anyway; this only shows that it was pressed.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-once]")) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    form.querySelector("button").setAttribute("aria-disabled", "true");
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("[data-once]")) {
      delete form.dataset.sent;
      form.querySelector("button").removeAttribute("aria-disabled");
    }
  });
}
