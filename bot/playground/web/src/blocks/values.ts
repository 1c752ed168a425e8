/** What people put into the elements of a message or view, in the shape of Slack's `state.values`. */

import type { Block, Element, ElementState, StateValues } from "../slack/types";

const INPUTS = new Set([
  "plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input",
  "static_select", "external_select", "users_select", "conversations_select", "channels_select",
  "multi_static_select", "multi_external_select", "multi_users_select", "multi_conversations_select",
  "multi_channels_select", "datepicker", "timepicker", "datetimepicker", "radio_buttons", "checkboxes",
  "file_input",
]);

/** The state of an element before anybody touched it; null for elements that hold none. */
export function initialState(element: Element): ElementState | null {
  const { type } = element;
  if (!INPUTS.has(type)) return null;
  if (type === "file_input") return { type, files: [] };
  if (type === "rich_text_input") return { type };
  if (type.endsWith("_input")) return { type, value: element.initial_value ?? null };
  if (type === "datepicker") return { type, selected_date: element.initial_date ?? null };
  if (type === "timepicker") return { type, selected_time: element.initial_time ?? null };
  if (type === "datetimepicker") return { type, selected_date_time: element.initial_date_time ?? null };
  if (type === "users_select") return { type, selected_user: element.initial_user ?? null };
  if (type === "channels_select") return { type, selected_channel: element.initial_channel ?? null };
  if (type === "conversations_select") return { type, selected_conversation: element.initial_conversation ?? null };
  if (type === "multi_users_select") return { type, selected_users: element.initial_users ?? [] };
  if (type === "multi_channels_select") return { type, selected_channels: element.initial_channels ?? [] };
  if (type === "multi_conversations_select") {
    return { type, selected_conversations: element.initial_conversations ?? [] };
  }
  if (type.startsWith("multi_") || type === "checkboxes") {
    return { type, selected_options: element.initial_options ?? [] };
  }
  return { type, selected_option: element.initial_option ?? null };
}

/** Every element of a block that can hold a value. */
export function elementsOf(block: Block): Element[] {
  const inside = block.type === "actions" || block.type === "context_actions" ? (block.elements ?? []) : [];
  return [...inside, block.accessory, block.element].filter((each): each is Element => each !== undefined);
}

/** The values of all elements: those that a person set, and the initial ones of the rest. */
export function valuesOf(blocks: Block[], set: StateValues): StateValues {
  const values: StateValues = {};
  for (const block of blocks) {
    for (const element of elementsOf(block)) {
      const initial = initialState(element);
      if (!initial || !block.block_id || !element.action_id) continue;
      const own = set[block.block_id]?.[element.action_id];
      // A changed view may hold another kind of element under the same ids.
      (values[block.block_id] ??= {})[element.action_id] = own?.type === initial.type ? own : initial;
    }
  }
  return values;
}

/** Whether an element has been given anything. */
export function isEmpty(state: ElementState | undefined): boolean {
  if (!state) return true;
  const { type: _, ...rest } = state;
  return Object.values(rest).every(
    (value) => value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0),
  );
}

/** What the page itself can say is wrong before anything is sent: the message for each block. */
export function missing(blocks: Block[], values: StateValues): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const block of blocks) {
    const { element, block_id: id } = block;
    if (block.type !== "input" || !element?.action_id || !id) continue;
    const state = values[id]?.[element.action_id];
    if (isEmpty(state)) {
      if (!block.optional) errors[id] = "Please complete this required field.";
      continue;
    }
    const problem = tooShortOrLong(element, state?.value ?? "") ?? wrongKind(element, state?.value ?? "");
    if (problem) errors[id] = problem;
  }
  return errors;
}

function tooShortOrLong(element: Element, value: string): string | null {
  if (!element.type.endsWith("text_input")) return null;
  if (element.min_length && value.length < element.min_length) {
    return `Please use at least ${element.min_length} characters.`;
  }
  if (element.max_length && value.length > element.max_length) {
    return `Please use at most ${element.max_length} characters.`;
  }
  return null;
}

function wrongKind(element: Element, value: string): string | null {
  if (element.type === "email_text_input" && !/^\S+@\S+\.\S+$/.test(value)) return "Please enter an email address.";
  if (element.type === "url_text_input" && !/^https?:\/\/\S+$/.test(value)) return "Please enter a web address.";
  if (element.type !== "number_input") return null;
  const number = Number(value);
  if (Number.isNaN(number)) return "Please enter a number.";
  if (!element.is_decimal_allowed && !Number.isInteger(number)) return "Please enter a whole number.";
  if (element.min_value !== undefined && number < Number(element.min_value)) {
    return `Please enter ${element.min_value} or more.`;
  }
  if (element.max_value !== undefined && number > Number(element.max_value)) {
    return `Please enter ${element.max_value} or less.`;
  }
  return null;
}
