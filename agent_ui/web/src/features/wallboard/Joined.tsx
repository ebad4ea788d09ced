import { useEffect, useRef } from "react";

import { useTexts } from "../../i18n/context";
import { Icon } from "../../ui/Icon";
import { Mirror } from "../cobrowse/Mirror";
import { useSession } from "../session/context";
import { useShortcuts } from "../shortcuts/shortcuts";

interface Props {
  readonly contact: string;
  readonly viewer: string;
  readonly onClose: () => void;
}

/** A customer's page that a supervisor has joined. The customer reads that they look, and is asked for anything more. */
export function Joined({ contact, viewer, onClose }: Props) {
  const texts = useTexts();
  const { preferences } = useSession();
  const heading = useRef<HTMLHeadingElement>(null);
  useShortcuts({ cobrowse: onClose }, preferences.shortcuts);
  useEffect(() => heading.current?.focus(), []);
  return (
    <section className="card cobrowse" aria-labelledby="joined-title">
      <header className="card-head">
        <Icon name="eye" />
        <h2 id="joined-title" ref={heading} tabIndex={-1}>
          {texts.say("cobrowse.title")}
        </h2>
        <p className="soft small card-head-end">{texts.say("cobrowse.joined")}</p>
      </header>
      <Mirror contact={contact} viewer={viewer} joined onClose={onClose} />
    </section>
  );
}
