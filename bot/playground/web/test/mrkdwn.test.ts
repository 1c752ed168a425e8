import { describe, expect, it } from "vitest";
import { decodeEntities, parseInline, parseMrkdwn, type BlockNode, type Inline } from "../src/text/mrkdwn";

/** The text that a person would read, without any formatting. */
function words(nodes: (Inline | BlockNode)[]): string {
  return nodes
    .map((node) => {
      if ("children" in node) return words(node.children);
      if ("text" in node) return node.text;
      return node.kind === "break" ? "\n" : "";
    })
    .join("");
}

const one = (source: string) => parseInline(source)[0];

describe("emphasis", () => {
  it("reads bold, italic, strike and code", () => {
    expect(parseInline("*b* _i_ ~s~ `c`").map((node) => node.kind)).toEqual([
      "bold", "text", "italic", "text", "strike", "text", "code",
    ]);
  });

  it("nests", () => {
    expect(one("*_both_*")).toEqual({ kind: "bold", children: [{ kind: "italic", children: [{ kind: "text", text: "both" }] }] });
  });

  it.each(["2*3*4", "snake_case_name", "* not bold *", "a ~ b ~ c", "**", "*open", "*over\nlines*"])("leaves %j alone", (source) => {
    expect(parseInline(source).every((node) => node.kind === "text" || node.kind === "break")).toBe(true);
    expect(words(parseInline(source))).toBe(source);
  });

  it("does not format inside code", () => {
    expect(one("`*x* &lt;b&gt;`")).toEqual({ kind: "code", text: "*x* <b>" });
  });

  it("keeps an emphasis whole around a link", () => {
    expect(one("*see <https://a.example/x*y|here>*")?.kind).toBe("bold");
  });
});

describe("references", () => {
  it.each([
    ["<@U123>", { kind: "user", id: "U123" }],
    ["<@U123|ana>", { kind: "user", id: "U123", label: "ana" }],
    ["<#C123|it-help>", { kind: "channel", id: "C123", label: "it-help" }],
    ["<!subteam^S1>", { kind: "group", id: "S1" }],
    ["<!subteam^S1|@l2>", { kind: "group", id: "S1", label: "@l2" }],
    ["<!here>", { kind: "broadcast", range: "here" }],
    ["<!channel|channel>", { kind: "broadcast", range: "channel" }],
    ["<!date^1392734382^{date} at {time}|then>", { kind: "date", timestamp: 1392734382, format: "{date} at {time}", fallback: "then" }],
    [":wave::skin-tone-2:", { kind: "emoji", name: "wave::skin-tone-2" }],
  ])("reads %s", (source, node) => {
    expect(one(source)).toEqual(node);
  });

  it("reads links with and without a label, and bare addresses", () => {
    expect(one("<https://a.example?x=1&amp;y=2|the *page*>")).toMatchObject({ kind: "link", url: "https://a.example?x=1&y=2" });
    expect(one("<mailto:a@b.example>")).toEqual({ kind: "link", url: "mailto:a@b.example", children: [{ kind: "text", text: "a@b.example" }] });
    expect(parseInline("see https://a.example/x, then")[1]).toMatchObject({ kind: "link", url: "https://a.example/x" });
  });

  it.each(["<javascript:alert(1)|x>", "<data:text/html,x>", "<vbscript:x|y>"])("makes no link of %s", (source) => {
    expect(parseInline(source).some((node) => node.kind === "link")).toBe(false);
  });

  it("does not take a time of day for an emoji", () => {
    expect(words(parseInline("at 10:30:00 sharp"))).toBe("at 10:30:00 sharp");
  });
});

describe("entities", () => {
  it("are decoded exactly once", () => {
    expect(decodeEntities("&amp;lt; &lt;b&gt; &amp;amp;")).toBe("&lt; <b> &amp;");
    expect(parseInline("&lt;@U1&gt;")).toEqual([{ kind: "text", text: "<@U1>" }]);
  });
});

describe("blocks", () => {
  it("reads quotes, escaped or not, as one", () => {
    expect(parseMrkdwn("&gt; one\n> two\nthree").map((node) => node.kind)).toEqual(["quote", "line"]);
  });

  it("takes everything after >>> as the quote", () => {
    const [quote] = parseMrkdwn(">>> one\ntwo\n\nthree");
    expect(quote?.kind === "quote" && quote.children.length).toBe(4);
  });

  it("keeps preformatted text as it is", () => {
    expect(parseMrkdwn("a\n```\n*x* &amp; <https://a.example>\n```\nb")).toMatchObject([
      { kind: "line" }, { kind: "pre", text: "*x* & https://a.example" }, { kind: "line" },
    ]);
  });

  it("shows an empty text as nothing", () => {
    expect(parseMrkdwn("")).toEqual([]);
  });
});

describe("whatever is typed", () => {
  const pieces = ["*", "_", "~", "`", "```", "<", ">", "&lt;", "&amp;", ":", "@", "!", "|", "^", "\n", " ", "a", "https://a.example", "<@U1>", "é", "\u{1F600}"];

  it("is parsed without failing, and letters are never lost", () => {
    let seed = 7;
    const next = (limit: number) => (seed = (seed * 1103515245 + 12345) % 2147483648) % limit;
    for (let round = 0; round < 3000; round += 1) {
      const source = Array.from({ length: 1 + next(14) }, () => pieces[next(pieces.length)]).join("");
      const letters = (text: string) => [...text].filter((char) => char === "é").length;
      const shown = words(parseMrkdwn(source));
      // A link may show its label in place of its address: only there may letters go.
      if (!source.includes("<")) expect(letters(shown), source).toBe(letters(source));
    }
  });

  it("takes time in proportion to its length", { timeout: 20_000 }, () => {
    const before = performance.now();
    for (const char of ["*a ", "_a", "<", "`", ":a", "~x ", "&gt;"]) parseMrkdwn(char.repeat(40_000 / char.length));
    expect(performance.now() - before).toBeLessThan(10_000);
  });
});
