import type { ReactNode } from "react";

import { Icon, type IconName } from "./Icon";

/** Says that there is nothing, and what that means. */
export function Empty({ icon, children }: { readonly icon: IconName; readonly children: ReactNode }) {
  return (
    <div className="empty">
      <Icon name={icon} />
      <p>{children}</p>
    </div>
  );
}
