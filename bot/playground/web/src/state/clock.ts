/** What time it is here: the workspace's clock can be turned, and whatever shows a time follows it. */

import { control } from "../slack/client";
import type { Clock } from "../slack/types";
import { get, notify, useWorkspace } from "./store";

export const MINUTE = 60;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
const MORNING = 9;

const at = (clock: Clock): Date => new Date(Date.now() + clock.ahead * 1000);

/** The workspace's time; whoever calls it is drawn again when the clock is turned. */
export function useNow(): Date {
  return at(useWorkspace((state) => state.clock));
}

/** Turns the clock forward by so many seconds, or back to the real time with null. */
export async function turn(seconds: number | null): Promise<void> {
  const order = seconds === null ? { op: "turn_back" } : { op: "advance", seconds };
  const answer = await control(order);
  if (!answer.ok) notify(answer.error ?? "The clock could not be turned.", "error");
}

/** When the desk opens next; where nobody has said so, the next working day's morning. */
export function nextOpening(clock: Clock = get().clock, now: Date = at(clock)): { at: Date; known: boolean } {
  if (clock.opens && clock.opens * 1000 > now.getTime()) return { at: new Date(clock.opens * 1000), known: true };
  const morning = new Date(now);
  morning.setHours(MORNING, 0, 0, 0);
  while (morning <= now || morning.getDay() === 0 || morning.getDay() === 6) morning.setDate(morning.getDate() + 1);
  return { at: morning, known: false };
}

/** `+1 day 2 h`, in its two largest units. */
export function aheadInWords(seconds: number): string {
  const minutes = Math.round(seconds / MINUTE);
  const parts: [number, string][] = [
    [Math.floor(minutes / 1440), minutes >= 2880 ? "days" : "day"],
    [Math.floor(minutes / 60) % 24, "h"],
    [minutes % 60, "min"],
  ];
  const told = parts.filter(([count]) => count > 0).slice(0, 2);
  return told.length ? `+${told.map(([count, unit]) => `${count} ${unit}`).join(" ")}` : "";
}
