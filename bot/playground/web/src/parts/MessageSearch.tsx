import { useEffect, useState, type KeyboardEvent } from "react";
import { fetchSearch } from "../slack/client";
import type { Found } from "../slack/types";
import { useNow } from "../state/clock";
import { reveal } from "../state/moves";
import { channelTitle, useNames } from "../state/names";
import { useWorkspace } from "../state/store";
import { ago, dateOfTs, fullTime } from "../text/dates";
import { Avatar } from "./Avatar";
import { Dialog } from "./Dialog";

const PAUSE_MILLISECONDS = 150;

interface Result {
  query: string;
  found: Found[];
  more: boolean;
  words: string[];
}

/** Ctrl+G: what was said, in the channels, threads and direct messages of whoever one is. */
export function MessageSearch({ initial, onClose }: { initial: string; onClose: () => void }) {
  const [query, setQuery] = useState(initial);
  const [active, setActive] = useState(0);
  const { result, problem } = useResult(query.trim());
  const found = result?.found ?? [];
  const choose = (hit: Found | undefined) => {
    if (!hit) return;
    onClose();
    void reveal(hit.channel, hit.ts, hit.thread_ts ?? undefined);
  };
  const key = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      const next = (active + step + found.length) % Math.max(1, found.length);
      setActive(next);
      document.getElementById(`found-${next}`)?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter") {
      event.preventDefault();
      choose(found[active]);
    }
  };
  return (
    <Dialog label="Search messages" className="switcher search" onClose={onClose}>
      <input className="text-input" autoFocus role="combobox" aria-expanded="true" aria-controls="found-list" aria-label="Search messages"
        aria-activedescendant={found[active] ? `found-${active}` : undefined} placeholder="Words, in:it-help, from:mei" value={query}
        onChange={(event) => { setQuery(event.target.value); setActive(0); }} onKeyDown={key} />
      <div role="listbox" id="found-list" aria-label="Messages">
        {found.map((hit, at) => (
          <Hit key={`${hit.channel}/${hit.ts}`} hit={hit} words={result?.words ?? []} id={`found-${at}`} active={at === active}
            onPoint={() => setActive(at)} onChoose={() => choose(hit)} />
        ))}
        {query.trim() && result && found.length === 0 && <div className="no-choice" role="option" aria-selected="false" aria-disabled="true">Nothing found</div>}
      </div>
      <p className="search-note" role="status">
        {problem ?? (result?.more ? `The latest ${found.length} are shown; more words find less.` : found.length ? `${found.length} found` : "Channels, threads and direct messages that you can see")}
      </p>
    </Dialog>
  );
}

interface HitProps {
  hit: Found;
  words: string[];
  id: string;
  active: boolean;
  onPoint: () => void;
  onChoose: () => void;
}

function Hit({ hit, words, id, active, onPoint, onChoose }: HitProps) {
  const { person, channel } = useNames();
  const now = useNow();
  const author = person(hit.user ?? undefined);
  const place = channel(hit.channel);
  const at = dateOfTs(hit.ts);
  const inThread = hit.thread_ts && hit.thread_ts !== hit.ts;
  return (
    <div id={id} role="option" aria-selected={active} className={active ? "choice found active" : "choice found"} onMouseMove={onPoint} onClick={onChoose}>
      <Avatar person={author} name={hit.username ?? undefined} size={28} />
      <span>
        <small>
          <strong>{hit.username ?? author?.real_name ?? "Somebody"}</strong> in {place?.is_im ? "" : "#"}{channelTitle(place, person)}
          {inThread ? ", in a thread" : ""} · <time title={fullTime(at)}>{ago(at, now)}</time>
        </small>
        <span className="snippet"><Marked text={hit.snippet} words={words} /></span>
      </span>
    </div>
  );
}

/** A text in which the words that were sought stand out. */
function Marked({ text, words }: { text: string; words: string[] }) {
  if (words.length === 0) return text;
  const escaped = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const parts = text.split(new RegExp(`(${escaped.join("|")})`, "gi"));
  return parts.map((part, at) => (at % 2 ? <mark key={at}>{part}</mark> : part));
}

function useResult(query: string) {
  const as = useWorkspace((state) => state.spot.as);
  const [result, setResult] = useState<Result | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    let wanted = true;
    if (!query) {
      setResult(null);
      return;
    }
    const timer = window.setTimeout(async () => {
      try {
        const answer = await fetchSearch(as, query);
        if (!wanted) return;
        setResult({ query, ...answer });
        setProblem(null);
      } catch {
        if (wanted) setProblem("The workspace does not answer. Is it still running?");
      }
    }, PAUSE_MILLISECONDS);
    return () => {
      wanted = false;
      window.clearTimeout(timer);
    };
  }, [as, query]);
  return { result, problem };
}
