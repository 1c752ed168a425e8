import { useMemo } from "react";
import type { Message } from "../slack/types";
import { mentions } from "./reading";
import { threadKey, useWorkspace, type Workspace } from "./store";

export interface FollowedThread {
  channel: string;
  parent: Message;
  unread: boolean;
}

/** The threads a person wrote in, started, or was called to, the latest first. */
export function followedThreads(state: Pick<Workspace, "boot" | "timelines" | "threadSeen">): FollowedThread[] {
  const { boot, timelines, threadSeen } = state;
  if (!boot) return [];
  const found: FollowedThread[] = [];
  for (const [channel, timeline] of Object.entries(timelines)) {
    for (const parent of timeline.messages) {
      if (!parent.reply_count || parent.ephemeral) continue;
      const mine = parent.user === boot.me || parent.reply_users?.includes(boot.me);
      if (!mine && !mentions(parent.text, boot.me, boot)) continue;
      const seen = threadSeen[threadKey(channel, parent.ts)] ?? "";
      found.push({ channel, parent, unread: (parent.latest_reply ?? "") > seen });
    }
  }
  return found.sort((a, b) => ((a.parent.latest_reply ?? "") < (b.parent.latest_reply ?? "") ? 1 : -1));
}

export function useFollowedThreads(): FollowedThread[] {
  const boot = useWorkspace((state) => state.boot);
  const timelines = useWorkspace((state) => state.timelines);
  const threadSeen = useWorkspace((state) => state.threadSeen);
  return useMemo(() => followedThreads({ boot, timelines, threadSeen }), [boot, timelines, threadSeen]);
}

export const useUnreadThreads = (): number => useFollowedThreads().filter((thread) => thread.unread).length;
