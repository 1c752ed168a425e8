import { memo, useRef, useState } from "react";
import { Blocks } from "../blocks/Blocks";
import { useSurfaceState } from "../blocks/useSurfaceState";
import type { Attachment, FileObject, Message } from "../slack/types";
import { useNames } from "../state/names";
import { useNow } from "../state/clock";
import { perform } from "../state/deeds";
import { openThread } from "../state/moves";
import { threadKey, useWorkspace } from "../state/store";
import { fromMrkdwn } from "../text/compose";
import { ago, clockTime, dateOfTs, fullTime } from "../text/dates";
import { Link, Mrkdwn } from "../text/Mrkdwn";
import { Avatar } from "./Avatar";
import { Composer } from "./Composer";
import { EmojiPicker } from "./EmojiPicker";
import { Icon } from "./Icon";
import { MessageTools } from "./MessageTools";
import { Reactions } from "./Reactions";

interface Props {
  channel: string;
  message: Message;
  /** Follows closely on a message by the same author: no picture, no name. */
  grouped: boolean;
  inThread: boolean;
}

/** One message with all that hangs on it. */
export const MessageItem = memo(function MessageItem({ channel, message, grouped, inThread }: Props) {
  const { person, me } = useNames();
  const [editing, setEditing] = useState(false);
  const [picking, setPicking] = useState(false);
  const [touched, setTouched] = useState(false);
  const found = useWorkspace((state) => state.revealed?.ts === message.ts && state.revealed.channel === channel);
  const tools = useRef<HTMLDivElement>(null);
  const author = person(message.user);
  const name = message.username ?? author?.real_name ?? message.bot_profile?.name ?? "Somebody";
  const at = dateOfTs(message.ts);
  const mine = message.user === me && !message.bot_id && !message.ephemeral;

  if (isNote(message)) return <Note message={message} name={name} />;
  const isApp = Boolean(author?.is_bot || message.bot_id);
  return (
    <div
      className={`message${found ? " found-here" : ""}${grouped ? " grouped" : ""}${message.ephemeral ? " ephemeral" : ""}${picking ? " busy" : ""}`}
      data-ts={message.ts}
      tabIndex={-1}
      onMouseEnter={() => setTouched(true)}
      onFocus={() => setTouched(true)}
    >
      <div className="gutter">
        {grouped ? <time className="side-time" title={fullTime(at)}>{clockTime(at).replace(/\s?[AP]M$/i, "")}</time> : <Avatar person={author} name={name} />}
      </div>
      <div className="message-body">
        {message.ephemeral && <p className="only-you"><Icon name="eye" size={14} /> Only visible to you</p>}
        {message.subtype === "thread_broadcast" && !inThread && <Broadcasted channel={channel} message={message} />}
        <p className={grouped ? "byline hidden" : "byline"}>
          <span className="author">{name}</span>
          {isApp && <span className="app-tag">App</span>}
          <time dateTime={at.toISOString()} title={fullTime(at)}>{clockTime(at)}</time>
        </p>
        {editing ? <Editor channel={channel} message={message} onDone={() => setEditing(false)} /> : <Content channel={channel} message={message} />}
        {message.files?.map((file) => <FileCard key={file.id} file={file} />)}
        {message.reactions && message.reactions.length > 0 && <Reactions channel={channel} message={message} />}
        {!inThread && (message.reply_count ?? 0) > 0 && <ReplyBar channel={channel} message={message} />}
      </div>
      <div className="tools-anchor" ref={tools}>
        {(touched || picking) && !editing && !message.ephemeral && (
          <MessageTools channel={channel} message={message} inThread={inThread} mine={mine}
            onEdit={() => setEditing(true)} onReact={() => setPicking(true)} />
        )}
      </div>
      {picking && (
        <EmojiPicker anchor={tools} onClose={() => setPicking(false)}
          onPick={(picked) => { setPicking(false); void perform({ action: "react", channel, ts: message.ts, name: picked }); }} />
      )}
    </div>
  );
});

const NOTES = new Set(["channel_join", "channel_leave", "channel_topic", "channel_purpose", "channel_name", "tombstone", "group_join"]);

function isNote(message: Message): boolean {
  return message.subtype !== undefined && NOTES.has(message.subtype);
}

function Note({ message, name }: { message: Message; name: string }) {
  const text = message.subtype === "tombstone" ? "This message was deleted." : message.text || `${name} joined.`;
  return (
    <div className="message note" data-ts={message.ts} tabIndex={-1}>
      <div className="gutter" />
      <div className="message-body"><Mrkdwn text={text} /></div>
    </div>
  );
}

function Content({ channel, message }: { channel: string; message: Message }) {
  const edited = message.edited && !message.bot_id && <span className="edited">(edited)</span>;
  const blocks = message.blocks ?? [];
  return (
    <div className="content">
      {blocks.length > 0 ? <MessageBlocks channel={channel} message={message} /> : message.text && <Mrkdwn text={message.text} />}
      {edited}
      {message.attachments?.map((attachment, index) => (
        <AttachmentCard key={index} attachment={attachment} channel={channel} message={message} />
      ))}
    </div>
  );
}

function MessageBlocks({ channel, message }: { channel: string; message: Message }) {
  const place = { channel, ts: message.ts, ...(message.thread_ts ? { thread_ts: message.thread_ts } : {}) };
  const surface = useSurfaceState(place, message.blocks ?? []);
  return <Blocks blocks={message.blocks ?? []} surface={surface} />;
}

const NAMED_COLORS: Record<string, string> = { good: "#2f9e6e", warning: "#d9a21b", danger: "#d0443e" };

function AttachmentCard({ attachment, channel, message }: { attachment: Attachment; channel: string; message: Message }) {
  const surface = useSurfaceState({ channel, ts: message.ts }, attachment.blocks ?? []);
  const given = attachment.color ?? "";
  const color = NAMED_COLORS[given] ?? (/^#?[0-9a-f]{6}$/i.test(given) ? `#${given.replace("#", "")}` : undefined);
  return (
    <div className="attachment" style={color ? { borderInlineStartColor: color } : undefined}>
      {attachment.pretext && <Mrkdwn text={attachment.pretext} />}
      {attachment.title && <strong>{attachment.title_link ? <Link url={attachment.title_link}>{attachment.title}</Link> : attachment.title}</strong>}
      {attachment.text && <Mrkdwn text={attachment.text} />}
      {attachment.fields && (
        <div className="fields">
          {attachment.fields.map((field, index) => <div key={index}><strong>{field.title}</strong><Mrkdwn text={field.value} /></div>)}
        </div>
      )}
      {attachment.blocks && <Blocks blocks={attachment.blocks} surface={surface} />}
      {attachment.footer && <small>{attachment.footer}</small>}
    </div>
  );
}

function FileCard({ file }: { file: FileObject }) {
  const name = file.title || file.name || file.id;
  const url = file.url_private ?? file.permalink ?? "";
  if (url && /^image\/(png|jpeg|gif|webp)$/.test(file.mimetype ?? "")) {
    return <a className="file-picture" href={url} target="_blank" rel="noreferrer noopener"><img src={url} alt={name} /></a>;
  }
  const size = file.size ? `${Math.max(1, Math.round(file.size / 1024))} KB` : "";
  return (
    <div className="file-card">
      <Icon name="file" size={22} />
      <span><Link url={url}>{name}</Link><small>{[file.mimetype, size].filter(Boolean).join(" · ")}</small></span>
    </div>
  );
}

function Editor({ channel, message, onDone }: { channel: string; message: Message; onDone: () => void }) {
  const boot = useWorkspace.getState().boot;
  const directory = { people: boot?.people ?? [], channels: boot?.channels ?? [], usergroups: boot?.usergroups ?? [] };
  return (
    <Composer
      draftKey={`edit/${channel}/${message.ts}`}
      label="Edit message"
      placeholder="Edit message"
      initial={fromMrkdwn(message.text, directory)}
      autoFocus
      sendLabel="Save"
      onCancel={onDone}
      onSend={async (text) => {
        const answer = await perform({ action: "edit", channel, ts: message.ts, text });
        if (answer.ok) onDone();
        return answer;
      }}
    />
  );
}

function Broadcasted({ channel, message }: { channel: string; message: Message }) {
  return (
    <p className="broadcasted">
      <Icon name="thread" size={14} /> replied to{" "}
      <button type="button" className="link" onClick={() => openThread(channel, message.thread_ts ?? message.ts)}>a thread</button>
    </p>
  );
}

function ReplyBar({ channel, message }: { channel: string; message: Message }) {
  const now = useNow();
  const { person, me } = useNames();
  const seen = useWorkspace((state) => state.threadSeen[threadKey(channel, message.ts)] ?? "");
  const open = useWorkspace((state) => state.spot.thread.endsWith(message.ts));
  const count = message.reply_count ?? 0;
  const involved = message.user === me || message.reply_users?.includes(me);
  const unread = Boolean(involved && !open && (message.latest_reply ?? "") > seen);
  return (
    <button type="button" className={`reply-bar${unread ? " unread" : ""}${open ? " open" : ""}`} onClick={() => openThread(channel, message.ts)}>
      <span className="faces">
        {message.reply_users?.slice(0, 4).map((id) => <Avatar key={id} person={person(id)} size={22} />)}
      </span>
      <strong>{count} {count === 1 ? "reply" : "replies"}</strong>
      {unread && <span className="new-tag">New</span>}
      <span className="reply-time">{message.latest_reply && ago(dateOfTs(message.latest_reply), now)}</span>
    </button>
  );
}
