import { useEffect, useState } from "react";
import { fetchChannels } from "../slack/client";
import type { Channel } from "../slack/types";
import { perform } from "../state/deeds";
import { openChannel } from "../state/moves";
import { updateChannel } from "../state/reading";
import { useWorkspace } from "../state/store";
import { Dialog } from "./Dialog";
import { Icon } from "./Icon";

/** Every public channel: to look into, to join, to leave. */
export function ChannelBrowser({ onClose }: { onClose: () => void }) {
  const me = useWorkspace((state) => state.spot.as);
  const [channels, setChannels] = useState<Channel[] | null>(null);
  const [query, setQuery] = useState("");

  useEffect(() => {
    void fetchChannels(me).then((answer) => setChannels(answer.channels), () => setChannels([]));
  }, [me]);

  const change = async (channel: Channel, action: "join" | "leave") => {
    const answer = await perform({ action, channel: channel.id });
    if (!answer.ok) return;
    const fresh = await fetchChannels(me).catch(() => null);
    if (!fresh) return;
    setChannels(fresh.channels);
    const joined = fresh.channels.find((each) => each.id === channel.id && each.members.includes(me));
    if (!joined) return;
    updateChannel({ ...joined, unread: 0, mentions: 0 });
    onClose();
    openChannel(joined.id);
  };

  const wanted = query.trim().toLowerCase().replace(/^#/, "");
  const found = channels?.filter((each) => `${each.name} ${each.topic ?? ""}`.toLowerCase().includes(wanted));
  return (
    <Dialog labelledBy="browse-title" className="browser" onClose={onClose}>
      <header className="modal-head">
        <h2 id="browse-title">Channels</h2>
        <button type="button" className="ghost" aria-label="Close" onClick={onClose}><Icon name="close" /></button>
      </header>
      <div className="modal-body">
        <input className="text-input" autoFocus aria-label="Find a channel" placeholder="Find a channel" value={query} onChange={(event) => setQuery(event.target.value)} />
        <ul className="browse-list" aria-busy={channels === null}>
          {found?.map((channel) => {
            const member = channel.members.includes(me);
            return (
              <li key={channel.id}>
                <div>
                  <strong><Icon name="hash" size={14} />{channel.name}</strong>
                  <small>{[`${channel.members.length} ${channel.members.length === 1 ? "member" : "members"}`, member && "you are in it", channel.topic].filter(Boolean).join(" · ")}</small>
                </div>
                {member ? (
                  <>
                    <button type="button" className="button" aria-label={`Leave ${channel.name}`} onClick={() => void change(channel, "leave")}>Leave</button>
                    <button type="button" className="button" aria-label={`Open ${channel.name}`} onClick={() => { onClose(); openChannel(channel.id); }}>Open</button>
                  </>
                ) : (
                  <button type="button" className="button primary" aria-label={`Join ${channel.name}`} onClick={() => void change(channel, "join")}>Join</button>
                )}
              </li>
            );
          })}
          {found?.length === 0 && <li className="no-choice">Nothing found</li>}
        </ul>
      </div>
    </Dialog>
  );
}
