import type { KeyboardEvent } from "react";
import type { Block } from "../slack/types";
import { plainText } from "../text/Mrkdwn";
import type { ElementProps } from "./element";

const KINDS: Record<string, string> = { email_text_input: "email", url_text_input: "url", number_input: "text" };

/** One line or several of text, an address, or a number. */
export function TextInput({ element, state, label, field, update, dispatch }: ElementProps) {
  const rich = element.type === "rich_text_input";
  const value = rich ? (state.typed ?? richToText(state.rich_text_value)) : (state.value ?? "");
  const next = (text: string) =>
    rich ? { type: element.type, rich_text_value: textToRich(text), typed: text } : { type: element.type, value: text || null };
  const common = {
    id: field?.id,
    className: "text-input",
    value,
    placeholder: plainText(element.placeholder),
    maxLength: element.max_length,
    "aria-label": field ? undefined : label,
    "aria-describedby": field?.describedBy,
    "aria-invalid": field?.invalid || undefined,
    "aria-required": field && !field.optional ? true : undefined,
    autoFocus: element.focus_on_load,
  };
  if (element.multiline || rich) {
    return <textarea {...common} rows={4} onChange={(event) => update(next(event.target.value))} />;
  }
  const enter = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || !field?.dispatch) return;
    event.preventDefault();
    dispatch(state);
  };
  return (
    <input
      {...common}
      type={KINDS[element.type] ?? "text"}
      inputMode={element.type === "number_input" ? (element.is_decimal_allowed ? "decimal" : "numeric") : undefined}
      onChange={(event) => update(next(event.target.value))}
      onKeyDown={enter}
    />
  );
}

/** Enough to tell that something was entered; the workspace makes bold, lists and mentions of what was typed. */
function textToRich(text: string): Block | undefined {
  if (!text) return undefined;
  const section = { type: "rich_text_section", elements: [{ type: "text", text }] };
  return { type: "rich_text", elements: [section] } as unknown as Block;
}

function richToText(block: Block | undefined): string {
  const sections = (block?.elements ?? []) as { elements?: { text?: string }[] }[];
  return sections.flatMap((section) => section.elements ?? []).map((leaf) => leaf.text ?? "").join("");
}
