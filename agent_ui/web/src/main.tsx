import "@fontsource-variable/inter";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/app.css";

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import type { Boot } from "./contract/contract";
import { App } from "./features/session/App";

const root = document.getElementById("root");
const boot = document.getElementById("boot")?.textContent;
if (root !== null && boot) {
  createRoot(root).render(
    <StrictMode>
      <App boot={JSON.parse(boot) as Boot} />
    </StrictMode>,
  );
}
