import { useEffect, useId, useRef, useState, type KeyboardEvent, type MouseEvent, type ReactNode, type RefObject } from "react";

interface Props {
  readonly label: string;
  readonly button: ReactNode;
  readonly buttonClass: string;
  readonly buttonRef?: RefObject<HTMLButtonElement | null>;
  readonly disabled?: boolean;
  /** Whether choosing one of several alternatives closes the menu too; a plain item always does. */
  readonly closeOnChoice?: boolean;
  readonly children: ReactNode;
}

/** A button that opens a menu (WAI-ARIA Authoring Practices, menu button): arrows move, Escape closes. */
export function Menu({ label, button, buttonClass, buttonRef, disabled = false, closeOnChoice = false, children }: Props) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const root = useRef<HTMLDivElement>(null);
  const own = useRef<HTMLButtonElement>(null);
  const opener = buttonRef ?? own;

  useEffect(() => {
    if (!open) return;
    items(root.current)[0]?.focus();
    const outside = (event: PointerEvent) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [open]);

  const close = () => {
    setOpen(false);
    opener.current?.focus();
  };
  const onClick = (event: MouseEvent) => {
    const item = (event.target as Element).closest(closeOnChoice ? "[role^=menuitem]" : "[role=menuitem]");
    // A form that is taken away before it is sent is not sent.
    if (item !== null && !item.matches("[type=submit]")) close();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") close();
    else if (event.key === "Tab") setOpen(false);
    else if (!move(root.current, event.key)) return;
    if (event.key !== "Tab") event.preventDefault();
  };

  return (
    <div className="menu" ref={root}>
      <button
        ref={opener}
        type="button"
        className={buttonClass}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        disabled={disabled}
        onClick={() => setOpen(!open)}
      >
        {button}
      </button>
      {open && (
        <div id={id} className="menu-list" role="menu" aria-label={label} tabIndex={-1} onClick={onClick} onKeyDown={onKeyDown}>
          {children}
        </div>
      )}
    </div>
  );
}

function items(root: HTMLElement | null): HTMLElement[] {
  return Array.from(root?.querySelectorAll<HTMLElement>("[role^=menuitem]") ?? []);
}

/** Whether the key moved the focus. */
function move(root: HTMLElement | null, key: string): boolean {
  const all = items(root);
  const now = all.indexOf(document.activeElement as HTMLElement);
  const last = all.length - 1;
  const next: Record<string, number> = {
    ArrowDown: now === last ? 0 : now + 1,
    ArrowUp: now <= 0 ? last : now - 1,
    Home: 0,
    End: last,
  };
  const target = next[key];
  if (target === undefined) return false;
  all[target]?.focus();
  return true;
}
