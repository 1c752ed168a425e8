/** The page's requests to the workspace server. */

import type { Boot, Channel, ElementState, FileObject, Found, Message, Option, OptionGroup, StateValues } from "./types";

export class Refused extends Error {}

async function read<T>(path: string, query: Record<string, string>): Promise<T> {
  const response = await fetch(`/playground/${path}?${new URLSearchParams(query)}`);
  if (!response.ok) throw new Refused(`The workspace answered ${response.status} to ${path}.`);
  return (await response.json()) as T;
}

export const fetchBoot = (as: string): Promise<Boot> => read("boot", as ? { as } : {});

export const fetchHistory = (
  as: string,
  channel: string,
  before?: string,
): Promise<{ messages: Message[]; has_more: boolean }> =>
  read("history", { as, channel, limit: "100", ...(before ? { before } : {}) });

export const fetchReplies = (as: string, channel: string, ts: string): Promise<{ messages: Message[] }> =>
  read("replies", { as, channel, ts });

/** Every public channel, those that the person is not in as well. */
export const fetchChannels = (as: string): Promise<{ channels: Channel[] }> => read("channels", { as });

/** What was said with these words, in all that the person can see. */
export const fetchSearch = (as: string, query: string): Promise<{ found: Found[]; more: boolean; words: string[] }> =>
  read("search", { as, q: query });

/** Where an element sits: in a message, or in a view. */
export type Place = { channel: string; ts: string; thread_ts?: string } | { view_id: string };

export type Action =
  | { action: "message"; channel: string; text: string; thread_ts?: string; broadcast?: boolean; files?: string[] }
  | { action: "join" | "leave"; channel: string }
  | { action: "edit"; channel: string; ts: string; text: string }
  | { action: "delete"; channel: string; ts: string }
  | { action: "react"; channel: string; ts: string; name: string; remove?: boolean }
  | ({ action: "press"; block_id: string; action_id: string; values: StateValues } & Place & ElementState)
  | { action: "submit"; view_id: string; values: StateValues }
  | { action: "close"; view_id: string }
  | { action: "command"; channel: string; text: string; thread_ts?: string }
  | { action: "shortcut"; callback_id: string; channel?: string; ts?: string }
  | { action: "read"; channel: string; ts: string }
  | { action: "open_im"; user: string }
  | { action: "home"; user: string }
  | ({ action: "suggest"; block_id: string; action_id: string; value: string } & Place);

export interface Answer {
  ok: boolean;
  error?: string;
  ts?: string;
  channel?: string;
  errors?: Record<string, string>;
  closed?: boolean;
  options?: Option[];
  option_groups?: OptionGroup[];
}

async function post<T extends { ok: boolean }>(path: string, body: unknown): Promise<T> {
  const response = await fetch(`/playground/${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  return (await response.json()) as T;
}

/** Does something as a person; a refusal comes back as `ok: false` with plain words. */
export async function act(as: string, action: Action): Promise<Answer> {
  try {
    return await post<Answer>("act", { as, ...action });
  } catch {
    return { ok: false, error: "The workspace does not answer. Is it still running?" };
  }
}

/** Uploads a file, to be sent with a message or put into a modal. */
export async function upload(as: string, file: File): Promise<{ ok: boolean; error?: string; file?: FileObject }> {
  try {
    const query = new URLSearchParams({ as, name: file.name });
    const response = await fetch(`/playground/upload?${query}`, { method: "POST", body: file });
    return (await response.json()) as { ok: boolean; error?: string; file?: FileObject };
  } catch {
    return { ok: false, error: `${file.name} could not be uploaded.` };
  }
}

/** Turns a fault on, resets the workspace, and the like. */
export async function control(order: Record<string, unknown>): Promise<Answer> {
  try {
    return await post<Answer>("control", order);
  } catch {
    return { ok: false, error: "The workspace does not answer. Is it still running?" };
  }
}
