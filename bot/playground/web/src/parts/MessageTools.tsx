import type { Message } from "../slack/types";
import { perform } from "../state/deeds";
import { openThread } from "../state/moves";
import { notify, useWorkspace } from "../state/store";
import { spotAddress } from "../state/place";
import { emojiFor } from "../text/emoji";
import { askConfirm } from "./confirm";
import { Icon } from "./Icon";
import { Menu, type MenuItem } from "./Menu";

const QUICK = ["white_check_mark", "eyes", "raised_hands"];

interface Props {
  channel: string;
  message: Message;
  inThread: boolean;
  mine: boolean;
  onEdit: () => void;
  onReact: () => void;
}

/** What one can do with a message; shown where the pointer or the focus is. */
export function MessageTools({ channel, message, inThread, mine, onEdit, onReact }: Props) {
  const shortcuts = useWorkspace((state) => state.boot?.shortcuts);
  const me = useWorkspace((state) => state.spot.as);
  const { ts } = message;
  const toggle = (name: string) => {
    const own = message.reactions?.some((reaction) => reaction.name === name && reaction.users.includes(me));
    void perform({ action: "react", channel, ts, name, ...(own ? { remove: true } : {}) });
  };
  const items: MenuItem[] = (shortcuts ?? [])
    .filter((shortcut) => shortcut.type === "message")
    .map((shortcut) => ({
      key: shortcut.callback_id,
      label: shortcut.name,
      description: "Shortcut",
      onSelect: () => void perform({ action: "shortcut", callback_id: shortcut.callback_id, channel, ts }),
    }));
  items.push({ key: "link", label: "Copy link", onSelect: () => void copyLink(channel, message) });
  if (mine) {
    items.push({ key: "edit", label: "Edit message", onSelect: onEdit });
    items.push({ key: "delete", label: "Delete message", danger: true, onSelect: () => void remove(channel, ts) });
  }
  return (
    <div className="tools" role="group" aria-label="Message actions">
      {QUICK.map((name) => (
        <button key={name} type="button" aria-label={`React with ${name.replaceAll("_", " ")}`} title={`:${name}:`}
          onClick={() => toggle(name)}>
          <span className="emoji">{emojiFor(name)}</span>
        </button>
      ))}
      <button type="button" aria-label="Add a reaction" title="Add a reaction" onClick={onReact}><Icon name="smile" /></button>
      {!inThread && (
        <button type="button" aria-label="Reply in thread" title="Reply in thread" onClick={() => openThread(channel, message.thread_ts ?? ts)}>
          <Icon name="thread" />
        </button>
      )}
      <Menu label="More message actions" trigger={<Icon name="more" />} items={items} />
    </div>
  );
}

async function remove(channel: string, ts: string): Promise<void> {
  const text = (words: string) => ({ type: "plain_text" as const, text: words });
  const sure = await askConfirm({
    title: text("Delete message"),
    text: text("It is removed for everybody. This cannot be undone."),
    confirm: text("Delete"),
    deny: text("Keep it"),
    style: "danger",
  });
  if (sure) await perform({ action: "delete", channel, ts });
}

async function copyLink(channel: string, message: Message): Promise<void> {
  const { as } = useWorkspace.getState().spot;
  const thread = message.thread_ts ?? (message.reply_count ? message.ts : "");
  const url = new URL(spotAddress({ as, channel, thread, tab: "messages" }), location.href);
  await navigator.clipboard.writeText(url.href);
  notify("Link copied");
}
