import { useTexts } from "../../i18n/context";
import { useStore, type Store } from "../../store/store";
import { LinkNotice } from "../desk/LinkNotice";
import { Agents } from "./Agents";
import { Contacts } from "./Contacts";
import type { Wallboard, WallboardAction } from "./model";
import { Queues } from "./Queues";

/** What goes on right now, for supervisors. */
export function WallboardPage({ store }: { readonly store: Store<Wallboard, WallboardAction> }) {
  const board = useStore(store);
  const texts = useTexts();
  return (
    <main className="board" aria-busy={!board.ready}>
      <h1 className="visually-hidden">{texts.say("page.wallboard")}</h1>
      <LinkNotice desk={board} />
      {board.ready && (
        <>
          <Queues board={board} />
          <div className="board-columns">
            <Agents board={board} />
            <Contacts board={board} />
          </div>
        </>
      )}
    </main>
  );
}
