import { h, icon, ICONS, set } from "../dom";
import type { CallMessage } from "../live";
import type { Key } from "../texts";
import type { CallNow, CallView, CallViewOptions } from "./types";
import { adviceOf, duration, isFailure, lineOf, wantsKeypad } from "./words";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];

/** What is shown of a call: how it stands, and what can be done. Elements stay; only their words change. */
export function callView(options: CallViewOptions): CallView {
  const { say, calling } = options;
  const line = h("p", { class: "line" });
  const time = h("p", { class: "time", "aria-hidden": "true" });
  const quality = h("p", { class: "quality" });
  const notice = h("p", { class: "notice" });
  const hear = h("button", { type: "button", class: "main", onclick: calling.playSound }, say("call.hear"));
  const mute = toggle(say("call.mute"), ICONS.microphone, () => calling.setMuted(!now?.muted));
  const keys = toggle(say("call.keys"), ICONS.keys, () => openKeypad(keypad.hidden !== false));
  const sound = toggle(say("call.devices"), ICONS.sound, () => void openSound(devices.hidden !== false));
  const hangUp = h(
    "button",
    { type: "button", class: "hangup", onclick: calling.hangUp },
    icon(ICONS.hangup),
    h("span", {}, say("call.hangup")),
  );
  const keypad = keypadOf();
  const devices = h("div", { class: "devices", hidden: true });
  const controls = h("div", { class: "controls" }, mute, keys, sound, hangUp);
  const after = h("div", { class: "after", hidden: true });
  const root = h("div", { class: "call" }, line, time, quality, notice, hear, keypad, devices, controls, after);
  let now: CallNow | null = null;
  let said = "";
  let keypadChosen = false;
  const ticking = window.setInterval(tick, 1000);

  function toggle(label: string, path: string, press: () => void): HTMLButtonElement {
    return h(
      "button",
      { type: "button", class: "round", "aria-pressed": "false", onclick: press },
      icon(path),
      h("span", {}, label),
    );
  }

  function keypadOf(): HTMLElement {
    const buttons = KEYS.map((key) =>
      h("button", { type: "button", "aria-label": say("call.key", { key }), onclick: () => calling.press(key) }, key),
    );
    const pad = h("div", { class: "keypad", role: "group", "aria-label": say("call.keys"), hidden: true }, ...buttons);
    pad.addEventListener("keydown", (event) => {
      if (!KEYS.includes(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      calling.press(event.key);
    });
    return pad;
  }

  function openKeypad(open: boolean, chosen = true): void {
    keypadChosen ||= chosen;
    keypad.hidden = !open;
    set(keys, "aria-pressed", String(open));
  }

  async function openSound(open: boolean): Promise<void> {
    devices.hidden = !open;
    set(sound, "aria-pressed", String(open));
    if (open) devices.replaceChildren(...(await choices()));
  }

  async function choices(): Promise<HTMLElement[]> {
    const found = await navigator.mediaDevices.enumerateDevices();
    const canChooseSpeaker = "setSinkId" in HTMLMediaElement.prototype;
    const made = [volume(), choice("call.microphone_choice", "audioinput", found, calling.setMicrophone)];
    if (canChooseSpeaker) made.push(choice("call.speaker", "audiooutput", found, calling.setSpeaker));
    return made;
  }

  function volume(): HTMLElement {
    const attributes = { type: "range", min: 0, max: 100, step: 5, value: (now?.volume ?? 1) * 100 };
    const range = h("input", { ...attributes, oninput: () => calling.setVolume(Number(range.value) / 100) });
    return h("label", {}, h("span", {}, say("call.volume")), range);
  }

  function choice(label: Key, kind: string, found: MediaDeviceInfo[], choose: (id: string) => void): HTMLElement {
    const select = h("select", { onchange: () => choose(select.value) }, h("option", { value: "" }, say("call.usual")));
    const named = found.filter((one) => one.kind === kind && one.label && one.deviceId !== "default");
    select.append(...named.map((one) => h("option", { value: one.deviceId }, one.label)));
    return h("label", {}, h("span", {}, say(label)), select);
  }

  function tick(): void {
    const up = now?.phase === "up" && now.since !== null;
    time.textContent = up && now?.since ? duration(Date.now() - now.since) : "";
  }

  function show(next: CallNow, contact: CallMessage | null, place: number | null): void {
    const before = now;
    now = next;
    const { key, values } = lineOf(next, contact, place);
    const words = say(key, values);
    if (words !== said) line.textContent = said = words;
    showControls(next, contact);
    showQuality(next);
    notice.textContent = noticeOf(next);
    if (next.phase === "ended" && before?.phase !== "ended") showAfter(next);
    tick();
  }

  function showControls(next: CallNow, contact: CallMessage | null): void {
    const up = next.phase === "up";
    const over = next.phase === "ended" || next.phase === "elsewhere";
    controls.hidden = over;
    mute.disabled = keys.disabled = sound.disabled = !up;
    set(mute, "aria-pressed", String(next.muted));
    hear.hidden = !next.soundBlocked || over;
    if (!up) openKeypad(false, false);
    else if (!keypadChosen) openKeypad(wantsKeypad(next, contact), false);
    if (!up) devices.hidden = true;
  }

  function showQuality(next: CallNow): void {
    const known = next.phase === "up" ? (next.lost ? "lost" : next.quality) : null;
    quality.textContent = known ? say(`quality.${known}`) : "";
    set(quality, "data-quality", known);
  }

  function noticeOf(next: CallNow): string {
    const advice = adviceOf(next);
    if (advice) return say(advice);
    if (next.phase === "starting") return say("call.microphone");
    if (next.phase !== "up") return "";
    if (next.muted) return say("call.muted");
    return next.silent || next.microphone ? say("call.silent") : "";
  }

  /** A call that never came about leaves the customer with other ways; the first is in reach of the next key. */
  function showAfter(ended: CallNow): void {
    const again = h("button", { type: "button", class: "main", onclick: options.again }, say("call.again"));
    const callBack = h("button", { type: "button", class: "plain", onclick: options.callBack }, say("callback.menu"));
    const phone = options.phone;
    const dial = phone ? h("a", { class: "plain", href: `tel:${phone}` }, say("call.phone", { number: phone })) : null;
    const failed = isFailure(ended);
    after.replaceChildren(
      again,
      ...(failed ? [h("p", {}, say("instead")), callBack] : []),
      ...(failed && dial ? [dial] : []),
    );
    after.hidden = false;
    if (root.contains((root.getRootNode() as ShadowRoot).activeElement)) again.focus();
  }

  return { root, show, stop: () => window.clearInterval(ticking) };
}
