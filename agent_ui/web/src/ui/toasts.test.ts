import { expect, it, vi } from "vitest";

import { createToasts } from "./toasts";

it("shows the latest three, each once", () => {
  const toasts = createToasts();
  for (const text of ["a", "b", "a", "c", "d"]) toasts.dispatch({ type: "say", text });
  expect(toasts.get().shown.map((toast) => toast.text)).toEqual(["a", "c", "d"]);
});

it("drops one that was read", () => {
  const toasts = createToasts();
  toasts.dispatch({ type: "say", text: "a" });
  toasts.dispatch({ type: "drop", id: 1 });
  expect(toasts.get().shown).toEqual([]);
});

it("tells its listeners until they leave", () => {
  const toasts = createToasts();
  const listener = vi.fn();
  const leave = toasts.subscribe(listener);
  toasts.dispatch({ type: "say", text: "a" });
  leave();
  toasts.dispatch({ type: "say", text: "b" });
  expect(listener).toHaveBeenCalledOnce();
});
