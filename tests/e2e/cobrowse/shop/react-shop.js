// A page in React without a build: its CommonJS files, loaded one after another.
const FILES = {
  react: "/node_modules/react/cjs/react.production.js",
  scheduler: "/node_modules/scheduler/cjs/scheduler.production.js",
  "react-dom": "/node_modules/react-dom/cjs/react-dom.production.js",
  "react-dom/client": "/node_modules/react-dom/cjs/react-dom-client.production.js",
};
const modules = {};
for (const [name, file] of Object.entries(FILES)) {
  const module = { exports: {} };
  const text = await (await fetch(file)).text();
  new Function("module", "exports", "require", "process", text)(
    module, module.exports, (wanted) => modules[wanted], { env: { NODE_ENV: "production" } });
  modules[name] = module.exports;
}
const { createElement: h, useState } = modules.react;

function Form() {
  const [email, setEmail] = useState("");
  const [note, setNote] = useState("");
  const [country, setCountry] = useState("fr");
  const [gift, setGift] = useState(false);
  const [count, setCount] = useState(0);
  return h("form", { onSubmit: (event) => event.preventDefault() },
    h("input", { name: "email", value: email, onChange: (event) => setEmail(event.target.value) }),
    h("textarea", { name: "note", value: note, onChange: (event) => setNote(event.target.value) }),
    h("select", { id: "country", value: country, onChange: (event) => setCountry(event.target.value) },
      h("option", { value: "fr" }, "France"), h("option", { value: "pt" }, "Portugal")),
    h("input", { type: "checkbox", name: "gift", checked: gift, onChange: (event) => setGift(event.target.checked) }),
    h("button", { type: "button", id: "more", onClick: () => setCount(count + 1) }, "More"),
    h("p", { id: "state" }, JSON.stringify({ email, note, country, gift, count })));
}
modules["react-dom/client"].createRoot(document.getElementById("root")).render(h(Form));
