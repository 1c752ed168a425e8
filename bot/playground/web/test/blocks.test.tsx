import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Blocks } from "../src/blocks/Blocks";
import type { Surface } from "../src/blocks/surface";
import { valuesOf } from "../src/blocks/values";
import type { Block, Boot } from "../src/slack/types";
import { useWorkspace } from "../src/state/store";

const plain = (text: string) => ({ type: "plain_text" as const, text });
const mrkdwn = (text: string) => ({ type: "mrkdwn" as const, text });

const boot: Boot = {
  team: { id: "T1", name: "Larkfield", domain: "larkfield" },
  me: "U1",
  people: [{ id: "U1", name: "ana", real_name: "Ana Ribeiro", is_bot: false }],
  channels: [], usergroups: [], commands: [], shortcuts: [], guide: [],
};

function show(blocks: Block[], errors: Record<string, string> = {}) {
  const surface: Surface = { place: { view_id: "V1" }, values: valuesOf(blocks, {}), errors, change: () => {}, press: () => {}, busy: null };
  return render(<Blocks blocks={blocks} surface={surface} />);
}

beforeEach(() => useWorkspace.setState({ boot }));
afterEach(cleanup);

describe("blocks", () => {
  it("never turn text into markup", () => {
    const evil = "<img src=x onerror=alert(1)> &lt;script&gt;alert(1)&lt;/script&gt;";
    const { container } = show([
      { type: "section", text: mrkdwn(evil) },
      { type: "header", text: plain(evil) },
      { type: "context", elements: [mrkdwn(evil)] as never },
      { type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text", text: evil }, { type: "link", url: "javascript:alert(1)", text: "x" }] }] as never },
    ]);
    expect(container.querySelector("img, script, a")).toBeNull();
    expect(container.textContent).toContain("<script>alert(1)</script>");
  });

  it("name people, and mark the one who looks", () => {
    show([{ type: "section", text: mrkdwn("<@U1> and <@U2|tom>") }]);
    expect(screen.getByText("@Ana Ribeiro").className).toContain("mine");
    expect(screen.getByText("@tom")).toBeTruthy();
  });

  it("tie an error to its field", () => {
    const block: Block = { type: "input", block_id: "fix", label: plain("What fixed it"), hint: plain("In plain words"), element: { type: "plain_text_input", action_id: "v" } };
    show([block], { fix: "Say a little more." });
    const field = screen.getByLabelText("What fixed it");
    expect(field.getAttribute("aria-invalid")).toBe("true");
    const described = (field.getAttribute("aria-describedby") ?? "").split(" ").map((id) => document.getElementById(id)?.textContent);
    expect(described).toEqual(["Say a little more.", "In plain words"]);
  });

  it("draw a plan with the state of each task", () => {
    const rich = (text: string) => ({ elements: [{ type: "rich_text_section", elements: [{ type: "text", text }] }] as never });
    show([
      { type: "plan", title: "Looking into it", tasks: [
        { type: "task_card", task_id: "1", title: "Read the log", status: "complete", details: rich("- the last hour"), output: rich("nothing odd") },
        { type: "task_card", task_id: "2", title: "Ask the gateway", status: "in_progress", sources: [{ url: "https://status.example", text: "status" }] },
        { type: "task_card", task_id: "3", title: "Write it up" },
      ] },
    ]);
    expect(screen.getAllByRole("img").map((one) => one.getAttribute("aria-label"))).toEqual(["Done", "Under way", "To do"]);
    expect(screen.getByText("nothing odd")).toBeTruthy();
    expect(screen.getByRole("link", { name: "status" }).getAttribute("href")).toBe("https://status.example");
    expect(screen.queryByText(/not shown/)).toBeNull();
  });

  it("draw a task alone, and no address that is none", () => {
    const { container } = show([{ type: "task_card", task_id: "1", title: "Call", status: "error", sources: [{ url: "javascript:alert(1)", text: "x" }] }]);
    expect(screen.getByRole("img").getAttribute("aria-label")).toBe("Failed");
    expect(container.querySelector("a")).toBeNull();
  });

  it("say so where a block is of a kind that is not known", () => {
    show([{ type: "hologram" }]);
    expect(screen.getByText(/hologram/)).toBeTruthy();
  });

  it("do not let a button lead to a script", () => {
    show([{ type: "actions", block_id: "b", elements: [{ type: "button", action_id: "x", text: plain("Go"), url: "javascript:alert(1)" }] as never }]);
    expect(screen.getByText("Go").tagName).toBe("BUTTON");
  });
});
