import { describe, expect, it } from "vitest";
import type { Channel, Person } from "../src/slack/types";
import { fromMrkdwn, toPlain, withReferences } from "../src/text/compose";

const person = (id: string, name: string, real_name: string): Person => ({ id, name, real_name, is_bot: false });
const directory = {
  people: [person("U1", "mei", "Mei Tanaka"), person("U2", "me", "Me"), person("U3", "ana", "Ana (Finance)")],
  channels: [{ id: "C1", name: "it-help", is_im: false, is_private: false, members: [], unread: 0, mentions: 0 } satisfies Channel],
  usergroups: [{ id: "S1", handle: "l2-oncall", name: "L2 on call", users: [] }],
};

describe("names that are typed", () => {
  it.each([
    ["hi @mei", "hi <@U1>"],
    ["@Mei Tanaka, look", "<@U1>, look"],
    ["(@Ana (Finance))", "(<@U3>)"],
    ["@l2-oncall and #it-help", "<!subteam^S1> and <#C1|it-help>"],
    ["@here", "<!here>"],
  ])("become references: %s", (typed, stored) => {
    expect(withReferences(typed, directory)).toBe(stored);
  });

  it.each(["mail me@mei.example", "`@mei`", "@meister", "a#it-help", "@nobody", "1 < 2 & 3 > 2"])("stay in %s", (typed) => {
    expect(withReferences(typed, directory)).toBe(typed);
  });
});

describe("editing", () => {
  it("gives back what was typed", () => {
    const stored = "<@U1> in <#C1|it-help> with <!subteam^S1>: 1 &lt; 2 &amp;amp; <https://a.example>";
    expect(fromMrkdwn(stored, directory)).toBe("@Mei Tanaka in #it-help with @l2-oncall: 1 < 2 &amp; https://a.example");
  });

  it("keeps references that nobody knows", () => {
    expect(fromMrkdwn("<@U999>", directory)).toBe("<@U999>");
  });

  it("makes one plain line", () => {
    expect(toPlain("*T-1*\n<@U1> _waits_", directory)).toBe("T-1 @Mei Tanaka waits");
  });
});
