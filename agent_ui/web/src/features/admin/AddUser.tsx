import { useId, useState, type SyntheticEvent } from "react";

import type { NewUser, UserCredentials } from "../../contract/contract";
import { useTexts } from "../../i18n/context";
import { Dialog } from "../../ui/Dialog";
import { useDialogAct, useSession } from "../session/context";

const ROLES = ["agent", "supervisor", "admin"] as const;
const LANGUAGES = ["en", "fr", "pt"] as const;

interface Draft {
  readonly username: string;
  readonly name: string;
  readonly role: NewUser["role"];
  readonly language: NewUser["language"];
  readonly takesCalls: boolean;
}

interface Props {
  readonly onClose: () => void;
  readonly onMade: (made: UserCredentials) => void;
}

/** Makes an account; for one who takes calls, a phone's too. */
export function AddUser({ onClose, onMade }: Props) {
  const texts = useTexts();
  const { api, preferences } = useSession();
  const { busy, act, problem } = useDialogAct();
  const [draft, setDraft] = useState<Draft>({
    username: "",
    name: "",
    role: "agent",
    language: preferences.language,
    takesCalls: true,
  });
  const change = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    act(() => api.addUser(newUser(draft)).then(onMade));
  };
  return (
    <Dialog title={texts.say("users.add")} onClose={onClose} problem={problem}>
      <form className="form" onSubmit={submit}>
        <TextField first label={texts.say("users.name")} value={draft.name} onChange={(name) => change({ name })} />
        <TextField
          label={texts.say("login.username")}
          value={draft.username}
          hint={texts.say("users.username_hint")}
          pattern="[A-Za-z0-9][A-Za-z0-9._\-]{1,31}"
          onChange={(username) => change({ username })}
        />
        <div className="form-pair">
          <Select
            label={texts.say("users.role")}
            value={draft.role}
            options={ROLES.map((role) => [role, texts.say(`role.${role}`)] as const)}
            onChange={(role) => change({ role, takesCalls: role === "agent" })}
          />
          <Select
            label={texts.say("preferences.language")}
            value={draft.language}
            options={LANGUAGES.map((code) => [code, texts.say(`language.${code}`)] as const)}
            onChange={(language) => change({ language })}
          />
        </div>
        <label className="check">
          <input
            type="checkbox"
            checked={draft.takesCalls}
            disabled={draft.role === "agent"}
            onChange={(event) => change({ takesCalls: event.target.checked })}
          />
          {texts.say("users.takes_calls")}
        </label>
        <div className="dialog-actions">
          <button type="button" className="button" onClick={onClose}>
            {texts.say("dialog.cancel")}
          </button>
          <button type="submit" className="button button-primary" disabled={busy}>
            {texts.say("users.add")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function newUser({ username, name, role, language, takesCalls }: Draft): NewUser {
  const plain = username.trim().toLowerCase();
  return { username: plain, name: name.trim(), role, language, phone_user: takesCalls ? plain : null };
}

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly hint?: string;
  readonly pattern?: string;
  readonly first?: boolean;
  readonly onChange: (value: string) => void;
}

function TextField({ label, value, hint, pattern, first, onChange }: TextFieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className="input"
        data-first-focus={first}
        required
        autoComplete="off"
        autoCapitalize="none"
        maxLength={120}
        value={value}
        pattern={pattern}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => onChange(event.target.value)}
      />
      {hint && (
        <p id={`${id}-hint`} className="field-hint">
          {hint}
        </p>
      )}
    </div>
  );
}

interface SelectProps<V extends string> {
  readonly label: string;
  readonly value: V;
  readonly options: readonly (readonly [V, string])[];
  readonly onChange: (value: V) => void;
}

function Select<V extends string>({ label, value, options, onChange }: SelectProps<V>) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} className="input" value={value} onChange={(event) => onChange(event.target.value as V)}>
        {options.map(([option, words]) => (
          <option key={option} value={option}>
            {words}
          </option>
        ))}
      </select>
    </div>
  );
}
