import { useState } from "react";

import { useTexts } from "../../i18n/context";
import { Icon, type IconName } from "../../ui/Icon";
import { Menu } from "../../ui/Menu";
import { useSession } from "../session/context";
import { useSoftphone } from "./context";
import { hasHeadsets } from "./headset";
import { statusOf, type Status } from "./model";
import { SoundDialog } from "./SoundDialog";

const DOTS: Readonly<Record<Status, string>> = {
  off: "dot",
  asking: "dot",
  other_tab: "dot",
  microphone: "dot dot-danger",
  refused: "dot dot-danger",
  connecting: "dot dot-busy",
  lost: "dot dot-busy",
  ready: "dot dot-good",
  in_call: "dot dot-good",
};

/** How the telephone in this page is, and the menu to choose where calls are answered. */
export function SoftphoneMenu() {
  const texts = useTexts();
  const { here, phone } = useSoftphone();
  const [sound, setSound] = useState(false);
  if (here === null) return null;
  const status = statusOf(phone);
  return (
    <>
      <Menu
        label={texts.say("softphone.menu")}
        closeOnChoice
        buttonClass="button status-button softphone-button"
        button={
          <>
            <span className={DOTS[status]} />
            <Icon name="phone" />
            <span className="visually-hidden">{texts.say("softphone.menu")}:</span>
            <span className="softphone-words">{texts.say(`softphone.status.${status}`)}</span>
            <Icon name="down" />
          </>
        }
      >
        <Places />
        <hr className="menu-line" />
        <Ways onSound={() => setSound(true)} />
      </Menu>
      {sound && <SoundDialog onClose={() => setSound(false)} />}
    </>
  );
}

function Places() {
  const texts = useTexts();
  const { choices, choose } = useSoftphone();
  return (
    <>
      <p className="menu-title">{texts.say("softphone.place")}</p>
      {([true, false] as const).map((wanted) => (
        <button
          key={String(wanted)}
          type="button"
          role="menuitemradio"
          className="menu-item"
          aria-checked={choices.here === wanted}
          onClick={() => choose({ here: wanted })}
        >
          <Icon name={wanted ? "mic" : "phone"} />
          {texts.say(wanted ? "softphone.here" : "softphone.desk_phone")}
          <span className="menu-check">
            <Icon name="check" />
          </span>
        </button>
      ))}
    </>
  );
}

function Ways({ onSound }: { readonly onSound: () => void }) {
  const texts = useTexts();
  const { say } = useSession();
  const { here, phone, choices, choose } = useSoftphone();
  const notify = () => {
    if (choices.notify) choose({ notify: false });
    else {
      void Notification.requestPermission().then((answer) => {
        choose({ notify: answer === "granted" });
        if (answer === "denied") say(texts.say("softphone.notify_denied"));
      });
    }
  };
  return (
    <>
      <Switch
        on={choices.autoAnswer}
        icon="phone"
        label={texts.say("softphone.auto_answer")}
        onClick={() => choose({ autoAnswer: !choices.autoAnswer })}
      />
      {"Notification" in window && (
        <Switch
          on={choices.notify && Notification.permission === "granted"}
          icon="bell"
          label={texts.say("softphone.notify")}
          onClick={notify}
        />
      )}
      <button type="button" role="menuitem" className="menu-item" onClick={onSound}>
        <Icon name="sliders" />
        {texts.say("softphone.devices")}
      </button>
      {hasHeadsets && phone.place === "here" && (
        <button
          type="button"
          role="menuitem"
          className="menu-item"
          onClick={() => {
            here?.connectHeadset().catch(() => say(texts.say("softphone.headset_failed")));
          }}
        >
          <Icon name="headset" />
          {phone.headset === null ? texts.say("softphone.headset") : texts.say("softphone.headset_connected", { name: phone.headset })}
        </button>
      )}
    </>
  );
}

interface SwitchProps {
  readonly on: boolean;
  readonly icon: IconName;
  readonly label: string;
  readonly onClick: () => void;
}

function Switch({ on, icon, label, onClick }: SwitchProps) {
  return (
    <button type="button" role="menuitemcheckbox" className="menu-item" aria-checked={on} onClick={onClick}>
      <Icon name={icon} />
      {label}
      <span className="switch" aria-hidden="true" />
    </button>
  );
}
