import { useMemo, useState } from "react";
import { askConfirm } from "../parts/confirm";
import type { Place } from "../slack/client";
import type { Block, Element, ElementState, StateValues } from "../slack/types";
import { perform } from "../state/deeds";
import type { Surface } from "./surface";
import { valuesOf } from "./values";

/** Keeps what a person has put into the elements of some blocks, and sends their presses. */
export function useSurfaceState(place: Place, blocks: Block[], errors: Record<string, string> = {}): Surface {
  const [set, setSet] = useState<StateValues>({});
  const [busy, setBusy] = useState<string | null>(null);
  const values = useMemo(() => valuesOf(blocks, set), [blocks, set]);

  const withState = (before: StateValues, blockId: string, element: Element, state: ElementState): StateValues => ({
    ...before,
    [blockId]: { ...before[blockId], [element.action_id ?? ""]: state },
  });

  const press = async (blockId: string, element: Element, state: ElementState): Promise<void> => {
    if (element.confirm && !(await askConfirm(element.confirm))) return;
    const holdsValue = state.type === element.type && values[blockId]?.[element.action_id ?? ""] !== undefined;
    const next = holdsValue ? withState(set, blockId, element, state) : set;
    if (holdsValue) setSet(next);
    setBusy(`${blockId}/${element.action_id}/${state.value ?? ""}`);
    await perform({
      action: "press",
      ...place,
      ...state,
      block_id: blockId,
      action_id: element.action_id ?? "",
      values: valuesOf(blocks, next),
    });
    setBusy(null);
  };

  return {
    place,
    values,
    errors,
    busy,
    change: (blockId, element, state) => setSet((before) => withState(before, blockId, element, state)),
    press: (blockId, element, state) => void press(blockId, element, state),
  };
}
