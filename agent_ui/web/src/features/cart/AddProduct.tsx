import { useEffect, useId, useRef, useState, type KeyboardEvent } from "react";

import type { ProductView } from "../../contract/contract";
import { money } from "../../format/money";
import { useTexts } from "../../i18n/context";
import { useExplain, useSession } from "../session/context";
import { keyOf, useShortcuts } from "../shortcuts/shortcuts";
import type { Editing } from "./editing";
import { Problem } from "./Problem";

const SETTLED = 150;

interface Props {
  readonly contact: string;
  readonly cart: string;
  readonly editing: Editing;
}

/** Finds a product by its words or its SKU and puts it in (WAI-ARIA Authoring Practices, combobox with a list). */
export function AddProduct({ contact, cart, editing }: Props) {
  const texts = useTexts();
  const { api, preferences } = useSession();
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState("");
  const [chosen, setChosen] = useState(0);
  const { found, problem } = useProducts(typed);
  useShortcuts({ add_product: () => field.current?.focus() }, preferences.shortcuts);
  const product = found?.[Math.min(chosen, found.length - 1)];
  const open = typed.trim() !== "" && found !== null;
  const clear = () => {
    setTyped("");
    setChosen(0);
  };
  const add = (wanted: ProductView) => {
    editing.run("add", () => api.addLine(contact, cart, { product: wanted.id }), clear);
    field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const last = (found?.length ?? 0) - 1;
    if (event.key === "ArrowDown") setChosen(chosen >= last ? 0 : chosen + 1);
    else if (event.key === "ArrowUp") setChosen(chosen <= 0 ? last : chosen - 1);
    else if (event.key === "Enter" && product && open) add(product);
    else if (event.key === "Escape") clear();
    else return;
    event.preventDefault();
  };
  return (
    <div className="cart-add">
      <label htmlFor={id} className="visually-hidden">
        {texts.say("cart.add")}
      </label>
      <input
        id={id}
        ref={field}
        className="input"
        role="combobox"
        aria-expanded={open}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={open && product ? `${id}-${product.id}` : undefined}
        aria-keyshortcuts={preferences.shortcuts ? keyOf("add_product") : undefined}
        autoComplete="off"
        placeholder={texts.say("cart.add")}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setChosen(0);
          editing.forget();
        }}
        onKeyDown={onKeyDown}
        onBlur={() => setTyped("")}
      />
      {preferences.shortcuts && typed === "" && (
        <kbd className="key cart-add-key" aria-hidden="true">
          {keyOf("add_product")}
        </kbd>
      )}
      <div id={`${id}-list`} role="listbox" aria-label={texts.say("cart.found")} className="cart-found" hidden={!open}>
        {open &&
          found.map((one) => (
            // The mouse chooses before the field loses the focus, which would close the list.
            // eslint-disable-next-line jsx-a11y/click-events-have-key-events -- the keys are the field's
            <div
              key={one.id}
              id={`${id}-${one.id}`}
              role="option"
              aria-selected={one === product}
              tabIndex={-1}
              className="cart-option"
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => add(one)}
            >
              <span>{texts.pick(one.name)}</span>
              <span className="numbers">{money(one.price, texts.language)}</span>
              <span className="soft small numbers">{one.sku}</span>
              <span className={one.stock > 0 ? "small soft" : "small cart-out"}>
                {one.stock > 0 ? texts.count("cart.stock", one.stock) : texts.say("cart.sold_out")}
              </span>
            </div>
          ))}
      </div>
      {open && found.length === 0 && <p className="soft small cart-hint">{texts.say("cart.nothing_found")}</p>}
      <Problem text={editing.problem("add") ?? problem} />
    </div>
  );
}

interface Finding {
  readonly found: readonly ProductView[] | null;
  readonly problem: string | null;
}

function useProducts(typed: string): Finding {
  const { api } = useSession();
  const explain = useExplain();
  const words = typed.trim();
  const [finding, setFinding] = useState<Finding>({ found: null, problem: null });
  useEffect(() => {
    if (words === "") return;
    let wanted = true;
    const timer = setTimeout(() => {
      api
        .products(words)
        .then((found) => wanted && setFinding({ found, problem: null }))
        .catch((error: unknown) => wanted && setFinding({ found: null, problem: explain(error) }));
    }, SETTLED);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- how a problem is said is no reason to ask again
  }, [api, words]);
  return words === "" ? { found: null, problem: null } : finding;
}
