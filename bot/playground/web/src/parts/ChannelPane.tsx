import type { Channel } from "../slack/types";
import { useChannelTitle, useNames } from "../state/names";
import { perform, sendMessage } from "../state/deeds";
import { loadOlder } from "../state/loading";
import { openTab } from "../state/moves";
import { setDrawer, threadKey, useWorkspace } from "../state/store";
import { Mrkdwn } from "../text/Mrkdwn";
import { Avatar, roleName } from "./Avatar";
import { TurnedMark } from "./ClockPanel";
import { Composer } from "./Composer";
import { Guide } from "./Guide";
import { HomeTab } from "./HomeTab";
import { Icon } from "./Icon";
import { MessageList } from "./MessageList";

/** A channel or a direct conversation, with the tabs of an app where it is one. */
export function ChannelPane({ channel, guideOpen, onGuideClose }: { channel: Channel; guideOpen: boolean; onGuideClose: () => void }) {
  const tab = useWorkspace((state) => state.spot.tab);
  const title = useChannelTitle(channel);
  const { person } = useNames();
  const other = channel.is_im ? person(channel.user) : undefined;
  const home = Boolean(other?.is_bot) && tab === "home";
  return (
    <main className="main" aria-label={channel.is_im ? title : `#${title}`}>
      <header className="pane-head">
        <DrawerButton />
        <div className="pane-title">
          <h2>
            {other ? <Avatar person={other} size={24} /> : <Icon name={channel.is_private ? "lock" : "hash"} />}
            {title}
            {other?.is_bot && <span className="app-tag">App</span>}
          </h2>
          {channel.topic && <div className="topic"><Mrkdwn text={channel.topic} /></div>}
          {other && !other.is_bot && <div className="topic">{other.title || roleName(other)}</div>}
        </div>
        <TurnedMark />
        {!channel.is_im && <Members channel={channel} />}
      </header>
      {other?.is_bot && (
        <div className="tabs" role="tablist" aria-label={title}>
          {(["messages", "home"] as const).map((name) => (
            <button key={name} type="button" role="tab" id={`tab-${name}`} aria-selected={tab === name} aria-controls="app-panel"
              tabIndex={tab === name ? 0 : -1} onClick={() => openTab(name)}
              onKeyDown={(event) => {
                if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
                openTab(name === "home" ? "messages" : "home");
                (event.currentTarget.parentElement?.querySelector(`#tab-${name === "home" ? "messages" : "home"}`) as HTMLElement | null)?.focus();
              }}>
              {name === "home" ? "Home" : "Messages"}
            </button>
          ))}
        </div>
      )}
      <div className="pane-body" {...(other?.is_bot ? { role: "tabpanel", id: "app-panel", "aria-labelledby": `tab-${tab}` } : {})}>
        {home ? <HomeTab bot={other!} /> : <Conversation key={channel.id} channel={channel} title={title} />}
        {!home && <Guide channel={channel} open={guideOpen} onClose={onGuideClose} />}
        {!home && <ChannelComposer channel={channel} title={title} />}
      </div>
    </main>
  );
}

export function DrawerButton() {
  const waiting = useWorkspace((state) => state.boot?.channels.some((channel) => channel.mentions > 0) ?? false);
  const me = useNames();
  return (
    <button type="button" className="ghost drawer-button" aria-label="Open channels and people" onClick={() => setDrawer(true)}>
      <Icon name="menu" />
      <Avatar person={me.person(me.me)} size={24} />
      {waiting && <span className="dot" />}
    </button>
  );
}

function Members({ channel }: { channel: Channel }) {
  const { person } = useNames();
  const names = channel.members.map((id) => person(id)?.real_name).filter(Boolean).join(", ");
  return (
    <div className="members" title={names} role="img" aria-label={`${channel.members.length} members: ${names}`}>
      {channel.members.slice(0, 3).map((id) => <Avatar key={id} person={person(id)} size={24} />)}
      <span>{channel.members.length}</span>
    </div>
  );
}

function Conversation({ channel, title }: { channel: Channel; title: string }) {
  const timeline = useWorkspace((state) => state.timelines[channel.id]);
  const unreadFrom = useWorkspace((state) => state.unreadFrom[channel.id]);
  if (!timeline) return <div className="message-list loading" aria-busy="true" />;
  const name = channel.is_im ? title : `#${title}`;
  const intro = (
    <div className="intro">
      <h3>{name}</h3>
      <p>{channel.is_im ? `This is the beginning of your conversation with ${title}.` : `This is the beginning of ${name}.`}</p>
    </div>
  );
  if (timeline.messages.length === 0) return <div className="message-list blank">{intro}</div>;
  return (
    <MessageList
      channel={channel.id}
      label={`Messages in ${name}`}
      messages={timeline.messages}
      prepended={timeline.prepended}
      unreadFrom={unreadFrom}
      hasMore={timeline.hasMore}
      onOlder={() => void loadOlder(channel.id)}
      intro={intro}
    />
  );
}

function ChannelComposer({ channel, title }: { channel: Channel; title: string }) {
  const me = useWorkspace((state) => state.spot.as);
  const threadOpen = useWorkspace((state) => state.spot.thread !== "");
  const shortcuts = useWorkspace((state) => state.boot?.shortcuts ?? NONE);
  const name = channel.is_im ? title : `#${title}`;
  return (
    <div className="composer-area">
      <Absent channel={channel} />
      <Prompts channel={channel.id} />
      <Status channel={channel.id} thread="" />
      <Composer
        key={`${me}/${channel.id}`}
        draftKey={`${me}/${channel.id}`}
        label={`Message to ${name}`}
        placeholder={`Message ${name}`}
        autoFocus={!threadOpen}
        onSend={(text, files) => sendMessage(channel.id, text, { files })}
        takesFiles
        shortcuts={shortcuts.filter((shortcut) => shortcut.type === "global").map((shortcut) => ({
          key: shortcut.callback_id,
          label: shortcut.name,
          description: "Shortcut",
          onSelect: () => void perform({ action: "shortcut", callback_id: shortcut.callback_id }),
        }))}
      />
    </div>
  );
}

/** Says so where the app that should answer here is not running. */
function Absent({ channel }: { channel: Channel }) {
  const absent = useWorkspace((state) => state.boot?.is_connected === false);
  const bot = useWorkspace((state) => state.boot?.people.find((person) => person.is_bot && channel.members.includes(person.id)));
  if (!absent || !bot) return null;
  return <p className="absent" role="status">{bot.real_name} is not connected, so nothing is answered here. What you write now is delivered when it is back.</p>;
}

const NONE: never[] = [];

/** What an app says it is doing, such as "is searching the articles…". */
export function Status({ channel, thread }: { channel: string; thread: string }) {
  const status = useWorkspace((state) => state.statuses[threadKey(channel, thread)]);
  const { person } = useNames();
  const other = useWorkspace((state) => state.boot?.channels.find((each) => each.id === channel)?.user);
  const bots = useWorkspace((state) => state.boot?.people.filter((each) => each.is_bot)[0]?.real_name);
  if (!status) return null;
  const name = person(other)?.is_bot ? person(other)?.real_name : bots;
  return <p className="status" role="status"><span className="dots"><i /><i /><i /></span>{name} {status}</p>;
}

function Prompts({ channel }: { channel: string }) {
  const offered = useWorkspace((state) => state.prompts[channel]);
  const empty = useWorkspace((state) => (state.timelines[channel]?.messages.length ?? 0) < 3);
  if (!offered || !empty) return null;
  return (
    <div className="prompts">
      {offered.title && <p>{offered.title}</p>}
      {offered.prompts.map((prompt) => (
        <button key={prompt.title} type="button" className="button" onClick={() => void sendMessage(channel, prompt.message)}>{prompt.title}</button>
      ))}
    </div>
  );
}
