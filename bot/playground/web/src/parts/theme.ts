import { create } from "zustand";
import { recall, remember } from "../state/memory";

export type Theme = "auto" | "light" | "dark";

export const useTheme = create<{ theme: Theme }>(() => ({ theme: recall<Theme>("theme", "auto") }));

/** Puts the chosen theme on the document; `auto` leaves it to the system. */
export function applyTheme(theme: Theme): void {
  remember("theme", theme);
  useTheme.setState({ theme });
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}
