import { useId, useState, type ReactNode, type RefObject } from "react";
import type { Boot, Command } from "../slack/types";
import { emojiFor, searchEmoji } from "../text/emoji";
import { Avatar } from "./Avatar";
import { Floating } from "./Floating";
import { Icon } from "./Icon";

interface Suggestion {
  key: string;
  insert: string;
  label: string;
  detail?: string;
  picture: ReactNode;
}

interface Found {
  items: Suggestion[];
  from: number;
  to: number;
}

export interface SuggestionState {
  items: Suggestion[];
  active: number;
  listId: string;
  follow: () => void;
  close: () => void;
  move: (step: number) => void;
  complete: (at?: number) => { text: string; caret: number } | null;
}

const NOTHING: Found = { items: [], from: 0, to: 0 };
const LIMIT = 8;

/** Watches the word at the caret and offers what it may become. */
export function useSuggestions(field: RefObject<HTMLTextAreaElement | null>, text: string, boot: Boot | null): SuggestionState {
  const [found, setFound] = useState<Found>(NOTHING);
  const [active, setActive] = useState(0);
  const listId = useId();
  return {
    items: found.items,
    active,
    listId,
    follow: () => {
      const area = field.current;
      const next = area && boot ? find(area.value, area.selectionStart, boot) : NOTHING;
      setFound(next);
      setActive(0);
    },
    close: () => setFound(NOTHING),
    move: (step) => setActive((at) => (at + step + found.items.length) % found.items.length),
    complete: (at = active) => {
      const item = found.items[at];
      setFound(NOTHING);
      if (!item) return null;
      const head = `${text.slice(0, found.from)}${item.insert} `;
      return { text: head + text.slice(found.to).replace(/^ /, ""), caret: head.length };
    },
  };
}

function find(text: string, caret: number, boot: Boot): Found {
  const before = text.slice(0, caret);
  const command = /^\/[\w-]*$/.exec(before);
  if (command) return { items: commands(boot, command[0]), from: 0, to: caret };
  const word = /(^|[\s([{"'])([@#:])([\p{L}\p{N}._+-]*)$/u.exec(before);
  const typed = word?.[3] ?? "";
  if (!word || (word[2] === ":" && typed.length < 2)) return NOTHING;
  const from = caret - typed.length - 1;
  const query = typed.toLowerCase();
  const items = word[2] === "@" ? people(boot, query) : word[2] === "#" ? channels(boot, query) : emojis(query);
  // Somebody who has typed the whole thing wants to send, not to complete.
  const done = items.length === 1 && items[0]!.insert === `${word[2]}${typed}`;
  return done ? NOTHING : { items: items.slice(0, LIMIT), from, to: caret };
}

function commands(boot: Boot, typed: string): Suggestion[] {
  return boot.commands
    .map((each): Command => (typeof each === "string" ? { command: each } : each))
    .filter((each) => each.command.startsWith(typed) && each.command !== typed)
    .map((each) => ({
      key: each.command,
      insert: each.command,
      label: [each.command, each.usage_hint].filter(Boolean).join(" "),
      detail: each.description,
      picture: <Icon name="bolt" size={16} />,
    }));
}

function people(boot: Boot, query: string): Suggestion[] {
  const fits = (...names: string[]) => names.some((name) => name.toLowerCase().split(/\s+/).some((part) => part.startsWith(query)) || name.toLowerCase().startsWith(query));
  const persons = boot.people.filter((person) => fits(person.real_name, person.name)).map((person) => ({
    key: person.id, insert: `@${person.real_name}`, label: person.real_name, detail: person.title, picture: <Avatar person={person} size={20} />,
  }));
  const groups = boot.usergroups.filter((group) => fits(group.handle, group.name)).map((group) => ({
    key: group.id, insert: `@${group.handle}`, label: `@${group.handle}`, detail: group.name, picture: <Icon name="at" size={16} />,
  }));
  const all = ["here", "channel"].filter((range) => range.startsWith(query)).map((range) => ({
    key: range, insert: `@${range}`, label: `@${range}`, detail: "Everybody in this channel", picture: <Icon name="at" size={16} />,
  }));
  return [...persons, ...groups, ...all];
}

function channels(boot: Boot, query: string): Suggestion[] {
  return boot.channels.filter((channel) => !channel.is_im && channel.name.includes(query)).map((channel) => ({
    key: channel.id, insert: `#${channel.name}`, label: channel.name, detail: channel.topic, picture: <Icon name="hash" size={16} />,
  }));
}

function emojis(query: string): Suggestion[] {
  return searchEmoji(query, LIMIT).map((name) => ({
    key: name, insert: emojiFor(name) ?? "", label: `:${name}:`, picture: <span className="emoji">{emojiFor(name)}</span>,
  }));
}

interface Props {
  anchor: RefObject<HTMLTextAreaElement | null>;
  suggestions: SuggestionState;
  onPick: (at: number) => void;
}

export function Suggestions({ anchor, suggestions, onPick }: Props) {
  if (suggestions.items.length === 0) return null;
  return (
    <Floating anchor={anchor} onClose={suggestions.close} prefer="above" className="listbox-panel">
      <div role="listbox" id={suggestions.listId} aria-label="Suggestions">
        {suggestions.items.map((item, at) => (
          <div
            key={item.key}
            id={`${suggestions.listId}-${at}`}
            role="option"
            aria-selected={at === suggestions.active}
            className={at === suggestions.active ? "choice active" : "choice"}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onPick(at)}
          >
            <span className="tick">{item.picture}</span>
            <span>{item.label}{item.detail && <small>{item.detail}</small>}</span>
          </div>
        ))}
      </div>
    </Floating>
  );
}
