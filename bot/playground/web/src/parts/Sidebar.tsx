import { useMemo, type ReactNode } from "react";
import type { Channel, Person } from "../slack/types";
import { channelTitle, useNames } from "../state/names";
import { openChannel, openDirect } from "../state/moves";
import { switchTo } from "../state/session";
import { THREADS, useWorkspace } from "../state/store";
import { useUnreadThreads } from "../state/threads";
import { Avatar, roleName } from "./Avatar";
import { ClockPanel } from "./ClockPanel";
import { Icon } from "./Icon";
import { Menu } from "./Menu";
import { applyTheme, useTheme, type Theme } from "./theme";

interface Props {
  onSwitcher: () => void;
  onSearch: () => void;
  onBrowse: () => void;
  onFaults: () => void;
  onGuide: () => void;
}

/** Who one is, and the channels and conversations that person can see. */
export function Sidebar({ onSwitcher, onSearch, onBrowse, onFaults, onGuide }: Props) {
  const boot = useWorkspace((state) => state.boot);
  const current = useWorkspace((state) => state.spot.channel);
  const unreadThreads = useUnreadThreads();
  const names = useNames();
  const lists = useMemo(() => sorted(boot?.channels ?? [], names.person), [boot?.channels, names.person]);
  if (!boot) return null;
  const me = names.person(boot.me);
  const bots = boot.people.filter((person) => person.is_bot);
  const isBot = (channel: Channel) => bots.some((bot) => bot.id === channel.user);
  return (
    <nav className="sidebar" aria-label={`Channels of ${boot.team.name}`}>
      <header className="team">
        <h1>{boot.team.name}</h1>
        <button type="button" className="ghost" onClick={onSwitcher} aria-label="Go to a channel (Ctrl+K)" title="Go to a channel (Ctrl+K)">
          <Icon name="go" />
        </button>
        <button type="button" className="ghost" onClick={onSearch} aria-label="Search messages (Ctrl+G)" title="Search messages (Ctrl+G)">
          <Icon name="search" />
        </button>
      </header>
      <YouAre me={me} people={boot.people} />
      <div className="sidebar-scroll">
        <ul className="channel-list">
          <Row current={current === THREADS} unread={unreadThreads} badge={unreadThreads} onClick={() => openChannel(THREADS)} icon={<Icon name="thread" size={16} />}>
            Threads
          </Row>
        </ul>
        <h2>
          Channels
          <button type="button" className="ghost small" aria-label="Browse channels" title="Browse channels" onClick={onBrowse}><Icon name="plus" size={14} /></button>
        </h2>
        <ul className="channel-list">
          {lists.channels.map((channel) => (
            <Row key={channel.id} current={current === channel.id} unread={channel.unread} badge={channel.mentions}
              onClick={() => openChannel(channel.id)} icon={<Icon name={channel.is_private ? "lock" : "hash"} size={16} />}>
              {channel.name}
            </Row>
          ))}
        </ul>
        <h2>Apps</h2>
        <ul className="channel-list">
          {bots.map((bot) => {
            const channel = lists.direct.find((each) => each.user === bot.id);
            return (
              <Row key={bot.id} current={channel !== undefined && current === channel.id} unread={channel?.unread ?? 0}
                badge={channel?.unread ?? 0} onClick={() => void openDirect(bot.id)} icon={<Avatar person={bot} size={20} />}>
                {bot.real_name}
              </Row>
            );
          })}
        </ul>
        <DirectMessages channels={lists.direct.filter((channel) => !isBot(channel))} current={current} people={boot.people} me={boot.me} />
      </div>
      <ClockPanel />
      <footer className="sidebar-foot">
        {boot.guide.length > 0 && (
          <button type="button" className="ghost" onClick={onGuide} title="Show the guided start">
            <Icon name="play" size={16} /> Guide
          </button>
        )}
        <button type="button" className="ghost" onClick={onFaults} title="Faults of Slack, on demand">
          <Icon name="bug" size={16} /> Faults
        </button>
        <ThemeButton />
      </footer>
    </nav>
  );
}

function sorted(channels: Channel[], person: (id: string | undefined) => Person | undefined) {
  const direct = channels.filter((channel) => channel.is_im);
  direct.sort((a, b) => channelTitle(a, person).localeCompare(channelTitle(b, person)));
  return { channels: channels.filter((channel) => !channel.is_im), direct };
}

function YouAre({ me, people }: { me?: Person; people: Person[] }) {
  return (
    <div className="you-are">
      <Menu
        label={`You are ${me?.real_name ?? ""}, ${roleName(me)}. Be somebody else`}
        className="you-are-button"
        align="start"
        trigger={
          <>
            <span className="you-are-text">
              <span>You are <strong>{me?.real_name}</strong></span>
              <small>{me?.title || roleName(me)}</small>
            </span>
            <Icon name="swap" size={16} />
          </>
        }
        items={people.filter((person) => !person.is_bot && person.id !== me?.id).map((person) => ({
          key: person.id,
          label: <><Avatar person={person} size={22} /> {person.real_name} <span className={`role ${person.role ?? ""}`}>{roleName(person)}</span></>,
          onSelect: () => switchTo(person.id),
        }))}
      />
    </div>
  );
}

interface RowProps {
  current: boolean;
  unread: number;
  badge: number;
  icon: ReactNode;
  onClick: () => void;
  children: ReactNode;
}

function Row({ current, unread, badge, icon, onClick, children }: RowProps) {
  return (
    <li>
      <button type="button" className={`channel-row${current ? " current" : ""}${unread ? " unread" : ""}`}
        aria-current={current ? "page" : undefined} onClick={onClick}>
        {icon}
        <span className="channel-name">{children}</span>
        {badge > 0 ? (
          <span className="badge"><span aria-hidden="true">{badge}</span><span className="hidden"> {badge} new</span></span>
        ) : (
          unread > 0 && <span className="hidden"> unread</span>
        )}
      </button>
    </li>
  );
}

function DirectMessages({ channels, current, people, me }: { channels: Channel[]; current: string; people: Person[]; me: string }) {
  const { person } = useNames();
  const open = new Set(channels.map((channel) => channel.user));
  const rest = people.filter((each) => !each.is_bot && each.id !== me && !open.has(each.id));
  return (
    <>
      <h2>
        Direct messages
        {rest.length > 0 && (
          <Menu label="Write to somebody" className="ghost small" trigger={<Icon name="plus" size={14} />}
            items={rest.map((each) => ({ key: each.id, label: <><Avatar person={each} size={22} /> {each.real_name}</>, onSelect: () => void openDirect(each.id) }))} />
        )}
      </h2>
      <ul className="channel-list">
        {channels.map((channel) => (
          <Row key={channel.id} current={current === channel.id} unread={channel.unread} badge={channel.unread}
            onClick={() => openChannel(channel.id)} icon={<Avatar person={person(channel.user)} size={20} />}>
            {channelTitle(channel, person)}
          </Row>
        ))}
      </ul>
    </>
  );
}

const NEXT: Record<Theme, Theme> = { auto: "dark", dark: "light", light: "auto" };
const THEME_NAMES: Record<Theme, string> = { auto: "as the system", dark: "dark", light: "light" };

function ThemeButton() {
  const theme = useTheme((state) => state.theme);
  const label = `Colours: ${THEME_NAMES[theme]}. Change to ${THEME_NAMES[NEXT[theme]]}`;
  return (
    <button type="button" className="ghost" aria-label={label} title={label} onClick={() => applyTheme(NEXT[theme])}>
      <Icon name={theme === "dark" ? "moon" : theme === "light" ? "sun" : "auto"} size={16} />
    </button>
  );
}
