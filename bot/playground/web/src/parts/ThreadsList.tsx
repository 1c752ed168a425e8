import { channelTitle, useNames } from "../state/names";
import { useNow } from "../state/clock";
import { openThread } from "../state/moves";
import { useWorkspace } from "../state/store";
import { useFollowedThreads } from "../state/threads";
import { toPlain } from "../text/compose";
import { ago, dateOfTs } from "../text/dates";
import { Avatar } from "./Avatar";
import { DrawerButton } from "./ChannelPane";
import { TurnedMark } from "./ClockPanel";
import { Icon } from "./Icon";

/** All threads that concern a person, the latest first. */
export function ThreadsList() {
  const threads = useFollowedThreads();
  const now = useNow();
  const boot = useWorkspace((state) => state.boot);
  const { person, channel, me } = useNames();
  const directory = { people: boot?.people ?? [], channels: boot?.channels ?? [], usergroups: boot?.usergroups ?? [] };
  return (
    <main className="main" aria-label="Threads">
      <header className="pane-head">
        <DrawerButton />
        <div className="pane-title">
          <h2><Icon name="thread" /> Threads</h2>
          <div className="topic">Conversations you started, joined or were called to</div>
        </div>
        <TurnedMark />
      </header>
      <div className="threads-list">
        {threads.length === 0 && (
          <div className="home empty"><h3>No threads yet</h3><p>Ask something in a channel, or reply to somebody, and the thread is listed here.</p></div>
        )}
        <ul>
          {threads.map(({ channel: id, parent, unread }) => {
            const author = person(parent.user);
            const place = channel(id);
            return (
              <li key={`${id}/${parent.ts}`}>
                <button type="button" className={unread ? "thread-card unread" : "thread-card"} onClick={() => openThread(id, parent.ts)}>
                  <Avatar person={author} name={parent.username} />
                  <span className="thread-text">
                    <small>{place?.is_im ? "" : "#"}{channelTitle(place, person)} · {author?.id === me ? "You" : (parent.username ?? author?.real_name)}</small>
                    <span className="snippet">{toPlain(parent.text, directory) || "A message with blocks"}</span>
                    <small><strong>{parent.reply_count} {parent.reply_count === 1 ? "reply" : "replies"}</strong> · {parent.latest_reply && ago(dateOfTs(parent.latest_reply), now)}</small>
                  </span>
                  {unread && <span className="new-tag">New</span>}
                </button>
              </li>
            );
          })}
        </ul>
      </div>
    </main>
  );
}
