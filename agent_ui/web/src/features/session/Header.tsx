import type { MouseEvent } from "react";

import { useTexts } from "../../i18n/context";
import type { Store } from "../../store/store";
import type { Desk, DeskAction } from "../desk/model";
import { StatusSwitch } from "../desk/StatusSwitch";
import { SoftphoneMenu } from "../softphone/SoftphoneMenu";
import { useSession } from "./context";
import type { Page } from "./pages";
import { UserMenu } from "./UserMenu";

interface Props {
  readonly page: Page;
  readonly go: (page: Page) => void;
  readonly desk: Store<Desk, DeskAction>;
}

export function Header({ page, go, desk }: Props) {
  const { boot } = useSession();
  return (
    <header className="header">
      <p className="brand">
        <svg className="brand-mark" viewBox="0 0 32 32" aria-hidden="true">
          <use href="/static/mark.svg#mark" />
        </svg>
        <span className="header-name">Comptoir</span>
      </p>
      {boot.pages.length > 1 && <Pages page={page} go={go} pages={boot.pages} />}
      <div className="header-end">
        {boot.agent_id !== null && <StatusSwitch store={desk} />}
        <SoftphoneMenu />
        <UserMenu />
      </div>
    </header>
  );
}

function Pages({ page, go, pages }: Omit<Props, "desk"> & { readonly pages: readonly Page[] }) {
  const texts = useTexts();
  const follow = (event: MouseEvent, target: Page) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    go(target);
  };
  return (
    <nav className="header-pages" aria-label={texts.say("page.pages")}>
      {pages.map((one) => (
        <a key={one} href={`/${one}`} aria-current={one === page ? "page" : undefined} onClick={(e) => follow(e, one)}>
          {texts.say(`page.${one}`)}
        </a>
      ))}
    </nav>
  );
}
