import { createApi } from "./api";
import type { CallChunk } from "./call/types";
import { createCalls } from "./calls";
import { loadChunk } from "./chunk";
import { h } from "./dom";
import { openLive, type AgentMessage, type Live, type LiveMessage } from "./live";
import { createMemory, type Remembered } from "./memory";
import { createShare, type ShareChunk } from "./share";
import { callbackView, codeView, menuView, type View } from "./menu";
import { offerPart } from "./offer";
import { pageMessage } from "./page";
import type { Tag } from "./script";
import { createShell } from "./shell";
import { listenToShop, tellShop } from "./shop";
import { sayer } from "./texts";

const CLOCK_MS = 1000;

/** Starts the widget: with what the tab remembers at once, else when the server has given a session. */
export async function startWidget(tag: Tag): Promise<void> {
  const memory = createMemory(() => sessionStorage);
  const api = createApi(tag, memory);
  const early = memory.get();
  const known = api.fits(early) ? early : await api.open();
  run(tag, known, memory, api);
}

function run(tag: Tag, known: Remembered, memory: ReturnType<typeof createMemory>, api: ReturnType<typeof createApi>): void {
  const say = sayer(known.texts);
  const joined = new Set<() => void>();
  let step = tag.step;
  let cart: object | null = tag.cart ? { type: "cart", ...tag.cart } : null;
  let order: string | null = null;
  let live: Live | null = null;
  let helper: AgentMessage = { agent: null, kept: false };
  let clock = 0;
  let offering = false;

  const calls = createCalls({
    say,
    api,
    memory,
    load: () => loadChunk(tag.base + CALL_CHUNK, CALL_INTEGRITY, tag.nonce) as Promise<CallChunk>,
    changed: showLauncher,
    showCall: () => {
      if (shell.isOpen()) openCall(false);
    },
    showCallback: () => open(callbackView(say, api), true),
  });
  const share = createShare({
    base: tag.base,
    language: known.language,
    load: () => loadChunk(tag.base + SHARE_CHUNK, SHARE_INTEGRITY, tag.nonce) as Promise<ShareChunk>,
    token: async () => (memory.get() ?? (await api.open())).token,
    changed: () => {
      // The page is what is to be looked at now.
      if (share.isShown() && offering) shell.hide();
      offering = false;
      showOffer();
    },
    failed: () => {
      offering = false;
      showOffer(true);
    },
  });
  const shell = createShell({
    tag,
    language: known.language,
    say,
    opened: () => openFirst(),
    closed: () => rememberOpen(false),
    back: () => openMenu(),
  });

  function open(view: View, back: boolean, focus = true): void {
    shell.show(view, { back, small: calls.isLive(), focus });
    if (order) showOrder(order);
    showOffer();
    rememberOpen(true);
  }

  function openFirst(): void {
    if (calls.isLive()) openCall(true);
    else openMenu();
  }

  function openMenu(): void {
    const canCall = "RTCPeerConnection" in window && isSecureContext;
    open(menuView({ say, api, phone: known.phone, canCall, call, callback, code }), false);
  }

  function callback(): void {
    open(callbackView(say, api), true);
  }

  function code(): void {
    const onJoined = (told: () => void) => {
      joined.add(told);
      return () => joined.delete(told);
    };
    open(codeView({ say, api, language: known.language, onJoined }), true);
  }

  function call(): void {
    calls.start();
    openCall(true);
  }

  /** The call's view, or while its part is loaded a line that says so. */
  function openCall(focus: boolean): void {
    const waiting = () => h("p", { class: "line" }, calls.line()?.words ?? "");
    open(calls.view() ?? { root: waiting(), title: "call.title" }, false, focus);
  }

  function rememberOpen(isOpen: boolean): void {
    const remembered = memory.get()?.call;
    if (remembered) memory.change({ call: { ...remembered, open: isOpen } });
  }

  function showLauncher(): void {
    const line = calls.line();
    if (!calls.isLive()) {
      shell.launcher(say("open"), false, "");
      if (line) shell.header({ back: true, small: false });
      window.clearInterval(clock);
      clock = 0;
    } else if (line) {
      shell.launcher(say(line.soundBlocked ? "call.hear" : "open.in_call"), true, line.lasted);
      clock ||= window.setInterval(showLauncher, CLOCK_MS);
    }
    if (line) shell.announce(line.words);
  }

  function took(message: LiveMessage): void {
    switch (message.type) {
      case "hello":
        calls.contact(message.call);
        if (message.helper) takeHelper(message.helper);
        return;
      case "agent":
        takeHelper(message);
        return;
      case "call":
        calls.contact(message);
        return;
      case "joined":
        joined.forEach((told) => told());
        shell.announce(say("code.joined"));
        return;
      case "cobrowse":
        share.start();
        return;
      case "cart":
        tellShop("cart", message);
        return;
      case "order":
        tellShop("order", message);
        tookOrder(message.url);
    }
  }

  /** The agent has prepared the order. A link of another origin is none of the shop's. */
  function tookOrder(url: string | undefined): void {
    const place = new URL(url ?? "", location.href);
    order = place.origin === location.origin && url ? place.href : null;
    if (!order) return;
    shell.announce(say("order.title"));
    if (!shell.isOpen()) openFirst();
    else showOrder(order);
  }

  function showOrder(href: string): void {
    shell.body.querySelector(".order")?.remove();
    const link = h("a", { class: "plain main", href }, say("order.review"));
    shell.body.prepend(h("div", { class: "order" }, h("b", {}, say("order.title")), link));
  }

  function takeHelper({ agent, kept }: AgentMessage): void {
    if (agent === helper.agent && kept === helper.kept) return;
    helper = { agent, kept };
    showOffer();
  }

  /** Beside the panel's part, as long as somebody could see the page and does not. */
  function showOffer(failed = false): void {
    shell.body.querySelector(".offer")?.remove();
    if (!shell.isOpen() || helper.agent === null || share.isShown()) return;
    const offer = () => {
      offering = true;
      share.offer();
    };
    const part = offerPart({ say, offer }, helper, failed);
    // Whoever speaks already has not come to call; in a call, its controls come first.
    if (calls.isLive()) shell.body.append(part);
    else shell.body.prepend(part);
  }

  const page = () => pageMessage(location.href, document.title, step);
  /** Only the page in front says where the customer is. */
  const sayWhere = () => {
    if (document.visibilityState === "visible") live?.send(page());
  };

  function connect(): void {
    const url = new URL("live", tag.base);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    live = openLive({
      url: url.href,
      token: async (renew) => ((renew ? null : memory.get()) ?? (await api.open())).token,
      greet: () => [...(document.visibilityState === "visible" ? [page()] : []), ...(cart ? [cart] : [])],
      message: took,
    });
  }

  shell.attach();
  connect();
  listenToShop({
    cart: (message) => {
      cart = message;
      live?.send(message);
    },
    customer: (customer) => {
      if ((customer?.id ?? null) === (memory.get()?.customer ?? null)) return;
      void api.become(customer).then(reconnect, () => undefined);
    },
    page: (next) => {
      step = next;
      sayWhere();
    },
    open: openFirst,
    close: shell.hide,
    call,
  });

  function reconnect(): void {
    live?.stop();
    connect();
  }

  document.addEventListener("visibilitychange", sayWhere);
  followMoves(sayWhere);
  addEventListener("pagehide", () => {
    calls.leave();
    share.leave();
    live?.stop();
  });
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    connect();
    calls.resume();
    share.resume();
  });
  share.resume();
  if (memory.get()?.call) {
    const shown = memory.get()?.call?.open;
    calls.resume();
    if (shown) openCall(false);
  }
}

/** Pages that change their address without a load. */
function followMoves(moved: () => void): void {
  const navigation = (window as { navigation?: EventTarget }).navigation;
  if (navigation) navigation.addEventListener("currententrychange", moved);
  else addEventListener("popstate", moved);
}
