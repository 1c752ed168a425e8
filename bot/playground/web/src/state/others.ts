/** What waits for the other people, for the marks on their pictures. */

import { fetchBoot } from "../slack/client";
import type { Channel } from "../slack/types";
import { get, set, type Others } from "./store";

let othersTimer: number | undefined;

/** Counts now, and every ten seconds from then on. */
export async function countOthers(): Promise<void> {
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

/** Counts again a little after something happened. */
export function countOthersSoon(): void {
  window.clearTimeout(othersTimer);
  othersTimer = window.setTimeout(() => void countOthers(), 700);
}
