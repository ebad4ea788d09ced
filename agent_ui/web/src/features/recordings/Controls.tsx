import { clock } from "../../format/time";
import { useTexts } from "../../i18n/context";
import { CommandButton } from "../session/Command";
import type { Mark } from "./model";
import type { PlayerControls } from "./usePlayback";

const SPEEDS = [0.5, 1, 1.5, 2] as const;
const JUMP = 10;

interface Props {
  readonly player: PlayerControls;
  readonly length: number;
  readonly marks: readonly Mark[];
}

export function Controls({ player, length, marks }: Props) {
  const texts = useTexts();
  const { standing, seek } = player;
  const written = `${clock(standing.at)} / ${clock(length)}`;
  return (
    <div className="player-controls">
      <div className="player-line">
        <div className="player-ticks" aria-hidden="true">
          {marks.map((mark, place) => (
            <i key={place} data-kind={mark.kind} style={{ left: `${length > 0 ? (mark.at / length) * 100 : 0}%` }} />
          ))}
        </div>
        <input
          type="range"
          min={0}
          max={length}
          step={0.1}
          value={standing.at}
          aria-label={texts.say("recordings.position")}
          aria-valuetext={written}
          onChange={(event) => seek(Number(event.target.value))}
        />
      </div>
      <div className="player-buttons">
        <CommandButton kind="primary" onClick={player.toggle}>
          {texts.say(standing.playing ? "recordings.pause" : "recordings.play")}
        </CommandButton>
        <CommandButton kind="quiet" onClick={() => seek(standing.at - JUMP)}>
          {texts.say("recordings.rewind")}
        </CommandButton>
        <CommandButton kind="quiet" onClick={() => seek(standing.at + JUMP)}>
          {texts.say("recordings.forward")}
        </CommandButton>
        <label className="player-speed small">
          <span className="soft">{texts.say("recordings.speed")}</span>
          <select className="input" value={standing.speed} onChange={(event) => player.setSpeed(Number(event.target.value))}>
            {SPEEDS.map((speed) => (
              <option key={speed} value={speed}>
                {speed.toLocaleString(texts.language)} ×
              </option>
            ))}
          </select>
        </label>
        <span className="player-clock numbers">{written}</span>
      </div>
    </div>
  );
}
