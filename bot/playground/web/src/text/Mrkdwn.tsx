import { Fragment, memo, type MouseEvent, type ReactNode } from "react";
import { useNames } from "../state/names";
import { readSpot, type Spot } from "../state/place";
import { openChannel, openThread } from "../state/moves";
import { useWorkspace } from "../state/store";
import type { TextObject } from "../slack/types";
import { useNow } from "../state/clock";
import { formatDate } from "./dates";
import { emojiFor, replaceEmoji } from "./emoji";
import { isSafeUrl, parseMrkdwn, type BlockNode, type Inline } from "./mrkdwn";

/** A text in Slack's mrkdwn. */
export const Mrkdwn = memo(function Mrkdwn({ text }: { text: string }) {
  return <div className="mrkdwn">{parseMrkdwn(text).map(renderNode)}</div>;
});

/** A text object of a block: mrkdwn, or plain text with emoji names. */
export function BlockText({ text }: { text: TextObject | string | undefined }) {
  if (text === undefined) return null;
  if (typeof text === "string") return <>{replaceEmoji(text)}</>;
  if (text.type === "mrkdwn") return <Mrkdwn text={text.text} />;
  return <>{text.emoji === false ? text.text : replaceEmoji(text.text)}</>;
}

/** The characters of a text object, for labels that take no markup. */
export function plainText(text: TextObject | string | null | undefined): string {
  // Slack writes null for what a view leaves out, such as its close button.
  if (text === null || text === undefined) return "";
  return replaceEmoji(typeof text === "string" ? text : text.text);
}

function renderNode(node: BlockNode, index: number): ReactNode {
  if (node.kind === "pre") return <pre key={index} tabIndex={0}>{node.text}</pre>;
  if (node.kind === "quote") return <blockquote key={index}>{node.children.map(renderNode)}</blockquote>;
  return (
    <div key={index} className={node.children.length ? "line" : "line blank"}>
      {renderInline(node.children)}
    </div>
  );
}

function renderInline(nodes: Inline[]): ReactNode {
  return nodes.map((node, index) => <Fragment key={index}>{renderOne(node)}</Fragment>);
}

function renderOne(node: Inline): ReactNode {
  switch (node.kind) {
    case "text":
      return node.text;
    case "break":
      return <br />;
    case "bold":
      return <strong>{renderInline(node.children)}</strong>;
    case "italic":
      return <em>{renderInline(node.children)}</em>;
    case "strike":
      return <s>{renderInline(node.children)}</s>;
    case "code":
      return <code>{node.text}</code>;
    case "link":
      return <Link url={node.url}>{renderInline(node.children)}</Link>;
    case "user":
      return <UserMention id={node.id} label={node.label} />;
    case "channel":
      return <ChannelMention id={node.id} label={node.label} />;
    case "group":
      return <GroupMention id={node.id} label={node.label} />;
    case "broadcast":
      return <Broadcast range={node.range} />;
    case "emoji":
      return <Emoji name={node.name} />;
    case "date":
      return <SlackDate {...node} />;
  }
}

/** A link: to a message here it goes at once, others open elsewhere, unsafe ones stay text. */
export function Link({ url, children }: { url: string; children: ReactNode }) {
  if (!isSafeUrl(url)) return <>{children}</>;
  const inside = permalink(url);
  const follow = (event: MouseEvent) => {
    if (!inside || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (inside.thread) openThread(inside.channel, inside.thread);
    else openChannel(inside.channel);
  };
  return (
    <a href={url} target="_blank" rel="noreferrer noopener" onClick={follow}>
      {children}
    </a>
  );
}

/** Where a link to a message of this workspace leads, if the person may go there. */
function permalink(url: string): Spot | null {
  const target = new URL(url, location.href);
  if (target.origin !== location.origin || !target.pathname.startsWith("/archives/")) return null;
  const spot = readSpot(target);
  const known = useWorkspace.getState().boot?.channels.some((channel) => channel.id === spot.channel);
  return known ? spot : null;
}

export function Emoji({ name, unicode }: { name: string; unicode?: string }) {
  const characters = emojiFor(name) ?? fromHex(unicode);
  if (!characters) return <>:{name}:</>;
  return (
    <span className="emoji" role="img" aria-label={name.replaceAll("_", " ")} title={`:${name}:`}>
      {characters}
    </span>
  );
}

function fromHex(unicode: string | undefined): string | null {
  const points = unicode?.split("-").map((part) => Number.parseInt(part, 16)) ?? [];
  const valid = points.length > 0 && points.every((point) => point > 0 && point <= 0x10ffff);
  return valid ? String.fromCodePoint(...points) : null;
}

export function UserMention({ id, label }: { id: string; label?: string }) {
  const { person, me } = useNames();
  const known = person(id);
  return <span className={id === me ? "mention mine" : "mention"}>@{known?.real_name ?? label ?? id}</span>;
}

export function GroupMention({ id, label }: { id: string; label?: string }) {
  const { group, me } = useNames();
  const known = group(id);
  const mine = known?.users.includes(me);
  return (
    <span className={mine ? "mention mine" : "mention"} title={known?.name}>
      @{known?.handle ?? label?.replace(/^@/, "") ?? id}
    </span>
  );
}

export function ChannelMention({ id, label }: { id: string; label?: string }) {
  const { channel } = useNames();
  const known = channel(id);
  if (!known) return <span className="mention">#{label ?? "private-channel"}</span>;
  return (
    <button type="button" className="mention" onClick={() => openChannel(id)}>
      #{known.name}
    </button>
  );
}

export function Broadcast({ range }: { range: string }) {
  return <span className="mention mine">@{range}</span>;
}

export function SlackDate(props: { timestamp: number; format: string; url?: string; fallback?: string }) {
  const now = useNow();
  const shown = formatDate(props.timestamp, props.format, now) ?? props.fallback ?? "";
  const title = formatDate(props.timestamp, "{date_long} {time}", now) ?? undefined;
  const element = (
    <time className="slack-date" title={title}>
      {shown}
    </time>
  );
  return props.url ? <Link url={props.url}>{element}</Link> : element;
}
