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
  const [speed, setSpeed] = useState("slow");
  const [city, setCity] = useState("");
  const [count, setCount] = useState(0);
  return h("form", { onSubmit: (event) => event.preventDefault() },
    h("input", { name: "email", value: email, onChange: (event) => setEmail(event.target.value) }),
    h("textarea", { name: "note", value: note, onChange: (event) => setNote(event.target.value) }),
    h("select", { id: "country", value: country, onChange: (event) => setCountry(event.target.value) },
      h("option", { value: "fr" }, "France"), h("option", { value: "pt" }, "Portugal")),
    h("input", { type: "checkbox", name: "gift", checked: gift, onChange: (event) => setGift(event.target.checked) }),
    ["slow", "fast"].map((one) => h("label", { key: one },
      h("input", { type: "radio", name: "speed", value: one, checked: speed === one, onChange: () => setSpeed(one) }), one)),
    // What is typed is put into a shape by the page, and a part of the page is only there for some of it.
    h("input", { name: "city", value: city, onChange: (event) => setCity(event.target.value.toUpperCase().slice(0, 12)) }),
    city === "" ? null : h("p", { id: "near" }, `A shop in ${city} is open`),
    h("button", { type: "button", id: "more", onClick: () => setCount(count + 1) }, "More"),
    h("p", { id: "state" }, JSON.stringify({ email, note, country, gift, speed, city, count })));
}
modules["react-dom/client"].createRoot(document.getElementById("root")).render(h(Form));
