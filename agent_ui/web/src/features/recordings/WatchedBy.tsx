import type { WatchLine } from "../../contract/contract";
import { when } from "../../format/time";
import { useTexts } from "../../i18n/context";
import { Icon } from "../../ui/Icon";
import { useNow } from "../../ui/useNow";

/** Who heard and watched it, the reader included. */
export function WatchedBy({ lines }: { readonly lines: readonly WatchLine[] }) {
  const texts = useTexts();
  const now = useNow(0, 60_000);
  return (
    <section className="card" aria-labelledby="watched-title">
      <header className="card-head">
        <Icon name="eye" />
        <h2 id="watched-title">{texts.say("recordings.watched_by")}</h2>
      </header>
      <p className="small player-note">{texts.say("recordings.on_record")}</p>
      <ol className="player-watched small">
        {lines.toReversed().map((line, place) => (
          <li key={place}>
            <span className="soft numbers">{when(line.at, now, texts.language)}</span>{" "}
            {texts.say(`recordings.${line.action}`, { name: line.name })}
          </li>
        ))}
      </ol>
    </section>
  );
}
