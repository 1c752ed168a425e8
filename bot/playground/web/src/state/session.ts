/** Sitting down as somebody: the first load, the live connection, and coming back after a break. */

import { fetchBoot, Refused } from "../slack/client";
import { Live } from "../slack/live";
import type { Boot, Frame } from "../slack/types";
import { receive } from "./frames";
import { load, loadTimeline } from "./loading";
import { recall, remember } from "./memory";
import { countOthers } from "./others";
import { readSpot, spotAddress, type Spot } from "./place";
import { markRead } from "./reading";
import { get, set, THREADS, threadChannel, threadKey, threadTs } from "./store";

let live: Live | null = null;
/** Which attempt to sit down is the latest: an answer to an earlier one comes too late. */
let attempt = 0;
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
  attempt += 1;
  const mine = attempt;
  live?.close();
  set({ link: "connecting", hint: null, views: [], timelines: {}, threads: {}, statuses: {}, unreadFrom: {}, prompts: {}, problem: null, drawer: false });
  try {
    const boot = await fetchBoot(spot.as);
    if (mine !== attempt) return;
    enter(boot, spot);
  } catch (error) {
    if (mine !== attempt) return;
    // A person whom the address or the browser remembers need not exist in this workspace.
    if (spot.as && error instanceof Refused) return connect({ ...spot, as: "" });
    set({ spot, problem: error instanceof Error ? error.message : "The workspace does not answer." });
    window.setTimeout(() => mine === attempt && void connect(spot), 1500);
    return;
  }
  const as = get().spot.as;
  waiting = [];
  kept = null;
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
    clock: boot.clock ?? get().clock,
  });
}

/** After the connection came (back): what happened meanwhile is fetched, not guessed. */
async function refresh(): Promise<void> {
  const { as } = get().spot;
  const mine: Told[] = [];
  kept = mine;
  try {
    const boot = await fetchBoot(as);
    if (get().spot.as !== as) return;
    enter(boot, get().spot);
    release(mine);
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
  } finally {
    release(mine);
  }
}

let waiting: Frame[] = [];

/** Frames that come close together are applied together, so that the page is drawn once for them. */
function enqueue(frame: Frame): void {
  waiting.push(frame);
  if (waiting.length > 1) return;
  window.setTimeout(() => {
    const frames = waiting;
    waiting = [];
    for (const each of frames) {
      if (each.type === "hello") void refresh();
      else if (kept) kept.push(each);
      else receive(each);
    }
  }, 12);
}

type Told = Exclude<Frame, { type: "hello" }>;

/** While the workspace is fetched, what is told is kept: the answer may be older than that. */
let kept: Told[] | null = null;

function release(told: Told[]): void {
  if (kept !== told) return;
  kept = null;
  for (const each of told) receive(each);
}
