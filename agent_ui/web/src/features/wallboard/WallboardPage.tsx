import { useTexts } from "../../i18n/context";
import { useStore, type Store } from "../../store/store";
import { useMirror } from "../cobrowse/useMirror";
import { LinkNotice } from "../desk/LinkNotice";
import { Agents } from "./Agents";
import { Contacts } from "./Contacts";
import { Joined } from "./Joined";
import type { Wallboard, WallboardAction } from "./model";
import { Queues } from "./Queues";

/** What goes on right now, for supervisors. */
export function WallboardPage({ store }: { readonly store: Store<Wallboard, WallboardAction> }) {
  const board = useStore(store);
  const texts = useTexts();
  const { busy, mirror, open, close } = useMirror();
  const leave = () => {
    close();
    // The keyboard goes on where it came from.
    document.getElementById(`see-${mirror?.contact}`)?.focus();
  };
  const see = (contact: string) => {
    if (mirror?.contact === contact) leave();
    else open(contact);
  };
  return (
    <main className="board" aria-busy={!board.ready}>
      <h1 className="visually-hidden">{texts.say("page.wallboard")}</h1>
      <LinkNotice desk={board} />
      {board.ready && (
        <>
          {mirror !== null && <Joined key={mirror.contact} {...mirror} onClose={leave} />}
          <Queues board={board} />
          <div className="board-columns">
            <Agents board={board} />
            <Contacts board={board} busy={busy} seen={mirror?.contact ?? null} onSee={see} />
          </div>
        </>
      )}
    </main>
  );
}
