import { useState } from "react";

import type { PreferencesView } from "../../contract/contract";
import { useTexts } from "../../i18n/context";
import { Icon, type IconName } from "../../ui/Icon";
import { Menu } from "../../ui/Menu";
import { ShortcutHelp } from "../shortcuts/ShortcutHelp";
import { useSession } from "./context";
import { initials } from "./initials";

const LANGUAGES = ["en", "fr", "pt"] as const;
const THEMES = ["auto", "light", "dark"] as const;

/** Who one is, how one likes the pages, and the way out. */
export function UserMenu() {
  const texts = useTexts();
  const { boot, preferences } = useSession();
  const [help, setHelp] = useState(false);
  return (
    <>
      <Menu
        label={texts.say("menu.yours")}
        buttonClass="avatar-button"
        button={
          <>
            <span className="avatar" aria-hidden="true">
              {initials(boot.name)}
            </span>
            <span className="visually-hidden">{texts.say("menu.of", { name: boot.name })}</span>
          </>
        }
      >
            <p className="menu-person">
              <strong>{boot.name}</strong>
              <span className="soft small">
                {boot.username} · {texts.say(`role.${boot.role}`)}
              </span>
            </p>
            <Choices name="language" values={LANGUAGES} chosen={preferences.language} label={(v) => texts.say(`language.${v}`)} />
            <Choices name="theme" values={THEMES} chosen={preferences.theme} label={(v) => texts.say(`theme.${v}`)} />
            <hr className="menu-line" />
            <Toggle name="ring_sound" icon="bell" label={texts.say("preferences.ring_sound")} />
            <Toggle name="shortcuts" icon="keyboard" label={texts.say("preferences.shortcuts")} />
            <button
              type="button"
              role="menuitem"
              className="menu-item"
              onClick={() => setHelp(true)}
            >
              <Icon name="keyboard" />
              {texts.say("menu.shortcuts")}
            </button>
            <hr className="menu-line" />
            <a role="menuitem" className="menu-item" href="/password">
              <Icon name="lock" />
              {texts.say("menu.password")}
            </a>
            <SignOut />
      </Menu>
      {help && <ShortcutHelp onClose={() => setHelp(false)} />}
    </>
  );
}

interface ChoicesProps<N extends "language" | "theme"> {
  readonly name: N;
  readonly values: readonly PreferencesView[N][];
  readonly chosen: PreferencesView[N];
  readonly label: (value: PreferencesView[N]) => string;
}

/** A row of alternatives. */
function Choices<N extends "language" | "theme">({ name, values, chosen, label }: ChoicesProps<N>) {
  const texts = useTexts();
  const { prefer } = useSession();
  return (
    <div role="group" aria-label={texts.say(`preferences.${name}`)}>
      <p className="menu-title">{texts.say(`preferences.${name}`)}</p>
      <div className="segments">
        {values.map((value) => (
          <button
            key={value}
            type="button"
            role="menuitemradio"
            className="segment"
            aria-checked={value === chosen}
            lang={name === "language" ? value : undefined}
            onClick={() => prefer({ [name]: value })}
          >
            {label(value)}
          </button>
        ))}
      </div>
    </div>
  );
}

function Toggle({ name, icon, label }: { readonly name: "ring_sound" | "shortcuts"; readonly icon: IconName; readonly label: string }) {
  const { preferences, prefer } = useSession();
  const on = preferences[name];
  return (
    <button
      type="button"
      role="menuitemcheckbox"
      className="menu-item"
      aria-checked={on}
      onClick={() => prefer({ [name]: !on })}
    >
      <Icon name={icon} />
      {label}
      <span className="switch" aria-hidden="true" />
    </button>
  );
}

function SignOut() {
  const texts = useTexts();
  const { boot } = useSession();
  return (
    <form method="post" action="/logout">
      <input type="hidden" name="csrf_token" value={boot.csrf} />
      <button type="submit" role="menuitem" className="menu-item">
        <Icon name="signOut" />
        {texts.say("menu.sign_out")}
      </button>
    </form>
  );
}
