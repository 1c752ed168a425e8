/** Going from place to place: channels, tabs, threads, conversations. */

import { act, fetchBoot } from "../slack/client";
import { perform, sendMessage } from "./deeds";
import { load, loadUntil } from "./loading";
import { spotAddress, type Spot } from "./place";
import { get, notify, set, THREADS, threadKey } from "./store";

/** So long a message that was gone to stands out. */
const SHOWN_MILLISECONDS = 6000;

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

/** Shows another tab of an app. */
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

/** Shows a thread beside its channel, or beside the list of all threads. */
export function openThread(channel: string, ts: string): void {
  const inList = get().spot.channel === THREADS;
  if (!inList && get().spot.channel !== channel) go({ channel, tab: "messages", thread: ts });
  else go({ thread: inList ? threadKey(channel, ts) : ts });
}

/** Goes to a message, however old, and opens the thread that it stands in. */
export async function reveal(channel: string, ts: string, thread?: string): Promise<void> {
  const mine = { channel, ts };
  set({ revealed: mine });
  const inThread = thread !== undefined && thread !== ts;
  openChannel(channel);
  if (inThread || thread === ts) openThread(channel, thread);
  window.setTimeout(() => get().revealed === mine && set({ revealed: null }), SHOWN_MILLISECONDS);
  if (!inThread) await loadUntil(channel, ts);
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

/** Asks a question of the guided start, and opens its thread when the answer comes. */
export async function askGuide(step: { text: string; channel: string; hint: string }): Promise<void> {
  const { boot } = get();
  const channel = boot?.channels.find((each) => each.id === step.channel || each.name === step.channel);
  if (!channel) return notify(`There is no channel ${step.channel} here.`, "error");
  openChannel(channel.id);
  const answer = await sendMessage(channel.id, step.text);
  if (!answer.ok) return;
  set({ awaitedThread: answer.ts ? { channel: channel.id, ts: answer.ts } : null, hint: step.hint });
  // A quick bot's answer overtakes ours: then it is here already, and nothing will announce it.
  const asked = get().timelines[channel.id]?.messages.find((message) => message.ts === answer.ts);
  if (answer.ts && asked?.reply_count) {
    set({ awaitedThread: null });
    openThread(channel.id, answer.ts);
  }
}
