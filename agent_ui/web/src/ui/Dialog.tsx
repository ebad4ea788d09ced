import { useEffect, useId, useRef, type ReactNode } from "react";

import { useTexts } from "../i18n/context";
import { Icon } from "./Icon";

interface Props {
  readonly title: string;
  readonly onClose: () => void;
  /** Why what was asked for did not happen. */
  readonly problem?: string | null;
  readonly children: ReactNode;
}

/** A modal dialog; the browser keeps the focus in it and gives it back afterwards. */
export function Dialog({ title, onClose, problem = null, children }: Props) {
  const texts = useTexts();
  const id = useId();
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    dialog?.querySelector<HTMLElement>("[data-first-focus]")?.focus();
    return () => dialog?.close();
  }, []);
  return (
    <dialog ref={ref} className="dialog" aria-labelledby={id} onClose={onClose} onCancel={onClose}>
      <header className="dialog-head">
        <h2 id={id}>{title}</h2>
        <button type="button" className="button button-quiet button-icon" onClick={onClose}>
          <Icon name="close" />
          <span className="visually-hidden">{texts.say("dialog.close")}</span>
        </button>
      </header>
      <div className="dialog-body">
        <div role="alert" className="dialog-problem">
          {problem !== null && <p className="notice notice-danger">{problem}</p>}
        </div>
        {children}
      </div>
    </dialog>
  );
}
