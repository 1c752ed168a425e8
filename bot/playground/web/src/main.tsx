import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "@fontsource-variable/figtree/index.css";
import "./styles/base.css";
import "./styles/layout.css";
import "./styles/message.css";
import "./styles/blocks.css";
import "./styles/panels.css";
import { App } from "./App";
import { applyTheme, useTheme } from "./parts/theme";
import { start } from "./state/session";

applyTheme(useTheme.getState().theme);
start();
createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
