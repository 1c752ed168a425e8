/**
 * Slack's mrkdwn, parsed into a tree of plain values.
 *
 * The tree holds text, never markup: React writes it out, so nothing that a person types can become
 * HTML. Entities are decoded exactly once, in the leaves.
 */

export type Inline =
  | { kind: "text"; text: string }
  | { kind: "bold" | "italic" | "strike"; children: Inline[] }
  | { kind: "code"; text: string }
  | { kind: "link"; url: string; children: Inline[] }
  | { kind: "user"; id: string; label?: string }
  | { kind: "channel"; id: string; label?: string }
  | { kind: "group"; id: string; label?: string }
  | { kind: "broadcast"; range: string }
  | { kind: "date"; timestamp: number; format: string; url?: string; fallback: string }
  | { kind: "emoji"; name: string }
  | { kind: "break" };

export type BlockNode =
  | { kind: "line"; children: Inline[] }
  | { kind: "quote"; children: BlockNode[] }
  | { kind: "pre"; text: string };

const MAX_DEPTH = 8;
/** How far an opening mark looks for its end: keeps hostile texts from taking quadratic time. */
const MAX_SPAN = 2000;
const SAFE_SCHEMES = /^(https?:|mailto:|tel:)/i;
const MARKS = { "*": "bold", _: "italic", "~": "strike" } as const;
type Mark = keyof typeof MARKS;

/** Decodes the three entities Slack uses, each once: `&amp;lt;` becomes `&lt;`, not `<`. */
export function decodeEntities(text: string): string {
  return text.replace(/&(amp|lt|gt);/g, (_, name: string) => (name === "amp" ? "&" : name === "lt" ? "<" : ">"));
}

/** True for addresses that a link may lead to. */
export function isSafeUrl(url: string): boolean {
  return SAFE_SCHEMES.test(url.trim());
}

/** Parses a whole mrkdwn text, with quotes and preformatted parts. */
export function parseMrkdwn(source: string): BlockNode[] {
  const nodes: BlockNode[] = [];
  const fence = /```\n?([\s\S]+?)\n?```\n?/g;
  let from = 0;
  for (let match = fence.exec(source); match; match = fence.exec(source)) {
    nodes.push(...parseLines(source.slice(from, match.index).replace(/\n$/, "")));
    nodes.push({ kind: "pre", text: plainInside(match[1] ?? "") });
    from = fence.lastIndex;
  }
  if (from < source.length || from === 0) nodes.push(...parseLines(source.slice(from)));
  return nodes;
}

function parseLines(source: string): BlockNode[] {
  if (source === "") return [];
  const nodes: BlockNode[] = [];
  const lines = source.split("\n");
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? "";
    if (/^(&gt;|>){3}/.test(line)) {
      const rest = [line.replace(/^(?:&gt;|>){3} ?/, ""), ...lines.slice(at + 1)];
      nodes.push({ kind: "quote", children: rest.map((text) => ({ kind: "line", children: parseInline(text) })) });
      return nodes;
    }
    const quoted = /^(?:&gt;|>) ?(.*)$/.exec(line);
    if (!quoted) {
      nodes.push({ kind: "line", children: parseInline(line) });
      continue;
    }
    const child: BlockNode = { kind: "line", children: parseInline(quoted[1] ?? "") };
    const last = nodes.at(-1);
    if (last?.kind === "quote") last.children.push(child);
    else nodes.push({ kind: "quote", children: [child] });
  }
  return nodes;
}

/** Parses one line, or a text where line breaks are kept as breaks. */
export function parseInline(source: string, depth = 0): Inline[] {
  const out: Inline[] = [];
  let plain = "";
  const flush = () => {
    if (plain) out.push({ kind: "text", text: decodeEntities(plain) });
    plain = "";
  };
  let at = 0;
  while (at < source.length) {
    const found = tokenAt(source, at, depth);
    if (found) {
      flush();
      out.push(found.node);
      at = found.end;
    } else {
      plain += source[at];
      at += 1;
    }
  }
  flush();
  return out;
}

interface Token {
  node: Inline;
  end: number;
}

function tokenAt(source: string, at: number, depth: number): Token | null {
  const char = source[at];
  switch (char) {
    case "\n":
      return { node: { kind: "break" }, end: at + 1 };
    case "<":
      return angle(source, at, depth);
    case "`":
      return code(source, at);
    case ":":
      return emoji(source, at);
    case "*":
    case "_":
    case "~":
      return depth < MAX_DEPTH ? emphasis(source, at, char, depth) : null;
    case "h":
      return bareUrl(source, at);
    default:
      return null;
  }
}

function code(source: string, at: number): Token | null {
  const match = /^`([^`\n]+)`/.exec(source.slice(at, at + 4000));
  return match ? { node: { kind: "code", text: plainInside(match[1] ?? "") }, end: at + match[0].length } : null;
}

function emoji(source: string, at: number): Token | null {
  const match = /^:([a-z0-9_+'-]{1,60}(?:::skin-tone-[2-6])?):/.exec(source.slice(at, at + 90));
  if (!match || /^\d+$/.test(match[1] ?? "")) return null;
  return { node: { kind: "emoji", name: match[1] ?? "" }, end: at + match[0].length };
}

/** An opening mark follows a non-word character; a closing one is followed by one, as in Slack. */
function emphasis(source: string, at: number, mark: Mark, depth: number): Token | null {
  const before = source[at - 1];
  const first = source[at + 1];
  if (before && /[\p{L}\p{N}]/u.test(before)) return null;
  if (!first || /\s/.test(first) || first === mark) return null;
  const limit = Math.min(source.length, at + MAX_SPAN);
  for (let end = at + 2; end < limit; end += 1) {
    const char = source[end];
    if (char === "\n") return null;
    if (char === "<") end = Math.max(end, closingAngle(source, end));
    if (char === "`") end = closingTick(source, end);
    if (char !== mark || /\s/.test(source[end - 1] ?? " ")) continue;
    const after = source[end + 1];
    if (after && /[\p{L}\p{N}]/u.test(after)) continue;
    const children = parseInline(source.slice(at + 1, end), depth + 1);
    return { node: { kind: MARKS[mark], children }, end: end + 1 };
  }
  return null;
}

const closingAngle = (source: string, at: number): number => closing(source, at, ">");
const closingTick = (source: string, at: number): number => closing(source, at, "`");

/** Where the sign stands that ends what begins at `at`, on the same line; `at` itself if nowhere. */
function closing(source: string, at: number, sign: string): number {
  const near = source.slice(at + 1, at + MAX_SPAN);
  const end = near.indexOf(sign);
  return end === -1 || near.lastIndexOf("\n", end) !== -1 ? at : at + 1 + end;
}

function bareUrl(source: string, at: number): Token | null {
  if (/[\p{L}\p{N}/]/u.test(source[at - 1] ?? " ")) return null;
  const match = /^https?:\/\/[^\s<>|*~`"]+/.exec(source.slice(at, at + 2100));
  if (!match) return null;
  // Punctuation that ends the sentence is not part of the address.
  const raw = match[0].replace(/(?:[.,;:!?)\]}'_]|&gt;)+$/, "");
  if (raw.length < 9) return null;
  const url = decodeEntities(raw);
  return { node: { kind: "link", url, children: [{ kind: "text", text: url }] }, end: at + raw.length };
}

function angle(source: string, at: number, depth: number): Token | null {
  const end = closingAngle(source, at);
  if (end === at) return null;
  const node = reference(source.slice(at + 1, end), depth);
  return node ? { node, end: end + 1 } : null;
}

/** The inside of `<...>`: a mention, a date or a link. */
function reference(inside: string, depth: number): Inline | null {
  const bar = inside.indexOf("|");
  const target = bar === -1 ? inside : inside.slice(0, bar);
  const label = bar === -1 ? undefined : decodeEntities(inside.slice(bar + 1));
  const withLabel = label ? { label } : {};
  const [sigil, id] = [target[0], target.slice(1)];
  if (sigil === "@" && /^[UWB][A-Z0-9_]+$/i.test(id)) return { kind: "user", id, ...withLabel };
  if (sigil === "#" && /^[CGD][A-Z0-9_]+$/i.test(id)) return { kind: "channel", id, ...withLabel };
  if (sigil === "!") return special(id, withLabel);
  const url = decodeEntities(target);
  if (!isSafeUrl(url)) return null;
  const shown = bar === -1 || !label ? url.replace(/^(mailto|tel):/, "") : null;
  const children: Inline[] =
    shown === null && depth < MAX_DEPTH
      ? parseInline(inside.slice(bar + 1), MAX_DEPTH - 1)
      : [{ kind: "text", text: shown ?? label ?? url }];
  return { kind: "link", url, children };
}

function special(command: string, withLabel: { label?: string }): Inline | null {
  if (/^(here|channel|everyone)$/.test(command)) return { kind: "broadcast", range: command };
  const [name, ...parts] = command.split("^");
  if (name === "subteam" && parts[0]) return { kind: "group", id: parts[0], ...withLabel };
  if (name === "date" && parts[0] && parts[1]) {
    const url = parts[2] && isSafeUrl(parts[2]) ? { url: decodeEntities(parts[2]) } : {};
    return {
      kind: "date",
      timestamp: Number(parts[0]),
      format: decodeEntities(parts[1]),
      fallback: withLabel.label ?? "",
      ...url,
    };
  }
  return null;
}

/** Text inside code: no formatting, but links show their address and entities are decoded. */
function plainInside(text: string): string {
  const unlinked = text.replace(/<(https?:[^>|\s]+|mailto:[^>|\s]+)(?:\|([^>]*))?>/g, (_, url: string, label?: string) => label ?? url);
  return decodeEntities(unlinked);
}
