import { describe, expect, it } from "vitest";
import { missing, valuesOf } from "../src/blocks/values";
import type { Block, Element } from "../src/slack/types";

const plain = (text: string) => ({ type: "plain_text" as const, text });
const option = (value: string) => ({ text: plain(value), value });
const input = (block_id: string, element: Element, optional = false): Block => ({
  type: "input", block_id, label: plain(block_id), optional, element: { action_id: "a", ...element },
});

describe("state.values", () => {
  it("holds initial values, and what was set instead of them", () => {
    const blocks = [
      input("text", { type: "plain_text_input", initial_value: "first" }),
      input("pick", { type: "static_select", options: [option("x")], initial_option: option("x") }),
      { type: "actions", block_id: "acts", elements: [{ type: "button", action_id: "b" }, { type: "datepicker", action_id: "d" }] } as Block,
    ];
    expect(valuesOf(blocks, { text: { a: { type: "plain_text_input", value: "second" } } })).toEqual({
      text: { a: { type: "plain_text_input", value: "second" } },
      pick: { a: { type: "static_select", selected_option: option("x") } },
      acts: { d: { type: "datepicker", selected_date: null } },
    });
  });

  it("forgets a value when another kind of element takes its place", () => {
    const set = { who: { a: { type: "plain_text_input", value: "x" } } };
    expect(valuesOf([input("who", { type: "users_select" })], set)).toEqual({ who: { a: { type: "users_select", selected_user: null } } });
  });
});

describe("what is wrong before it is sent", () => {
  it.each([
    [{ type: "plain_text_input" }, null, "Please complete this required field."],
    [{ type: "plain_text_input", min_length: 5 }, "abc", "Please use at least 5 characters."],
    [{ type: "email_text_input" }, "nobody", "Please enter an email address."],
    [{ type: "number_input" }, "1.5", "Please enter a whole number."],
    [{ type: "number_input", is_decimal_allowed: true, max_value: "2" }, "2.5", "Please enter 2 or less."],
  ])("%o with %o", (element, value, error) => {
    const blocks = [input("x", element as Element)];
    expect(missing(blocks, { x: { a: { type: element.type, value } } })).toEqual({ x: error });
  });

  it("lets optional fields be empty", () => {
    const blocks = [input("x", { type: "multi_users_select" }, true)];
    expect(missing(blocks, valuesOf(blocks, {}))).toEqual({});
  });
});
