import { useMemo, useRef, useState, type RefObject } from "react";
import { emojiFor, searchEmoji } from "../text/emoji";
import { Floating } from "./Floating";

interface Props {
  anchor: RefObject<HTMLElement | null>;
  onPick: (name: string) => void;
  onClose: () => void;
}

/** Emoji to choose from, with a search over their names. */
export function EmojiPicker({ anchor, onPick, onClose }: Props) {
  const [query, setQuery] = useState("");
  const names = useMemo(() => searchEmoji(query), [query]);
  const grid = useRef<HTMLDivElement>(null);
  const close = () => {
    onClose();
    const origin = anchor.current;
    (origin?.matches("button") ? origin : origin?.querySelector<HTMLElement>("button"))?.focus();
  };
  return (
    <Floating anchor={anchor} onClose={close} align="end" prefer="above" className="emoji-panel">
      <div role="dialog" aria-label="Emoji">
        <input
          className="text-input"
          type="search"
          aria-label="Search emoji"
          placeholder="Search emoji"
          data-autofocus
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && names[0]) onPick(names[0]);
            if (event.key === "ArrowDown") grid.current?.querySelector("button")?.focus();
          }}
        />
        <div className="emoji-grid" ref={grid}>
          {names.map((name) => (
            <button key={name} type="button" aria-label={name.replaceAll("_", " ")} title={`:${name}:`} onClick={() => onPick(name)}>
              <span className="emoji">{emojiFor(name)}</span>
            </button>
          ))}
          {names.length === 0 && <p>Nothing found</p>}
        </div>
      </div>
    </Floating>
  );
}
