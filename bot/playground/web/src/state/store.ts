/** All that the page knows, and every way it changes. */

import { create } from "zustand";
import { act, fetchBoot, fetchHistory, fetchReplies, Refused, type Action, type Answer } from "../slack/client";
import { Live, type LinkState } from "../slack/live";
import type { Boot, Channel, Frame, Message, Prompt, View } from "../slack/types";
import { recall, remember } from "./memory";
import { readSpot, spotAddress, type Spot } from "./place";
import { changed, isReply, isTopLevel, joined, placed, withReply, type Timeline } from "./timeline";

export const THREADS = "threads";

export interface Notice {
  id: number;
  text: string;
  tone: "error" | "plain";
}

export interface Others {
  mentions: number;
  unread: number;
}

export interface Workspace {
  boot: Boot | null;
  link: LinkState;
  spot: Spot;
  timelines: Record<string, Timeline>;
  threads: Record<string, Message[]>;
  views: View[];
  homes: Record<string, View | null>;
  statuses: Record<string, string>;
  prompts: Record<string, { title?: string; prompts: Prompt[] }>;
  /** The `ts` of the first message that was unread when the channel was opened. */
  unreadFrom: Record<string, string>;
  threadSeen: Record<string, string>;
  others: Record<string, Others>;
  awaitedThread: { channel: string; ts: string } | null;
  hint: string | null;
  notices: Notice[];
  problem: string | null;
  drawer: boolean;
}

export const useWorkspace = create<Workspace>(() => ({
  boot: null,
  link: "connecting",
  spot: readSpot(),
  timelines: {},
  threads: {},
  views: [],
  homes: {},
  statuses: {},
  prompts: {},
  unreadFrom: {},
  threadSeen: {},
  others: {},
  awaitedThread: null,
  hint: null,
  notices: [],
  problem: null,
  drawer: false,
}));

const get = useWorkspace.getState;
const set = useWorkspace.setState;

export const threadKey = (channel: string, ts: string): string => `${channel}/${ts}`;

let live: Live | null = null;
let noticeId = 0;
const lastSpots = new Map<string, Spot>();

/** Starts the page: connects as the person whom the address names. */
export function start(): void {
  window.addEventListener("popstate", () => void followAddress());
  window.addEventListener("online", () => live?.open());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible") return;
    live?.open();
    markRead(get().spot.channel);
  });
  void connect(readSpot());
}

async function followAddress(): Promise<void> {
  const spot = readSpot();
  if (spot.as !== get().spot.as) return connect(spot);
  set({ spot });
  await load();
}

/** Sits down as another person, at the place where that person was last. */
export function switchTo(person: string, channel?: string): void {
  const before = get().spot;
  lastSpots.set(before.as, before);
  const spot: Spot = channel
    ? { as: person, channel, thread: "", tab: "messages" }
    : (lastSpots.get(person) ?? { as: person, channel: "", thread: "", tab: "messages" });
  void connect(spot);
}

async function connect(spot: Spot): Promise<void> {
  live?.close();
  set({ link: "connecting", hint: null, views: [], timelines: {}, threads: {}, statuses: {}, unreadFrom: {}, prompts: {}, problem: null });
  try {
    const boot = await fetchBoot(spot.as);
    enter(boot, spot);
  } catch (error) {
    // A person whom the address or the browser remembers need not exist in this workspace.
    if (spot.as && error instanceof Refused) return connect({ ...spot, as: "" });
    set({ spot, problem: error instanceof Error ? error.message : "The workspace does not answer." });
    window.setTimeout(() => get().problem && void connect(spot), 1500);
    return;
  }
  const as = get().spot.as;
  waiting = [];
  live = new Live(as, enqueue, (link) => set({ link }));
  live.open();
}

function enter(boot: Boot, wanted: Spot): void {
  const known = (id: string) => id === THREADS || boot.channels.some((channel) => channel.id === id);
  const byName = boot.channels.find((channel) => channel.name !== "" && channel.name === wanted.channel)?.id;
  const first =
    boot.channels.find((channel) => channel.name === "it-help") ?? boot.channels.find((channel) => !channel.is_im) ?? boot.channels[0];
  const channel = known(wanted.channel) ? wanted.channel : (byName ?? first?.id ?? "");
  const spot: Spot = { ...wanted, as: boot.me, channel, thread: channel === wanted.channel || byName ? wanted.thread : "" };
  history.replaceState(null, "", spotAddress(spot));
  remember("as", boot.me);
  set({
    boot,
    spot,
    problem: null,
    homes: { ...(boot.home ?? {}) },
    threadSeen: recall(`seen.${boot.team.id}.${boot.me}`, {}),
    views: boot.views ?? get().views,
    drawer: false,
  });
}

/** Messages that only this person sees are in no history; the server lists them apart. */
function placeEphemerals(channel?: string): void {
  for (const shown of get().boot?.ephemerals ?? []) {
    if (channel && shown.channel !== channel) continue;
    receiveMessage(shown.channel, { ...shown.message, ephemeral: true });
  }
}

/** After the connection came (back): what happened meanwhile is fetched, not guessed. */
async function refresh(): Promise<void> {
  const { as } = get().spot;
  try {
    const boot = await fetchBoot(as);
    if (get().spot.as !== as) return;
    enter(boot, get().spot);
    const { spot } = get();
    const open = spot.thread ? threadKey(threadChannel(spot), threadTs(spot)) : "";
    set((state) => ({ threads: state.threads[open] ? { [open]: state.threads[open] } : {} }));
    await load(true);
    for (const channel of boot.channels) {
      if (get().spot.as !== as) return;
      if (channel.id !== spot.channel) await loadTimeline(channel.id);
    }
    void countOthers();
  } catch {
    // The connection will break too, and come back here.
  }
}

/** Loads what the current place shows. */
async function load(again = false): Promise<void> {
  const { spot, timelines } = get();
  if (spot.channel && spot.channel !== THREADS) {
    noteUnread(spot.channel);
    if (again || !timelines[spot.channel]) await loadTimeline(spot.channel);
    noteUnread(spot.channel);
    markRead(spot.channel);
  }
  if (spot.thread) await loadThread(threadChannel(spot), threadTs(spot));
}

/** In the list of all threads the thread names its channel too. */
export const threadChannel = (spot: Spot): string =>
  spot.thread.includes("/") ? spot.thread.split("/")[0]! : spot.channel;
export const threadTs = (spot: Spot): string => spot.thread.split("/").at(-1)!;

async function loadTimeline(channel: string): Promise<void> {
  const as = get().spot.as;
  try {
    const page = await fetchHistory(as, channel);
    if (get().spot.as !== as) return;
    set((state) => ({
      timelines: {
        ...state.timelines,
        [channel]: {
          messages: joined(state.timelines[channel]?.messages ?? [], page.messages),
          hasMore: page.has_more,
          prepended: 0,
        },
      },
    }));
    placeEphemerals(channel);
  } catch (error) {
    notify(error instanceof Error ? error.message : "The history could not be read.", "error");
  }
}

const loadingOlder = new Set<string>();

/** Fetches the page of messages before the oldest one known. */
export async function loadOlder(channel: string): Promise<void> {
  const timeline = get().timelines[channel];
  const oldest = timeline?.messages.find((message) => !message.ephemeral)?.ts;
  if (!timeline?.hasMore || !oldest || loadingOlder.has(channel)) return;
  loadingOlder.add(channel);
  try {
    const page = await fetchHistory(get().spot.as, channel, oldest);
    set((state) => {
      const now = state.timelines[channel];
      if (!now) return {};
      const older = page.messages.filter((message) => message.ts < oldest);
      const next = {
        messages: [...older, ...now.messages],
        hasMore: page.has_more && older.length > 0,
        prepended: now.prepended + older.length,
      };
      return { timelines: { ...state.timelines, [channel]: next } };
    });
  } finally {
    loadingOlder.delete(channel);
  }
}

async function loadThread(channel: string, ts: string): Promise<void> {
  const as = get().spot.as;
  const key = threadKey(channel, ts);
  try {
    const { messages } = await fetchReplies(as, channel, ts);
    if (get().spot.as !== as) return;
    set((state) => ({ threads: { ...state.threads, [key]: joined(state.threads[key] ?? [], messages) } }));
    placeEphemerals(channel);
    seeThread(channel, ts, messages.at(-1)?.ts ?? ts);
  } catch (error) {
    notify(error instanceof Error ? error.message : "The thread could not be read.", "error");
  }
}

// ---------------------------------------------------------------- going places

function go(change: Partial<Spot>): void {
  const spot = { ...get().spot, ...change };
  if (spotAddress(spot) !== location.pathname + location.search) history.pushState(null, "", spotAddress(spot));
  set({ spot, drawer: false });
  void load();
}

/** Shows a channel, or the list of all threads. */
export function openChannel(channel: string, tab: Spot["tab"] = "messages"): void {
  const { unreadFrom, spot } = get();
  if (spot.channel !== channel) set({ unreadFrom: { ...unreadFrom, [spot.channel]: "" } });
  go({ channel, thread: "", tab });
  announceTab(channel, tab);
}

export function openTab(tab: Spot["tab"]): void {
  go({ tab, thread: "" });
  announceTab(get().spot.channel, tab);
}

/** Apps hear when somebody opens their Home or their messages. */
function announceTab(channel: string, tab: Spot["tab"]): void {
  const { boot, spot } = get();
  const user = boot?.channels.find((each) => each.id === channel)?.user;
  if (!user || !boot?.people.find((person) => person.id === user)?.is_bot) return;
  void act(spot.as, tab === "home" ? { action: "home", user } : { action: "open_im", user });
}

export function openThread(channel: string, ts: string): void {
  const inList = get().spot.channel === THREADS;
  if (!inList && get().spot.channel !== channel) go({ channel, tab: "messages", thread: ts });
  else go({ thread: inList ? threadKey(channel, ts) : ts });
}

export const closeThread = (): void => go({ thread: "" });

/** Opens the direct conversation with a person or a bot. */
export async function openDirect(user: string, tab: Spot["tab"] = "messages"): Promise<void> {
  const known = get().boot?.channels.find((channel) => channel.is_im && channel.user === user);
  if (known) return openChannel(known.id, tab);
  const answer = await perform({ action: "open_im", user });
  if (!answer.ok || !answer.channel) return;
  if (!get().boot?.channels.some((channel) => channel.id === answer.channel)) {
    const boot = await fetchBoot(get().spot.as);
    set({ boot });
  }
  openChannel(answer.channel, tab);
}

// ---------------------------------------------------------------- doing things

/** Does something as the current person; a refusal is shown. */
export async function perform(action: Action): Promise<Answer> {
  const answer = await act(get().spot.as, action);
  if (!answer.ok && answer.error && !answer.errors) notify(answer.error, "error");
  return answer;
}

export async function sendMessage(
  channel: string,
  text: string,
  options: { thread?: string; broadcast?: boolean } = {},
): Promise<Answer> {
  const thread = options.thread ? { thread_ts: options.thread } : {};
  if (/^\/[a-z]/i.test(text)) return perform({ action: "command", channel, text, ...thread });
  return perform({ action: "message", channel, text, ...thread, ...(options.broadcast ? { broadcast: true } : {}) });
}

/** Asks a question of the guided start, and opens its thread when the answer comes. */
export async function askGuide(step: { text: string; channel: string; hint: string }): Promise<void> {
  const { boot } = get();
  const channel = boot?.channels.find((each) => each.id === step.channel || each.name === step.channel);
  if (!channel) return notify(`There is no channel ${step.channel} here.`, "error");
  openChannel(channel.id);
  const answer = await sendMessage(channel.id, step.text);
  if (answer.ok) {
    set({ awaitedThread: answer.ts ? { channel: channel.id, ts: answer.ts } : null, hint: step.hint });
  }
}

export const dismissHint = (): void => set({ hint: null });
export const setDrawer = (drawer: boolean): void => set({ drawer });

export function notify(text: string, tone: Notice["tone"] = "plain"): void {
  noticeId += 1;
  const notice = { id: noticeId, text, tone };
  set((state) => ({ notices: [...state.notices.filter((each) => each.text !== text), notice].slice(-3) }));
  window.setTimeout(() => dismissNotice(notice.id), 7000);
}

export function dismissNotice(id: number): void {
  set((state) => ({ notices: state.notices.filter((each) => each.id !== id) }));
}

export function closeView(view: View, clear = false): void {
  const { views, spot } = get();
  const gone = clear ? views : [view];
  set({ views: views.filter((each) => !gone.includes(each)) });
  // Already closed on the other side is just as well.
  for (const each of gone.toReversed()) void act(spot.as, { action: "close", view_id: each.id });
}

// ---------------------------------------------------------------- reading

function noteUnread(channelId: string): void {
  const { boot, timelines, unreadFrom } = get();
  const channel = boot?.channels.find((each) => each.id === channelId);
  const messages = timelines[channelId]?.messages.filter((each) => !each.ephemeral) ?? [];
  if (!channel || unreadFrom[channelId] || channel.unread === 0 || messages.length === 0) return;
  const first = messages[Math.max(0, messages.length - channel.unread)];
  if (first) set({ unreadFrom: { ...unreadFrom, [channelId]: first.ts } });
}

function markRead(channelId: string): void {
  const { boot, timelines, spot } = get();
  if (document.visibilityState !== "visible" || channelId !== spot.channel) return;
  const last = timelines[channelId]?.messages.filter((each) => !each.ephemeral).at(-1);
  const channel = boot?.channels.find((each) => each.id === channelId);
  if (!channel || !last || channel.unread + channel.mentions === 0) return;
  updateChannel({ ...channel, unread: 0, mentions: 0 });
  void act(spot.as, { action: "read", channel: channelId, ts: last.ts });
}

let readTimer: number | undefined;

/** What arrives where one is looking counts as read, and is reported a little later, once for all. */
function markReadSoon(): void {
  if (readTimer !== undefined) return;
  readTimer = window.setTimeout(() => {
    readTimer = undefined;
    markRead(get().spot.channel);
  }, 250);
}

function seeThread(channel: string, ts: string, latest: string): void {
  const { threadSeen, boot } = get();
  const key = threadKey(channel, ts);
  if ((threadSeen[key] ?? "") >= latest) return;
  const next = { ...threadSeen, [key]: latest };
  set({ threadSeen: next });
  if (boot) remember(`seen.${boot.team.id}.${boot.me}`, next);
}

function updateChannel(channel: Channel): void {
  set((state) => {
    if (!state.boot) return {};
    const known = state.boot.channels.some((each) => each.id === channel.id);
    const channels = known
      ? state.boot.channels.map((each) => (each.id === channel.id ? channel : each))
      : [...state.boot.channels, channel];
    return { boot: { ...state.boot, channels } };
  });
}

/** True where the text speaks to this person: by name, by group, or to everybody. */
export function mentions(text: string, me: string, boot: Boot): boolean {
  if (text.includes(`<@${me}`) || /<!(here|channel|everyone)/.test(text)) return true;
  return boot.usergroups.some((group) => group.users.includes(me) && text.includes(`<!subteam^${group.id}`));
}

let othersTimer: number | undefined;

/** Counts what waits for the other people, for the marks on their pictures. */
async function countOthers(): Promise<void> {
  window.clearTimeout(othersTimer);
  const { boot, spot } = get();
  if (boot && document.visibilityState === "visible") {
    const others: Record<string, Others> = {};
    let connected = boot.is_connected;
    for (const person of boot.people.filter((each) => !each.is_bot && each.id !== boot.me)) {
      try {
        const theirs = await fetchBoot(person.id);
        connected = theirs.is_connected;
        const sum = (count: (channel: Channel) => number) =>
          theirs.channels.reduce((total, channel) => total + count(channel), 0);
        others[person.id] = {
          mentions: sum((channel) => (channel.is_im ? channel.unread : channel.mentions)),
          unread: sum((channel) => channel.unread),
        };
      } catch {
        break;
      }
    }
    const now = get().boot;
    if (now && get().spot.as === spot.as) {
      set({ others, ...(now.is_connected === connected ? {} : { boot: { ...now, is_connected: connected } }) });
    }
  }
  othersTimer = window.setTimeout(() => void countOthers(), 10_000);
}

function countOthersSoon(): void {
  window.clearTimeout(othersTimer);
  othersTimer = window.setTimeout(() => void countOthers(), 700);
}

// ---------------------------------------------------------------- live frames

let waiting: Frame[] = [];

/** Frames that come close together are applied together, so that the page is drawn once for them. */
function enqueue(frame: Frame): void {
  waiting.push(frame);
  if (waiting.length > 1) return;
  window.setTimeout(() => {
    const frames = waiting;
    waiting = [];
    frames.forEach(receive);
  }, 12);
}

/** Applies one frame from the server. */
export function receive(frame: Frame): void {
  switch (frame.type) {
    case "hello":
      void refresh();
      return;
    case "message":
      receiveMessage(frame.channel, frame.message);
      countOthersSoon();
      return;
    case "ephemeral":
      receiveMessage(frame.channel, {
        ...frame.message,
        ephemeral: true,
        ...(frame.thread_ts ? { thread_ts: frame.thread_ts } : {}),
      });
      return;
    case "message_changed":
    case "reaction":
      changeMessage(frame.channel, frame.message);
      return;
    case "message_deleted":
      removeMessage(frame.channel, frame.ts, frame.thread_ts);
      return;
    case "view":
      receiveView(frame.op, frame.view, frame.view_id);
      return;
    case "home":
      receiveHome(frame.view, frame.bot);
      return;
    case "channel":
      receiveChannel(frame.channel);
      return;
    case "status":
      set((state) => ({
        statuses: { ...state.statuses, [threadKey(frame.channel, frame.thread_ts ?? "")]: frame.status },
      }));
      return;
    case "prompts":
      set((state) => ({
        prompts: { ...state.prompts, [frame.channel]: { title: frame.title, prompts: frame.prompts } },
      }));
  }
}

/** A channel as it is now; what is unread in it only this page knows. */
function receiveChannel(channel: Channel): void {
  const { boot } = get();
  if (!boot) return;
  if (!channel.members.includes(boot.me)) {
    set({ boot: { ...boot, channels: boot.channels.filter((each) => each.id !== channel.id) } });
    return;
  }
  const known = boot.channels.find((each) => each.id === channel.id);
  const user = channel.is_im ? channel.members.find((id) => id !== boot.me) : undefined;
  updateChannel({ ...channel, ...(user ? { user } : {}), unread: known?.unread ?? 0, mentions: known?.mentions ?? 0 });
}

function receiveMessage(channelId: string, message: Message): void {
  const { boot, timelines, threads, spot, awaitedThread } = get();
  const timeline = timelines[channelId];
  if (timeline) {
    let messages = timeline.messages;
    if (isReply(message) && !message.ephemeral) messages = withReply(messages, message);
    if (isTopLevel(message)) messages = placed(messages, message);
    set({ timelines: { ...timelines, [channelId]: { ...timeline, messages } } });
  }
  if (message.thread_ts) {
    const key = threadKey(channelId, message.thread_ts);
    const thread = threads[key];
    if (thread) set({ threads: { ...threads, [key]: placed(thread, message) } });
    const open = spot.thread && threadChannel(spot) === channelId && threadTs(spot) === message.thread_ts;
    if ((open && document.visibilityState === "visible") || message.user === spot.as) {
      seeThread(channelId, message.thread_ts, message.ts);
    }
    clearStatus(channelId, message.thread_ts);
  }
  if (message.bot_id) clearStatus(channelId, "");
  if (awaitedThread?.channel === channelId && awaitedThread.ts === message.thread_ts && message.user !== spot.as) {
    set({ awaitedThread: null });
    if (!spot.thread) openThread(channelId, message.thread_ts);
  }
  if (boot && isTopLevel(message) && message.user !== spot.as && !message.ephemeral) countUnread(boot, channelId, message);
}

function clearStatus(channel: string, ts: string): void {
  const key = threadKey(channel, ts);
  if (get().statuses[key]) set((state) => ({ statuses: { ...state.statuses, [key]: "" } }));
}

function countUnread(boot: Boot, channelId: string, message: Message): void {
  const channel = boot.channels.find((each) => each.id === channelId);
  if (!channel) return;
  const called = mentions(message.text, boot.me, boot);
  updateChannel({
    ...channel,
    unread: channel.unread + 1,
    mentions: channel.mentions + (called ? 1 : 0),
    last_ts: message.ts,
  });
  const { unreadFrom, spot } = get();
  const hidden = document.visibilityState !== "visible";
  if (channelId === spot.channel && hidden && !unreadFrom[channelId]) {
    set({ unreadFrom: { ...unreadFrom, [channelId]: message.ts } });
  }
  if (channelId === spot.channel) markReadSoon();
}

function changeMessage(channelId: string, message: Message): void {
  set((state) => {
    const timeline = state.timelines[channelId];
    const key = threadKey(channelId, message.thread_ts ?? message.ts);
    const thread = state.threads[key];
    return {
      ...(timeline && {
        timelines: { ...state.timelines, [channelId]: { ...timeline, messages: changed(timeline.messages, message) } },
      }),
      ...(thread && { threads: { ...state.threads, [key]: changed(thread, message) } }),
    };
  });
}

function removeMessage(channelId: string, ts: string, thread?: string): void {
  set((state) => {
    const timeline = state.timelines[channelId];
    const without = (messages: Message[]) => messages.filter((each) => each.ts !== ts);
    const threads = Object.fromEntries(
      Object.entries(state.threads).map(([key, list]) => [key, key.startsWith(`${channelId}/`) ? without(list) : list]),
    );
    if (!timeline) return { threads };
    const messages = without(timeline.messages).map((each) =>
      thread && each.ts === thread && each.reply_count ? { ...each, reply_count: each.reply_count - 1 } : each,
    );
    return { threads, timelines: { ...state.timelines, [channelId]: { ...timeline, messages } } };
  });
}

function receiveView(op: "open" | "update" | "push" | "close", view?: View, viewId?: string): void {
  set((state) => {
    if (op === "close") {
      const id = view?.id ?? viewId;
      return { views: id ? state.views.filter((each) => each.id !== id) : [] };
    }
    if (!view) return {};
    if (view.type === "home") return state;
    if (op === "update") return { views: state.views.map((each) => (each.id === view.id ? view : each)) };
    const below = op === "push" ? state.views.filter((each) => each.id !== view.id) : [];
    return { views: [...below, view] };
  });
}

function receiveHome(view: View, bot?: string): void {
  const { boot, homes } = get();
  const owner = bot ?? boot?.people.find((person) => person.is_bot)?.id;
  if (owner) set({ homes: { ...homes, [owner]: view } });
}
