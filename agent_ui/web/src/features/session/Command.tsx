import type { ReactNode } from "react";

import { Icon, type IconName } from "../../ui/Icon";
import { keyOf, type Command as Name } from "../shortcuts/shortcuts";
import { useSession } from "./context";

interface Props {
  readonly onClick: () => void;
  readonly icon?: IconName | undefined;
  readonly command?: Name;
  readonly kind?: "plain" | "primary" | "danger" | "quiet";
  readonly size?: "small" | "usual" | "large";
  readonly wide?: boolean;
  readonly pressed?: boolean;
  readonly disabled?: boolean;
  readonly children: ReactNode;
}

/** A button, with the key that does the same if there is one. */
export function CommandButton(props: Props) {
  const { preferences } = useSession();
  const { kind = "plain", size = "usual", wide = false, pressed, disabled = false } = props;
  const classes = ["button", kind !== "plain" && `button-${kind}`, size !== "usual" && `button-${size}`, wide && "button-wide"];
  const key = props.command && preferences.shortcuts ? keyOf(props.command) : "";
  return (
    <button
      type="button"
      className={classes.filter(Boolean).join(" ")}
      aria-pressed={pressed}
      aria-keyshortcuts={key || undefined}
      disabled={disabled}
      onClick={props.onClick}
    >
      {props.icon && <Icon name={props.icon} />}
      {props.children}
      {key && (
        <kbd className="key" aria-hidden="true">
          {key}
        </kbd>
      )}
    </button>
  );
}
