import { createStore, type Store } from "../store/store";

/** A short message that goes away by itself. */
export interface Toast {
  readonly id: number;
  readonly text: string;
}

export type ToastAction = { readonly type: "say"; readonly text: string } | { readonly type: "drop"; readonly id: number };

export interface Toasts {
  readonly next: number;
  readonly shown: readonly Toast[];
}

const MOST = 3;

export function reduceToasts(toasts: Toasts, action: ToastAction): Toasts {
  if (action.type === "drop") return { ...toasts, shown: toasts.shown.filter((one) => one.id !== action.id) };
  const others = toasts.shown.filter((one) => one.text !== action.text);
  const added = { id: toasts.next, text: action.text };
  return { next: toasts.next + 1, shown: [...others, added].slice(-MOST) };
}

export function createToasts(): Store<Toasts, ToastAction> {
  return createStore(reduceToasts, { next: 1, shown: [] });
}
