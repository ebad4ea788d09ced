/** Why a change was refused, beside the control it was asked at; read out when it comes. */
export function Problem({ text }: { readonly text: string | null }) {
  return (
    <div role="alert" className="cart-problem">
      {text !== null && <p className="field-problem">{text}</p>}
    </div>
  );
}
