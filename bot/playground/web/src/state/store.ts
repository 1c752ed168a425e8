/** All that the page knows. What changes it stands in the modules beside this one. */

import { create } from "zustand";
import type { LinkState } from "../slack/live";
import type { Boot, Clock, Message, Prompt, View } from "../slack/types";
import { readSpot, type Spot } from "./place";
import type { Timeline } from "./timeline";

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
  clock: Clock;
  /** The message that the page goes to as soon as it is there. */
  revealed: { channel: string; ts: string } | null;
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
  clock: { ahead: 0, opens: null },
  revealed: null,
}));

export const get = useWorkspace.getState;
export const set = useWorkspace.setState;

export const threadKey = (channel: string, ts: string): string => `${channel}/${ts}`;

/** In the list of all threads, the thread in the address names its channel too. */
export const threadChannel = (spot: Spot): string =>
  spot.thread.includes("/") ? spot.thread.split("/")[0]! : spot.channel;
export const threadTs = (spot: Spot): string => spot.thread.split("/").at(-1)!;

export const dismissHint = (): void => set({ hint: null });
export const setDrawer = (drawer: boolean): void => set({ drawer });

let noticeId = 0;

/** Says something for a few seconds. */
export function notify(text: string, tone: Notice["tone"] = "plain"): void {
  noticeId += 1;
  const notice = { id: noticeId, text, tone };
  set((state) => ({ notices: [...state.notices.filter((each) => each.text !== text), notice].slice(-3) }));
  window.setTimeout(() => dismissNotice(notice.id), 7000);
}

export function dismissNotice(id: number): void {
  set((state) => ({ notices: state.notices.filter((each) => each.id !== id) }));
}
