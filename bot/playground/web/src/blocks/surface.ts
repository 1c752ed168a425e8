import { createContext, useContext } from "react";
import type { Place } from "../slack/client";
import type { Element, ElementState, StateValues } from "../slack/types";

/** What blocks are shown on: a message, a modal or a Home tab, and how their elements act there. */
export interface Surface {
  place: Place;
  values: StateValues;
  errors: Record<string, string>;
  change: (blockId: string, element: Element, state: ElementState) => void;
  /** Sends a `block_actions`, after the element's confirmation where it asks for one. */
  press: (blockId: string, element: Element, state: ElementState) => void;
  busy: string | null;
}

export const SurfaceContext = createContext<Surface | null>(null);

export function useSurface(): Surface {
  const surface = useContext(SurfaceContext);
  if (!surface) throw new Error("Blocks are shown outside of a surface.");
  return surface;
}
