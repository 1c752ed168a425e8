import { useMemo, useState, type KeyboardEvent, type ReactNode } from "react";
import { channelTitle, useNames } from "../state/names";
import { openChannel, openDirect } from "../state/moves";
import { switchTo } from "../state/session";
import { THREADS, useWorkspace } from "../state/store";
import { Avatar, roleName } from "./Avatar";
import { Dialog } from "./Dialog";
import { Icon } from "./Icon";

interface Target {
  key: string;
  label: string;
  detail: string;
  picture: ReactNode;
  go: () => void;
}

/** Ctrl+K: to a channel, a person's messages, or into another person's seat. */
export function QuickSwitcher({ onClose, onSearch }: { onClose: () => void; onSearch: (query: string) => void }) {
  const [query, setQuery] = useState("");
  const [active, setActive] = useState(0);
  const targets = useTargets();
  const wanted = query.trim().toLowerCase().replace(/^[#@]/, "");
  const places = targets.filter((target) => target.label.toLowerCase().includes(wanted)).slice(0, 12);
  const messages: Target = {
    key: "search", label: `Search messages for “${query.trim()}”`, detail: "Channels, threads and direct messages",
    picture: <Icon name="search" size={16} />, go: () => onSearch(query.trim()),
  };
  const found = wanted ? [...places, messages] : places;
  const choose = (target: Target | undefined) => {
    if (!target) return;
    onClose();
    target.go();
  };
  const key = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      setActive((at) => (at + step + found.length) % Math.max(1, found.length));
    } else if (event.key === "Enter") {
      event.preventDefault();
      choose(found[active]);
    }
  };
  return (
    <Dialog label="Go to" className="switcher" onClose={onClose}>
      <input className="text-input" autoFocus role="combobox" aria-expanded="true" aria-controls="switcher-list" aria-label="Go to"
        aria-activedescendant={found[active] ? `switcher-${active}` : undefined} placeholder="Go to a channel or a person" value={query}
        onChange={(event) => { setQuery(event.target.value); setActive(0); }} onKeyDown={key} />
      <div role="listbox" id="switcher-list" aria-label="Places">
        {found.map((target, at) => (
          <div key={target.key} id={`switcher-${at}`} role="option" aria-selected={at === active}
            className={at === active ? "choice active" : "choice"} onMouseMove={() => setActive(at)} onClick={() => choose(target)}>
            <span className="tick">{target.picture}</span>
            <span>{target.label}<small>{target.detail}</small></span>
          </div>
        ))}
        {found.length === 0 && <div className="no-choice" role="option" aria-selected="false" aria-disabled="true">Nothing found</div>}
      </div>
    </Dialog>
  );
}

function useTargets(): Target[] {
  const boot = useWorkspace((state) => state.boot);
  const { person } = useNames();
  return useMemo(() => {
    if (!boot) return [];
    const channels = boot.channels.filter((channel) => !channel.is_im).map((channel): Target => ({
      key: channel.id, label: channelTitle(channel, person), detail: channel.topic || "Channel",
      picture: <Icon name={channel.is_private ? "lock" : "hash"} size={16} />, go: () => openChannel(channel.id),
    }));
    const direct = boot.people.filter((each) => each.id !== boot.me).map((each): Target => ({
      key: each.id, label: each.real_name, detail: each.is_bot ? "App" : "Direct message",
      picture: <Avatar person={each} size={20} />, go: () => void openDirect(each.id),
    }));
    const seats = boot.people.filter((each) => !each.is_bot && each.id !== boot.me).map((each): Target => ({
      key: `be-${each.id}`, label: `Be ${each.real_name}`, detail: `Switch to ${roleName(each)}`,
      picture: <Icon name="swap" size={16} />, go: () => switchTo(each.id),
    }));
    const threads: Target = { key: THREADS, label: "Threads", detail: "All your threads", picture: <Icon name="thread" size={16} />, go: () => openChannel(THREADS) };
    return [...channels, threads, ...direct, ...seats];
  }, [boot, person]);
}
