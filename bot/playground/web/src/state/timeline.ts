/** Lists of messages, always in the order of their `ts`, changed without mutation. */

import type { Message } from "../slack/types";

export interface Timeline {
  messages: Message[];
  hasMore: boolean;
  /** How many messages were put before the first page; keeps the scroll position when older ones load. */
  prepended: number;
}

export const isReply = (message: Message): boolean =>
  message.thread_ts !== undefined && message.thread_ts !== message.ts;

/** Replies live in their thread; a broadcast reply is shown in the channel too. */
export const isTopLevel = (message: Message): boolean =>
  !isReply(message) || message.subtype === "thread_broadcast";

/** Puts a message in its place, or replaces the one with the same `ts`. */
export function placed(messages: Message[], message: Message): Message[] {
  let at = messages.length;
  while (at > 0 && messages[at - 1]!.ts > message.ts) at -= 1;
  const replaces = at > 0 && messages[at - 1]!.ts === message.ts;
  const next = messages.slice();
  if (replaces) next[at - 1] = message;
  else next.splice(at, 0, message);
  return next;
}

/** Replaces the message with this `ts` where there is one. */
export function changed(messages: Message[], message: Message): Message[] {
  const at = messages.findIndex((each) => each.ts === message.ts);
  if (at === -1) return messages;
  const before = messages[at]!;
  const next = messages.slice();
  // An update of the text alone carries no counts: keep those that are known.
  next[at] = {
    ...message,
    reply_count: message.reply_count ?? before.reply_count,
    reply_users: message.reply_users ?? before.reply_users,
    latest_reply: message.latest_reply ?? before.latest_reply,
    ephemeral: before.ephemeral,
  };
  return next;
}

/** Notes a reply on its parent; one that the parent already counts changes nothing. */
export function withReply(messages: Message[], reply: Message): Message[] {
  const at = messages.findIndex((each) => each.ts === reply.thread_ts);
  const parent = messages[at];
  if (!parent || (parent.latest_reply ?? "") >= reply.ts) return messages;
  const author = reply.user ?? reply.bot_id ?? "";
  const users = parent.reply_users ?? [];
  const next = messages.slice();
  next[at] = {
    ...parent,
    reply_count: (parent.reply_count ?? 0) + 1,
    latest_reply: reply.ts,
    reply_users: users.includes(author) ? users : [...users, author],
  };
  return next;
}

/** A page of history joined with what is already known: newer live messages and ephemeral ones stay. */
export function joined(known: Message[], page: Message[]): Message[] {
  const last = page.at(-1)?.ts ?? "";
  const extra = known.filter((each) => each.ts > last || each.ephemeral);
  return extra.reduce(placed, page);
}
