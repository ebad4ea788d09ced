// Carries out an agent's commands on the page's elements, after checking them on what is really there.

import type { Command } from "../protocol";
import { type Field, isButton, isField, isSensitive, isShared, isToggle, type MaskPolicy } from "./sensitive";
import { BLOCKED } from "./recorder";

export class Refused extends Error {}

const PAYS =
  /(?<!\p{L})(pay|place (the |your |my )?order|buy now|complete (the |your )?(order|purchase)|payer|r[ée]gler|valider (et payer|(la |ma )?commande)|confirmer (la |ma )?commande|acheter|pagar|finalizar (a )?(compra|encomenda)|confirmar (a )?(compra|encomenda)|comprar)(?!\p{L})/iu;

/** Does it, or throws Refused with one word of why. */
export function carryOut(command: Command, target: Node | null, policy: MaskPolicy): void {
  const element = target instanceof Element ? target : target?.parentElement;
  if (!element?.isConnected) {
    throw new Refused("gone");
  }
  if (element.closest(`${BLOCKED},.rr-block`)) {
    throw new Refused("masked");
  }
  switch (command.action) {
    case "click":
      click(element, command, policy);
      break;
    case "type":
      type(allowed(element, policy), command.value);
      break;
    case "choose":
      choose(allowed(element, policy), command.value);
      break;
    case "scroll":
      scroll(element, command);
      break;
    case "next":
      next(allowed(element, policy), policy);
      break;
    default:
      throw new Refused("malformed");
  }
}

function allowed(element: Element, policy: MaskPolicy): Field {
  if (!isField(element)) {
    throw new Refused("no_field");
  }
  if (isSensitive(element)) {
    throw new Refused("sensitive");
  }
  if (!isShared(element, policy)) {
    throw new Refused("masked");
  }
  if (element.disabled || ("readOnly" in element && element.readOnly)) {
    throw new Refused("read_only");
  }
  return element;
}

function click(element: Element, command: Command, policy: MaskPolicy): void {
  const label = element.closest("label");
  const reached = label?.control ?? element.closest("input,textarea,select");
  if (isField(reached) && !isButton(reached)) {
    allowed(reached, policy);
  }
  if (mayPay(element, policy)) {
    throw new Refused("pays");
  }
  uncovered(element, command);
  press(element, command);
}

/** A click reaches all elements above: none of them may pay. */
function mayPay(element: Element, policy: MaskPolicy): boolean {
  for (let one: Element | null = element; one; one = parentOf(one)) {
    if (isNamed(one, policy.pay) || one.hasAttribute("data-cc-pay")) {
      return true;
    }
    if (one.matches("button,a,[role=button],[role=link],input[type=submit],input[type=button],input[type=image]")) {
      const words = `${one.textContent} ${one.getAttribute("aria-label") ?? ""} ${one.getAttribute("value") ?? ""}`;
      if (PAYS.test(words) || (submits(one) && asksForCard(one))) {
        return true;
      }
    }
  }
  return false;
}

function isNamed(element: Element, rules: string[]): boolean {
  return rules.some((rule) => element.getAttribute(rule.split(":")[0] ?? "") === rule.replace(/^\w+:/, ""));
}

function parentOf(element: Element): Element | null {
  const root = element.getRootNode();
  return element.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
}

function submits(element: Element): boolean {
  const kind = (element.getAttribute("type") ?? "submit").toLowerCase();
  return (element.localName === "button" && kind === "submit") || element.matches("input[type=submit],input[type=image]");
}

function asksForCard(element: Element): boolean {
  const form = (element as HTMLButtonElement).form;
  const fields = [...(form?.elements ?? [])].filter((one) => one instanceof HTMLInputElement && !["hidden", "password"].includes(one.type));
  return fields.some((one) => isField(one) && (one.matches(BLOCKED) || isSensitive(one)));
}

/** Brings it into view; something else lying on top of it would get a person's click. */
function uncovered(element: Element, command: Command): void {
  let rect = element.getBoundingClientRect();
  if (rect.top < 0 || rect.left < 0 || rect.bottom > innerHeight || rect.right > innerWidth) {
    element.scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
    rect = element.getBoundingClientRect();
  }
  if (rect.width === 0 || rect.height === 0) {
    throw new Refused("hidden");
  }
  const [x, y] = at(rect, command);
  const root = element.getRootNode() as Document | ShadowRoot;
  const top = root.elementsFromPoint(x, y).find((one) => !one.matches(".rr-block"));
  const label = element instanceof HTMLElement ? element.closest("label") : null;
  if (!top || !(element.contains(top) || top.contains(element) || label?.contains(top))) {
    throw new Refused("covered");
  }
}

function at(rect: DOMRect, command: Command): [number, number] {
  const inside = (part: number) => Math.min(Math.max(part, 0.02), 0.98);
  return [rect.left + rect.width * inside(command.fx), rect.top + rect.height * inside(command.fy)];
}

function press(element: Element, command: Command): void {
  const [clientX, clientY] = at(element.getBoundingClientRect(), command);
  const init = { bubbles: true, cancelable: true, composed: true, clientX, clientY, button: 0, view: window };
  element.dispatchEvent(new PointerEvent("pointerdown", { ...init, pointerType: "mouse", isPrimary: true }));
  const go = element.dispatchEvent(new MouseEvent("mousedown", init));
  const focusable = element.closest<HTMLElement>("input,select,textarea,button,a[href],[tabindex]");
  if (go && focusable) {
    focusable.focus({ preventScroll: true });
  }
  element.dispatchEvent(new PointerEvent("pointerup", { ...init, pointerType: "mouse", isPrimary: true }));
  element.dispatchEvent(new MouseEvent("mouseup", init));
  if (element instanceof HTMLElement) {
    element.click();
  } else {
    element.dispatchEvent(new MouseEvent("click", init));
  }
}

function type(field: Field, value: string): void {
  if (isToggle(field) || field.localName === "select") {
    throw new Refused("no_field");
  }
  field.focus({ preventScroll: true });
  setValue(field, value);
  const told = { bubbles: true, composed: true, inputType: "insertReplacementText", data: value };
  field.dispatchEvent(new InputEvent("input", told));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

function choose(field: Field, value: string): void {
  if (!(field instanceof HTMLSelectElement)) {
    throw new Refused("no_field");
  }
  if (![...field.options].some((option) => option.value === value && !option.disabled)) {
    throw new Refused("no_such_option");
  }
  field.focus({ preventScroll: true });
  setValue(field, value);
  field.dispatchEvent(new InputEvent("input", { bubbles: true, composed: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

/** Past the page's own property: frameworks hide theirs in front of the browser's. */
function setValue(field: Field, value: string): void {
  const prototype =
    field instanceof HTMLTextAreaElement
      ? HTMLTextAreaElement.prototype
      : field instanceof HTMLSelectElement
        ? HTMLSelectElement.prototype
        : HTMLInputElement.prototype;
  Object.getOwnPropertyDescriptor(prototype, "value")?.set?.call(field, value);
}

function scroll(element: Element, command: Command): void {
  const whole = element === document.documentElement || element === document.body;
  const box = whole ? (document.scrollingElement ?? element) : element;
  const top = command.fy * Math.max(0, box.scrollHeight - box.clientHeight);
  const left = command.fx * Math.max(0, box.scrollWidth - box.clientWidth);
  box.scrollTo({ top, left, behavior: "instant" });
}

function next(field: Field, policy: MaskPolicy): void {
  const fields = [...(field.form?.elements ?? document.querySelectorAll("input,textarea,select"))].filter(
    (one): one is Field => isField(one) && !isButton(one) && one.type !== "hidden" && !one.disabled,
  );
  const following = fields.slice(fields.indexOf(field) + 1).find((one) => isShared(one, policy));
  if (!following) {
    throw new Refused("no_field");
  }
  field.dispatchEvent(new Event("change", { bubbles: true }));
  following.focus();
}
