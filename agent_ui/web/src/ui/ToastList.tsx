import { useEffect } from "react";

import { useTexts } from "../i18n/context";
import { useStore, type Store } from "../store/store";
import { Icon } from "./Icon";
import type { Toast, ToastAction, Toasts } from "./toasts";

const SHOWN_FOR = 7000;

export function ToastList({ store }: { readonly store: Store<Toasts, ToastAction> }) {
  const { shown } = useStore(store);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map((toast) => (
        <ToastLine key={toast.id} toast={toast} onDrop={() => store.dispatch({ type: "drop", id: toast.id })} />
      ))}
    </div>
  );
}

function ToastLine({ toast, onDrop }: { readonly toast: Toast; readonly onDrop: () => void }) {
  const texts = useTexts();
  useEffect(() => {
    const timer = setTimeout(onDrop, SHOWN_FOR);
    return () => clearTimeout(timer);
    // A new callback each time the list is drawn must not start the time again.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [toast.id]);
  return (
    <div className="toast">
      <p>{toast.text}</p>
      <button type="button" className="button button-quiet button-small button-icon" onClick={onDrop}>
        <Icon name="close" />
        <span className="visually-hidden">{texts.say("dialog.close")}</span>
      </button>
    </div>
  );
}
