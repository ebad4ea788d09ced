import type { CdrView, Choice } from "../../contract/contract";
import { useTexts } from "../../i18n/context";

interface Props {
  readonly cdr: CdrView;
  readonly dispositions: readonly Choice[];
}

/** How a past contact ended: as the agent put it, or else as the system saw it. */
export function Disposition({ cdr, dispositions }: Props) {
  const texts = useTexts();
  const chosen = dispositions.find((one) => one.id === cdr.disposition);
  if (chosen) return <span className="chip chip-accent">{texts.pick(chosen.labels)}</span>;
  if (cdr.outcome === null) return null;
  const lost = cdr.outcome === "abandoned" || cdr.outcome === "failed" || cdr.outcome === "node_lost";
  return <span className={lost ? "chip chip-warning" : "chip"}>{texts.say(`outcome.${cdr.outcome}`)}</span>;
}
