import { useCallback, useEffect, useState } from "react";

import type { UserCredentials, UserView } from "../../contract/contract";
import { when } from "../../format/time";
import { useTexts } from "../../i18n/context";
import { Dialog } from "../../ui/Dialog";
import { Empty } from "../../ui/Empty";
import { useNow } from "../../ui/useNow";
import { basisPoints, percent } from "../cart/model";
import { CommandButton } from "../session/Command";
import { useAct, useDialogAct, useExplain, useSession } from "../session/context";
import { initials } from "../session/initials";
import { AddUser } from "./AddUser";
import { Credentials } from "./Credentials";

type Open = { readonly kind: "add" } | { readonly kind: "reset"; readonly user: UserView } | { readonly kind: "shown"; readonly made: UserCredentials } | null;

/** Who may sign in, for admins. */
export function Users() {
  const texts = useTexts();
  const { users, problem, read } = useUsers();
  const [open, setOpen] = useState<Open>(null);
  const made = (credentials: UserCredentials) => {
    setOpen({ kind: "shown", made: credentials });
    read();
  };
  return (
    <main className="users">
      <header className="users-head">
        <h1>{texts.say("page.users")}</h1>
        <CommandButton kind="primary" icon="plus" onClick={() => setOpen({ kind: "add" })}>
          {texts.say("users.add")}
        </CommandButton>
      </header>
      <section className="card" aria-label={texts.say("page.users")}>
        {problem !== null && <Empty icon="warning">{problem}</Empty>}
        <ul className="rows">
          {users?.map((user) => (
            <User key={user.id} user={user} onReset={() => setOpen({ kind: "reset", user })} onChanged={read} />
          ))}
        </ul>
      </section>
      {open?.kind === "add" && <AddUser onClose={() => setOpen(null)} onMade={made} />}
      {open?.kind === "reset" && <ResetPassword user={open.user} onClose={() => setOpen(null)} onMade={made} />}
      {open?.kind === "shown" && <Credentials made={open.made} onClose={() => setOpen(null)} />}
    </main>
  );
}

interface UserProps {
  readonly user: UserView;
  readonly onReset: () => void;
  readonly onChanged: () => void;
}

function User({ user, onReset, onChanged }: UserProps) {
  const texts = useTexts();
  const { api, boot } = useSession();
  const { busy, act } = useAct();
  const own = user.username === boot.username;
  const now = useNow(0, 60_000);
  const seen = user.last_login_at ? when(user.last_login_at, now, texts.language) : texts.say("users.never");
  return (
    <li className="row user" data-enabled={user.enabled}>
      <span className="avatar" aria-hidden="true">
        {initials(user.name)}
      </span>
      <div className="row-main">
        <p className="row-title">{user.name}</p>
        <p className="soft small">
          {user.username} · {texts.say("users.last_login", { when: seen })}
        </p>
      </div>
      <span className="user-chips">
        <span className={user.role === "agent" ? "chip" : "chip chip-accent"}>{texts.say(`role.${user.role}`)}</span>
        <span className="chip">{texts.say(`language.${user.language}`)}</span>
        {!user.enabled && <span className="chip chip-danger">{texts.say("users.disabled")}</span>}
      </span>
      <DiscountLimit user={user} />
      <span className="user-actions">
        <CommandButton size="small" onClick={onReset}>
          {texts.say("users.reset")}
        </CommandButton>
        {!own && (
          <CommandButton
            size="small"
            disabled={busy}
            onClick={() => act(() => api.enableUser(user.id, !user.enabled).then(onChanged))}
          >
            {texts.say(user.enabled ? "users.disable" : "users.enable")}
          </CommandButton>
        )}
      </span>
    </li>
  );
}

/** How large a discount the person may give; an empty field leaves it to the role. */
function DiscountLimit({ user }: { readonly user: UserView }) {
  const texts = useTexts();
  const { api } = useSession();
  const { busy, act } = useAct();
  const [known, setKnown] = useState(user);
  const [typed, setTyped] = useState<string | null>(null);
  const own = known.own_limit ? percent(known.discount_limit, texts.language) : "";
  const keep = () => {
    const points = typed?.trim() === "" ? null : basisPoints(typed ?? "");
    const meant = typed !== null && typed !== own && (points !== null || typed.trim() === "");
    if (meant) act(() => api.setDiscountLimit(user.id, points).then(setKnown));
    setTyped(null);
  };
  return (
    <label className="user-limit small">
      <span className="soft" aria-hidden="true">
        {texts.say("users.discount")}
      </span>
      <input
        className="input"
        aria-label={texts.say("users.discount_of", { name: user.name })}
        inputMode="decimal"
        placeholder={percent(known.discount_limit, texts.language)}
        disabled={busy}
        value={typed ?? own}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={keep}
        onKeyDown={(event) => event.key === "Enter" && keep()}
      />
    </label>
  );
}

interface ResetProps {
  readonly user: UserView;
  readonly onClose: () => void;
  readonly onMade: (made: UserCredentials) => void;
}

function ResetPassword({ user, onClose, onMade }: ResetProps) {
  const texts = useTexts();
  const { api } = useSession();
  const { busy, act, problem } = useDialogAct();
  return (
    <Dialog title={texts.say("users.reset")} onClose={onClose} problem={problem}>
      <p>{texts.say("users.reset_note", { name: user.name })}</p>
      <div className="dialog-actions">
        <CommandButton onClick={onClose}>{texts.say("dialog.cancel")}</CommandButton>
        <CommandButton kind="primary" disabled={busy} onClick={() => act(() => api.resetPassword(user.id).then(onMade))}>
          {texts.say("users.reset")}
        </CommandButton>
      </div>
    </Dialog>
  );
}

function useUsers() {
  const { api } = useSession();
  const explain = useExplain();
  const [users, setUsers] = useState<readonly UserView[] | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const read = useCallback(() => {
    api
      .users()
      .then((found) => {
        setUsers(found);
        setProblem(null);
      })
      .catch((error: unknown) => setProblem(error));
  }, [api]);
  useEffect(read, [read]);
  return { users, problem: problem === null ? null : explain(problem), read: () => read() };
}

