import { useMemo, useState } from "react";
import { channelTitle, useNames } from "../state/names";
import { sendMessage } from "../state/deeds";
import { closeThread } from "../state/moves";
import { threadChannel, threadKey, threadTs, useWorkspace } from "../state/store";
import { Status } from "./ChannelPane";
import { Composer } from "./Composer";
import { Icon } from "./Icon";
import { MessageList } from "./MessageList";

/** A thread, beside the channel it hangs in. */
export function ThreadPane() {
  const spot = useWorkspace((state) => state.spot);
  const channelId = threadChannel(spot);
  const ts = threadTs(spot);
  const messages = useWorkspace((state) => state.threads[threadKey(channelId, ts)]);
  const names = useNames();
  const channel = names.channel(channelId);
  const [broadcast, setBroadcast] = useState(false);
  const seen = useSeenBefore(threadKey(channelId, ts), messages !== undefined);
  if (!spot.thread || !channel) return null;
  const title = channelTitle(channel, names.person);
  const name = channel.is_im ? title : `#${title}`;
  return (
    <aside className="thread-pane" aria-label={`Thread in ${name}`}>
      <header className="pane-head">
        <div className="pane-title">
          <h2>Thread</h2>
          <div className="topic">{name}</div>
        </div>
        <button type="button" className="ghost" aria-label="Close thread" title="Close (Esc)" onClick={closeThread}>
          <Icon name="close" />
        </button>
      </header>
      {messages ? (
        <MessageList key={`${channelId}/${ts}/${messages.length > 0}`} channel={channelId} label={`Thread in ${name}`} messages={messages} inThread startAfter={seen} />
      ) : (
        <div className="message-list loading" aria-busy="true" />
      )}
      <div className="composer-area">
        <Status channel={channelId} thread={ts} />
        <Composer
          key={`${spot.as}/${channelId}/${ts}`}
          draftKey={`${spot.as}/${channelId}/${ts}`}
          label="Reply in thread"
          placeholder="Reply…"
          autoFocus
          takesFiles
          onSend={async (text, files) => {
            const answer = await sendMessage(channelId, text, { thread: ts, broadcast, files });
            if (answer.ok) setBroadcast(false);
            return answer;
          }}
        />
        {!channel.is_im && (
          <label className="also-send">
            <input type="checkbox" checked={broadcast} onChange={(event) => setBroadcast(event.target.checked)} /> Also send to {name}
          </label>
        )}
      </div>
    </aside>
  );
}

/** How far the person had read this thread when it was opened. */
function useSeenBefore(key: string, loaded: boolean): string {
  // Loading the thread marks it as read, so what was read before is noted until then.
  const before = useMemo(() => ({ key, ts: "" }), [key]);
  if (!loaded) before.ts = useWorkspace.getState().threadSeen[key] ?? "";
  return before.ts;
}
