/** What the server tells as it happens, applied to what the page knows. */

import type { Boot, Channel, Frame, Message, View } from "../slack/types";
import { openThread } from "./moves";
import { countOthersSoon } from "./others";
import { markReadSoon, mentions, seeThread, updateChannel } from "./reading";
import { get, set, threadChannel, threadKey, threadTs } from "./store";
import { changed, isReply, isTopLevel, placed, withReply } from "./timeline";

/** Applies one frame; `hello` is the session's business. */
export function receive(frame: Exclude<Frame, { type: "hello" }>): void {
  switch (frame.type) {
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
    case "clock":
      set({ clock: frame.clock });
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
  const counted = known ? { unread: known.unread, mentions: known.mentions, last_ts: known.last_ts } : { unread: 0, mentions: 0 };
  updateChannel({ ...channel, ...(user ? { user } : {}), ...counted });
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
  // What came while the workspace was fetched may be counted in there.
  if (!channel || message.ts <= (channel.last_ts ?? "")) return;
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
