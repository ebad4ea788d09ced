import { useTexts } from "../../i18n/context";
import { Icon } from "../../ui/Icon";

interface Connection {
  readonly ready: boolean;
  readonly connected: boolean;
  readonly link: boolean;
}

/** Says so while what is shown may be old, or nothing can be done. */
export function LinkNotice({ desk }: { readonly desk: Connection }) {
  const texts = useTexts();
  const key = !desk.ready ? null : !desk.connected ? "link.page" : !desk.link ? "link.telephones" : null;
  return (
    <div className="link-notice" role="status">
      {key && (
        <p className="notice notice-warning">
          <Icon name="warning" />
          {texts.say(key)}
        </p>
      )}
    </div>
  );
}
