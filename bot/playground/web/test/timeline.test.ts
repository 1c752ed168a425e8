import { describe, expect, it } from "vitest";
import type { Message } from "../src/slack/types";
import { changed, isTopLevel, joined, placed, withReply } from "../src/state/timeline";

const message = (ts: string, more: Partial<Message> = {}): Message => ({ type: "message", text: ts, ts, user: "U1", ...more });
const order = (messages: Message[]) => messages.map((each) => each.ts);

describe("a list of messages", () => {
  it("keeps the order however messages arrive, and holds each once", () => {
    const list = ["3", "1", "2", "2"].reduce<Message[]>((all, ts) => placed(all, message(ts)), []);
    expect(order(list)).toEqual(["1", "2", "3"]);
  });

  it("keeps the counts of a parent whose text alone was changed", () => {
    const list = [message("1", { reply_count: 2, latest_reply: "5", reply_users: ["U2"] })];
    expect(changed(list, message("1", { text: "new" }))[0]).toMatchObject({ text: "new", reply_count: 2, latest_reply: "5" });
  });

  it("counts a reply once, whether it or the changed parent comes first", () => {
    const reply = message("5", { thread_ts: "1", user: "U2" });
    const once = withReply([message("1")], reply);
    expect(once[0]).toMatchObject({ reply_count: 1, latest_reply: "5", reply_users: ["U2"] });
    expect(withReply(once, reply)).toBe(once);
    const told = [message("1", { reply_count: 1, latest_reply: "5" })];
    expect(withReply(told, reply)).toBe(told);
  });

  it("keeps what arrived while a page of history was on its way", () => {
    const known = [message("2", { text: "old" }), message("9"), message("3.5", { ephemeral: true })];
    expect(order(joined(known, [message("2"), message("4")]))).toEqual(["2", "3.5", "4", "9"]);
  });

  it("shows replies in the channel only when they were sent there too", () => {
    expect(isTopLevel(message("2", { thread_ts: "1" }))).toBe(false);
    expect(isTopLevel(message("2", { thread_ts: "1", subtype: "thread_broadcast" }))).toBe(true);
    expect(isTopLevel(message("1", { thread_ts: "1" }))).toBe(true);
  });
});
