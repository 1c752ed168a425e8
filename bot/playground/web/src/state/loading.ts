/** Fetching what is shown: channels, older messages, threads. */

import { fetchHistory, fetchReplies } from "../slack/client";
import { markRead, noteUnread, seeThread } from "./reading";
import { get, notify, set, THREADS, threadChannel, threadKey, threadTs } from "./store";
import { isTopLevel, joined, placed } from "./timeline";

/** Loads what the current place shows. */
export async function load(again = false): Promise<void> {
  const { spot, timelines } = get();
  if (spot.channel && spot.channel !== THREADS) {
    noteUnread(spot.channel);
    if (again || !timelines[spot.channel]) await loadTimeline(spot.channel);
    noteUnread(spot.channel);
    markRead(spot.channel);
  }
  if (spot.thread) await loadThread(threadChannel(spot), threadTs(spot));
}

/** Fetches the newest page of a channel. */
export async function loadTimeline(channel: string): Promise<void> {
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

const MOST_PAGES = 200;

/** Fetches older messages until one of them is this one, or it is known not to be there. */
export async function loadUntil(channel: string, ts: string): Promise<void> {
  if (!get().timelines[channel]) await loadTimeline(channel);
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const timeline = get().timelines[channel];
    const oldest = timeline?.messages.find((message) => !message.ephemeral)?.ts;
    if (!timeline?.hasMore || !oldest || oldest <= ts) return;
    await loadOlder(channel);
    if (get().timelines[channel]?.messages.find((message) => !message.ephemeral)?.ts === oldest) return;
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

/** Messages that only this person sees are in no history; the server lists them apart. */
function placeEphemerals(channel: string): void {
  for (const shown of get().boot?.ephemerals ?? []) {
    if (shown.channel !== channel) continue;
    const message = { ...shown.message, ephemeral: true };
    const { timelines, threads } = get();
    const timeline = timelines[channel];
    if (timeline && isTopLevel(message)) {
      set({ timelines: { ...timelines, [channel]: { ...timeline, messages: placed(timeline.messages, message) } } });
    }
    const key = threadKey(channel, message.thread_ts ?? "");
    if (threads[key]) set({ threads: { ...threads, [key]: placed(threads[key], message) } });
  }
}
