import { Fragment, type ReactNode } from "react";
import type { RichNode, Style } from "../slack/types";
import { Broadcast, ChannelMention, Emoji, GroupMention, Link, SlackDate, UserMention } from "../text/Mrkdwn";

/** A `rich_text` block. */
export function RichText({ elements }: { elements: RichNode[] }) {
  return <div className="mrkdwn rich">{elements.map((element, index) => <Part key={index} node={element} />)}</div>;
}

function Part({ node }: { node: RichNode }) {
  const inside = node.elements ?? [];
  switch (node.type) {
    case "rich_text_section":
      return <div className="line">{inline(inside)}</div>;
    case "rich_text_quote":
      return <blockquote>{inline(inside)}</blockquote>;
    case "rich_text_preformatted":
      return <pre tabIndex={0}>{inline(inside)}</pre>;
    case "rich_text_list":
      return <List node={node} />;
    default:
      return null;
  }
}

const BULLETS = ["disc", "circle", "square"];
const NUMBERS = ["decimal", "lower-alpha", "lower-roman"];

function List({ node }: { node: RichNode }) {
  const level = node.indent ?? 0;
  const ordered = node.style === "ordered";
  const Tag = ordered ? "ol" : "ul";
  const listStyleType = (ordered ? NUMBERS : BULLETS)[level % 3];
  return (
    <Tag
      className={node.border ? "bordered" : undefined}
      style={{ marginInlineStart: `${level * 1.5}em`, listStyleType }}
      {...(ordered && node.offset ? { start: node.offset + 1 } : {})}
    >
      {(node.elements ?? []).map((item, index) => (
        <li key={index}>{inline(item.elements ?? [])}</li>
      ))}
    </Tag>
  );
}

function inline(nodes: RichNode[]): ReactNode {
  return nodes.map((node, index) => <Fragment key={index}>{styled(node, leaf(node))}</Fragment>);
}

function leaf(node: RichNode): ReactNode {
  switch (node.type) {
    case "text":
      return node.text;
    case "link":
      return <Link url={node.url ?? ""}>{node.text || node.url}</Link>;
    case "emoji":
      return <Emoji name={node.name ?? ""} unicode={node.unicode} />;
    case "user":
      return <UserMention id={node.user_id ?? ""} />;
    case "usergroup":
      return <GroupMention id={node.usergroup_id ?? ""} />;
    case "channel":
      return <ChannelMention id={node.channel_id ?? ""} />;
    case "broadcast":
      return <Broadcast range={node.range ?? "here"} />;
    case "date":
      return <SlackDate timestamp={node.timestamp ?? 0} format={node.format ?? ""} url={node.url} fallback={node.fallback} />;
    case "color":
      return (
        <span className="color">
          <span className="swatch" style={{ background: safeColor(node.value) }} /> {node.value}
        </span>
      );
    default:
      return node.text ?? null;
  }
}

function safeColor(value: string | undefined): string {
  return value && /^#[0-9a-f]{3,8}$/i.test(value) ? value : "transparent";
}

function styled(node: RichNode, content: ReactNode): ReactNode {
  const style = (typeof node.style === "object" ? node.style : {}) as Style;
  let out = content;
  if (style.code) out = <code>{out}</code>;
  if (style.bold) out = <strong>{out}</strong>;
  if (style.italic) out = <em>{out}</em>;
  if (style.strike) out = <s>{out}</s>;
  if (style.underline) out = <u>{out}</u>;
  return out;
}
