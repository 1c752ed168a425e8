/** What was read, and what waits to be: in channels and in threads. */

import { act } from "../slack/client";
import type { Boot, Channel } from "../slack/types";
import { remember } from "./memory";
import { get, set, threadKey } from "./store";

/** Remembers where the unread messages begin, before they count as read. */
export function noteUnread(channelId: string): void {
  const { boot, timelines, unreadFrom } = get();
  const channel = boot?.channels.find((each) => each.id === channelId);
  const messages = timelines[channelId]?.messages.filter((each) => !each.ephemeral) ?? [];
  if (!channel || unreadFrom[channelId] || channel.unread === 0 || messages.length === 0) return;
  const first = messages[Math.max(0, messages.length - channel.unread)];
  if (first) set({ unreadFrom: { ...unreadFrom, [channelId]: first.ts } });
}

/** Reports what is in sight as read. */
export function markRead(channelId: string): void {
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
export function markReadSoon(): void {
  if (readTimer !== undefined) return;
  readTimer = window.setTimeout(() => {
    readTimer = undefined;
    markRead(get().spot.channel);
  }, 250);
}

/** Notes how far a thread was read; the browser keeps this. */
export function seeThread(channel: string, ts: string, latest: string): void {
  const { threadSeen, boot } = get();
  const key = threadKey(channel, ts);
  if ((threadSeen[key] ?? "") >= latest) return;
  const next = { ...threadSeen, [key]: latest };
  set({ threadSeen: next });
  if (boot) remember(`seen.${boot.team.id}.${boot.me}`, next);
}

/** Puts a channel in the place of what was known of it. */
export function updateChannel(channel: Channel): void {
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
