import { useEffect, useId, useState } from "react";

import type { DirectoryEntry } from "../../contract/contract";
import { phone } from "../../format/phone";
import { useTexts } from "../../i18n/context";
import { Icon } from "../../ui/Icon";
import { useExplain, useSession } from "../session/context";
import { matching, numberDestination, type Destination } from "./destination";

interface Props {
  readonly chosen: Destination | null;
  readonly onChoose: (destination: Destination | null) => void;
  readonly without: string | null;
  readonly queues: boolean;
}

type Reading = { readonly entries: readonly DirectoryEntry[] } | { readonly problem: string } | null;

/** Colleagues, queues and numbers to choose from. */
export function Directory({ chosen, onChoose, without, queues }: Props) {
  const texts = useTexts();
  const id = useId();
  const [typed, setTyped] = useState("");
  const reading = useDirectory();
  const entries = reading && "entries" in reading ? matching(reading.entries, typed, without, queues) : [];
  const number = numberDestination(typed);
  return (
    <div className="directory">
      <div className="field">
        <label htmlFor={id}>{texts.say("directory.search")}</label>
        <input
          id={id}
          data-first-focus
          className="input"
          autoComplete="off"
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            onChoose(numberDestination(event.target.value));
          }}
        />
      </div>
      <fieldset className="directory-list">
        <legend className="visually-hidden">{texts.say("directory.choose")}</legend>
        {number && (
          <Entry
            destination={number}
            label={texts.say("directory.number", { number: phone(number.label) })}
            note=""
            chosen={chosen?.target === number.target}
            onChoose={onChoose}
          />
        )}
        {entries.map((entry) => (
          <Entry
            key={entry.target}
            destination={entry}
            label={entry.label}
            note={texts.say(entry.kind === "queue" ? "directory.queue" : entry.available ? "directory.available" : "directory.busy")}
            available={entry.available}
            chosen={chosen?.target === entry.target}
            onChoose={onChoose}
          />
        ))}
        {reading && "problem" in reading && <p className="notice notice-danger">{reading.problem}</p>}
        {reading && entries.length === 0 && !number && !("problem" in reading) && (
          <p className="soft small directory-none">{texts.say("directory.none")}</p>
        )}
      </fieldset>
    </div>
  );
}

interface EntryProps {
  readonly destination: Destination;
  readonly label: string;
  readonly note: string;
  readonly available?: boolean;
  readonly chosen: boolean;
  readonly onChoose: (destination: Destination) => void;
}

function Entry({ destination, label, note, available = true, chosen, onChoose }: EntryProps) {
  const icon = destination.kind === "queue" ? "people" : destination.kind === "number" ? "phone" : "person";
  return (
    <label className="directory-entry" data-chosen={chosen}>
      <input type="radio" name="destination" className="visually-hidden" checked={chosen} onChange={() => onChoose(destination)} />
      <Icon name={icon} />
      <span>{label}</span>
      {note && (
        <span className="stage-line-end soft small directory-note">
          <span className={available ? "dot dot-good" : "dot"} />
          {note}
        </span>
      )}
    </label>
  );
}

function useDirectory(): Reading {
  const { api } = useSession();
  const explain = useExplain();
  const [reading, setReading] = useState<Reading>(null);
  useEffect(() => {
    let wanted = true;
    api
      .directory()
      .then((entries) => wanted && setReading({ entries }))
      .catch((error: unknown) => wanted && setReading({ problem: explain(error) }));
    return () => {
      wanted = false;
    };
    // Availability is as of when the dialog was opened.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [api]);
  return reading;
}
