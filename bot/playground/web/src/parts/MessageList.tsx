import {
  forwardRef, useCallback, useEffect, useMemo, useRef, useState,
  type HTMLAttributes, type KeyboardEvent, type ReactNode, type RefObject,
} from "react";
import { Virtuoso, type Components, type ItemProps, type VirtuosoHandle } from "react-virtuoso";
import type { Message } from "../slack/types";
import { useNow } from "../state/clock";
import { useWorkspace } from "../state/store";
import { dateOfTs, dayName } from "../text/dates";
import { Icon } from "./Icon";
import { MessageItem } from "./MessageItem";

/** Room for this many older messages before the first that was loaded. */
const FIRST_INDEX = 1_000_000;
const GROUP_SECONDS = 300;
const END_DISTANCE = 60;
/** A scroll so soon after a wheel, a touch or a key was meant by the person. */
const HAND_MILLISECONDS = 1200;
const REVEAL_TRIES = 4;
const REVEAL_PAUSE = 90;

interface Props {
  channel: string;
  label: string;
  messages: Message[];
  prepended?: number;
  unreadFrom?: string;
  inThread?: boolean;
  /** In a thread: what comes after this was not read yet, and is shown from its beginning. */
  startAfter?: string;
  hasMore?: boolean;
  onOlder?: () => void;
  intro?: ReactNode;
}

interface Row {
  message: Message;
  day: string | null;
  isNew: boolean;
  grouped: boolean;
  divider: string | null;
}

/** A long list of messages, of which only the visible ones exist in the page. */
export function MessageList(props: Props) {
  const { channel, label, messages, prepended = 0, unreadFrom, inThread = false, hasMore, onOlder } = props;
  const ahead = useWorkspace((state) => state.clock.ahead);
  const today = useNow().toDateString();
  // Once the day has changed, or the clock was turned, today has become yesterday.
  const rows = useMemo(() => toRows(messages, unreadFrom, inThread, new Date(Date.now() + ahead * 1000)), [messages, unreadFrom, inThread, ahead, today]);
  const list = useRef<VirtuosoHandle>(null);
  const [atBottom, setAtBottom] = useState(true);
  const [lastInSight, setLastInSight] = useState(true);
  const { startAfter } = props;
  const unread = rows.findIndex((row, at) => row.isNew || (startAfter !== undefined && at > 0 && row.message.ts > startAfter));
  const start = Math.max(0, unread);
  const stick = useStickToEnd(list, messages, start === 0);
  const first = FIRST_INDEX - prepended;
  const area = useRef<HTMLDivElement>(null);
  useReveal({ channel, inThread }, rows, list, area, stick.release);

  const move = (event: KeyboardEvent<HTMLElement>) => {
    const current = (event.target as HTMLElement).closest<HTMLElement>("[data-ts]");
    if (event.target !== current || !current) return;
    const at = rows.findIndex((row) => row.message.ts === current.dataset.ts);
    const target = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: rows.length - 1 }[event.key];
    if (target === undefined || !rows[target]) return;
    event.preventDefault();
    const ts = rows[target].message.ts;
    const within = event.currentTarget;
    const focus = () => {
      const found = within.querySelector<HTMLElement>(`[data-ts="${CSS.escape(ts)}"]`);
      found?.focus();
      return found !== null;
    };
    // What is not drawn yet is scrolled to first.
    if (!focus()) list.current?.scrollIntoView({ index: target, done: () => void focus() });
  };

  return (
    <div className="message-list" ref={area} onKeyDown={move}>
      <Virtuoso
        ref={list}
        data={rows}
        context={{ label, hasMore: hasMore ?? false }}
        components={COMPONENTS}
        firstItemIndex={first}
        initialTopMostItemIndex={start > 0 ? { index: start, align: inThread ? "start" : "center" } : { index: rows.length - 1, align: "end" }}
        alignToBottom={!inThread}
        increaseViewportBy={{ top: 600, bottom: 300 }}
        atBottomThreshold={END_DISTANCE}
        atBottomStateChange={setAtBottom}
        scrollerRef={stick.watch}
        totalListHeightChanged={stick.settle}
        startReached={() => hasMore && onOlder?.()}
        computeItemKey={(_, row) => `${row.message.ts}${row.message.ephemeral ? "e" : ""}`}
        itemContent={(index, row) => (
          <>
            {index === first && !hasMore && props.intro}
            {row.day && <div className={row.isNew ? "day new" : "day"}><span>{row.day}</span>{row.isNew && <em>New</em>}</div>}
            {row.isNew && !row.day && <div className="day new line-only"><em>New</em></div>}
            <MessageItem channel={channel} message={row.message} grouped={row.grouped} inThread={inThread} />
            {row.divider && <div className="day replies"><span>{row.divider}</span></div>}
            {index === first + rows.length - 1 && <Last key={row.message.ts} onSight={setLastInSight} />}
          </>
        )}
      />
      {!atBottom && !lastInSight && rows.length > 0 && (
        <button type="button" className="to-bottom" onClick={stick.toEnd}>
          <Icon name="down_arrow" size={14} /> Latest messages
        </button>
      )}
    </div>
  );
}

/**
 * Keeps the end of the list in sight until the person scrolls away from it, however the list grows:
 * by a message, by a block that loads late, by the field below that takes more room.
 */
function useStickToEnd(list: RefObject<VirtuosoHandle | null>, messages: Message[], atEnd: boolean) {
  const sticks = useRef(atEnd);
  const scroller = useRef<HTMLElement | null>(null);
  const stopWatching = useRef<() => void>(() => {});
  const me = useWorkspace((state) => state.spot.as);
  const lastOwn = messages.at(-1)?.user === me ? messages.at(-1)?.ts : undefined;

  const settle = useCallback(() => {
    if (!sticks.current) return;
    requestAnimationFrame(() => {
      const area = scroller.current;
      if (area && sticks.current) area.scrollTop = area.scrollHeight;
    });
  }, []);

  const toEnd = useCallback(() => {
    sticks.current = true;
    list.current?.scrollToIndex({ index: "LAST", align: "end" });
    settle();
  }, [list, settle]);

  const watch = useCallback(
    (area: HTMLElement | Window | null) => {
      stopWatching.current();
      if (!(area instanceof HTMLElement)) return;
      scroller.current = area;
      let byHand = 0;
      const hand = () => {
        byHand = performance.now();
      };
      const scrolled = () => {
        const distance = area.scrollHeight - area.clientHeight - area.scrollTop;
        if (distance < END_DISTANCE) sticks.current = true;
        else if (performance.now() - byHand < HAND_MILLISECONDS) sticks.current = false;
      };
      const resized = new ResizeObserver(settle);
      resized.observe(area);
      const signs = ["wheel", "touchmove", "pointerdown", "keydown"] as const;
      for (const sign of signs) area.addEventListener(sign, hand, { passive: true });
      area.addEventListener("scroll", scrolled, { passive: true });
      stopWatching.current = () => {
        resized.disconnect();
        for (const sign of signs) area.removeEventListener(sign, hand);
        area.removeEventListener("scroll", scrolled);
      };
    },
    [settle],
  );

  useEffect(() => {
    if (lastOwn) toEnd();
  }, [lastOwn, toEnd]);

  const release = useCallback(() => {
    sticks.current = false;
  }, []);

  return { watch, settle, toEnd, release };
}

/** Goes to the message that was asked for, as soon as it is among the rows, and gives it the focus. */
function useReveal(
  { channel, inThread }: { channel: string; inThread: boolean },
  rows: Row[],
  list: RefObject<VirtuosoHandle | null>,
  area: RefObject<HTMLElement | null>,
  release: () => void,
) {
  const wanted = useWorkspace((state) => (state.revealed?.channel === channel ? state.revealed.ts : null));
  const at = wanted ? rows.findIndex((row) => row.message.ts === wanted) : -1;
  const reached = useRef<string | null>(null);
  useEffect(() => {
    if (!wanted) reached.current = null;
    if (!wanted || at < 0 || reached.current === wanted) return;
    let tries = 0;
    let timer = 0;
    const look = () => {
      release();
      list.current?.scrollToIndex({ index: at, align: "center" });
      const found = area.current?.querySelector<HTMLElement>(`[data-ts="${CSS.escape(wanted)}"]`);
      // Beside an open thread, the thread has the focus.
      if (inThread || !useWorkspace.getState().spot.thread) found?.focus({ preventScroll: true });
      tries += 1;
      // What lies around it is measured as it is drawn, and moves it once more.
      if (tries < REVEAL_TRIES) timer = window.setTimeout(look, REVEAL_PAUSE);
      else reached.current = wanted;
    };
    timer = window.setTimeout(look, 0);
    return () => window.clearTimeout(timer);
  }, [wanted, at, list, area, release, inThread]);
}

/** Makes the last message the one that Tab reaches, and tells whether any of it is in sight. */
function Last({ onSight }: { onSight: (inSight: boolean) => void }) {
  const ref = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const message = ref.current?.parentElement?.querySelector<HTMLElement>("[data-ts]");
    if (message) message.tabIndex = 0;
    return () => {
      if (message) message.tabIndex = -1;
    };
  });
  useEffect(() => {
    const message = ref.current?.parentElement?.querySelector<HTMLElement>("[data-ts]");
    if (!message) return;
    const seen = new IntersectionObserver((entries) => onSight(entries.at(-1)?.isIntersecting ?? false));
    seen.observe(message);
    return () => {
      seen.disconnect();
      onSight(false);
    };
  }, [onSight]);
  return <span ref={ref} hidden />;
}

interface Context {
  label: string;
  hasMore: boolean;
}

const COMPONENTS: Components<Row, Context> = {
  List: forwardRef<HTMLDivElement, HTMLAttributes<HTMLDivElement> & { context?: Context }>(function List({ context, ...rest }, ref) {
    return <div {...rest} ref={ref} role="list" aria-label={context?.label} />;
  }),
  Item: function Item({ item: _, context: __, ...rest }: ItemProps<Row> & { context?: Context; children?: ReactNode }) {
    return <div {...rest} role="listitem" />;
  },
  Header: function Header({ context }) {
    return context?.hasMore ? <p className="loading-older">Loading older messages…</p> : <div className="list-top" />;
  },
  Footer: () => <div className="list-end" />,
};

function toRows(messages: Message[], unreadFrom: string | undefined, inThread: boolean, now: Date): Row[] {
  return messages.map((message, index) => {
    const before = messages[index - 1];
    const day = !before || dayKey(before) !== dayKey(message);
    const isNew = Boolean(unreadFrom) && message.ts === unreadFrom;
    const isParent = inThread && index === 0;
    const count = messages.length - 1;
    return {
      message,
      day: day && !inThread ? dayName(dateOfTs(message.ts), now) : null,
      isNew,
      grouped: !day && !isNew && !(inThread && index === 1) && follows(before, message),
      divider: isParent && count > 0 ? `${count} ${count === 1 ? "reply" : "replies"}` : null,
    };
  });
}

const dayKeys = new WeakMap<Message, number>();

/** A number for the local day of a message; kept, since a long list asks for it again and again. */
function dayKey(message: Message): number {
  const known = dayKeys.get(message);
  if (known !== undefined) return known;
  const at = dateOfTs(message.ts);
  const key = at.getFullYear() * 400 + at.getMonth() * 32 + at.getDate();
  dayKeys.set(message, key);
  return key;
}

function follows(before: Message | undefined, message: Message): boolean {
  if (!before || before.subtype || message.subtype === "thread_broadcast") return false;
  const sameAuthor = before.user === message.user && before.bot_id === message.bot_id && before.username === message.username;
  // What an app says with blocks stands by itself, so that its buttons are not taken for another's.
  if (message.blocks?.some((block) => block.type !== "rich_text")) return false;
  const close = Number.parseFloat(message.ts) - Number.parseFloat(before.ts) < GROUP_SECONDS;
  return sameAuthor && close && Boolean(before.ephemeral) === Boolean(message.ephemeral) && !before.reply_count;
}
