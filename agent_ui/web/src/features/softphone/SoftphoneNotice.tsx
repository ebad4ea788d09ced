import { useTexts } from "../../i18n/context";
import { Icon } from "../../ui/Icon";
import { browserOf } from "./browser";
import { useSoftphone } from "./context";
import { statusOf } from "./model";

/** What keeps calls from being answered in this page, and what to do about it. */
export function SoftphoneNotice() {
  const { phone } = useSoftphone();
  const status = statusOf(phone);
  return (
    <div className="link-notice" role="status">
      {status === "other_tab" && <OtherTab />}
      {status === "microphone" && <NoMicrophone />}
      {status === "refused" && <Refused />}
    </div>
  );
}

function OtherTab() {
  const texts = useTexts();
  const { here } = useSoftphone();
  return (
    <div className="notice">
      <Icon name="phone" />
      <p>{texts.say("softphone.other_tab")}</p>
      <button type="button" className="button button-small notice-end" onClick={() => here?.useHere()}>
        {texts.say("softphone.use_here")}
      </button>
    </div>
  );
}

function NoMicrophone() {
  const texts = useTexts();
  const { here, phone, choose } = useSoftphone();
  if (phone.microphone === null) return null;
  const refused = phone.microphone === "microphone_refused";
  return (
    <div className="notice notice-warning">
      <Icon name="micOff" />
      <div className="softphone-help">
        <p>
          <strong>{texts.say(`softphone.${phone.microphone}`)}</strong> {texts.say("softphone.no_calls")}
        </p>
        {refused && <p>{texts.say(`softphone.allow.${browserOf(navigator.userAgent)}`)}</p>}
        <p className="softphone-help-actions">
          <button type="button" className="button button-small" onClick={() => void here?.tryMicrophone()}>
            {texts.say("softphone.try_again")}
          </button>
          <button type="button" className="button button-small" onClick={() => choose({ here: false })}>
            {texts.say("softphone.use_desk_phone")}
          </button>
        </p>
      </div>
    </div>
  );
}

function Refused() {
  const texts = useTexts();
  const { phone, choose } = useSoftphone();
  return (
    <div className="notice notice-danger">
      <Icon name="warning" />
      <p>{texts.say(`softphone.refused.${phone.why ?? "forbidden"}`)}</p>
      <button type="button" className="button button-small notice-end" onClick={() => choose({ here: false })}>
        {texts.say("softphone.use_desk_phone")}
      </button>
    </div>
  );
}
