import { clock } from "../../format/time";
import { useTexts } from "../../i18n/context";
import type { Texts } from "../../i18n/texts";
import { Icon } from "../../ui/Icon";
import type { Mark } from "./model";

interface Props {
  readonly marks: readonly Mark[];
  readonly at: number;
  readonly onGo: (at: number) => void;
}

/** What happened, in order; each is a place to go to. */
export function Marks({ marks, at, onGo }: Props) {
  const texts = useTexts();
  const current = marks.findLastIndex((mark) => mark.at <= at + 0.05);
  return (
    <section className="card" aria-labelledby="marks-title">
      <header className="card-head">
        <Icon name="history" />
        <h2 id="marks-title">{texts.say("recordings.marks")}</h2>
      </header>
      <ol className="player-marks">
        {marks.map((mark, place) => (
          <li key={place}>
            <button type="button" aria-current={place === current ? "step" : undefined} onClick={() => onGo(mark.at)}>
              <span className="numbers soft">{clock(mark.at)}</span> {wordsOf(mark, texts)}
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

function wordsOf({ kind, tier, of }: Mark, texts: Texts): string {
  const by = texts.find(`recordings.${of}`) ?? of;
  const values = { by, page: of, tier: texts.find(`recordings.tier.${tier}`) ?? "" };
  return texts.find(`recordings.mark.${kind}`, values) ?? kind;
}
