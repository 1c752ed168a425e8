import type { Element, ElementState } from "../slack/types";

/** How an element stands in an input block; absent for elements that stand alone. */
export interface Field {
  id: string;
  label: string;
  describedBy?: string;
  invalid: boolean;
  optional?: boolean;
  dispatch?: boolean;
}

export interface ElementProps {
  element: Element;
  state: ElementState;
  field?: Field;
  label: string;
  /** Takes the new state over, and reports it to the bot where the element does that. */
  update: (state: ElementState) => void;
  /** Reports to the bot at once, for text fields on Enter. */
  dispatch: (state: ElementState) => void;
}
