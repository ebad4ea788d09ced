import { useEffect, useState } from "react";

import type { RecordedContacts } from "../../contract/contract";
import { useExplain, useSession } from "../session/context";

/** Which contacts to list: of a day (2026-11-22) or the last week, of an agent or all. */
export interface Wanted {
  readonly day: string;
  readonly agent: string;
}

export const EVERYTHING: Wanted = { day: "", agent: "" };

/** Reads the list whenever something else is wanted; the latest answer counts. */
export function useRecordings() {
  const { api } = useSession();
  const explain = useExplain();
  const [wanted, want] = useState(EVERYTHING);
  const [list, setList] = useState<RecordedContacts | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  useEffect(() => {
    let current = true;
    api.recordings(queryOf(wanted)).then(
      (found) => {
        if (!current) return;
        setList(found);
        setFailure(null);
      },
      (error: unknown) => {
        if (current) setFailure(error);
      },
    );
    return () => {
      current = false;
    };
  }, [api, wanted]);
  return { list, wanted, want, problem: failure === null ? null : explain(failure) };
}

/** A day is the reader's: from midnight to midnight where they are. */
export function queryOf({ day, agent }: Wanted): Record<string, string> {
  const query: Record<string, string> = agent === "" ? {} : { agent };
  const since = new Date(`${day}T00:00:00`);
  if (Number.isNaN(since.getTime())) return query;
  const until = new Date(since);
  until.setDate(until.getDate() + 1);
  return { ...query, since: since.toISOString(), until: until.toISOString() };
}
