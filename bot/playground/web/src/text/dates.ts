/** Dates and times as a team chat shows them, in the zone of whoever sits at the browser. */

const time = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
const timeSeconds = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit", second: "2-digit" });
const longDay = new Intl.DateTimeFormat(undefined, { weekday: "long", month: "long", day: "numeric" });
const longYear = new Intl.DateTimeFormat(undefined, { year: "numeric", month: "long", day: "numeric" });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: "short", hour: "numeric", minute: "2-digit" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" });
const short = new Intl.DateTimeFormat(undefined, { month: "short", day: "numeric", year: "numeric" });
const long = new Intl.DateTimeFormat(undefined, { dateStyle: "full" });
const numeric = new Intl.DateTimeFormat("en-CA");
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });

/** The moment of a Slack `ts` such as `1718000000.000100`. */
export function dateOfTs(ts: string): Date {
  return new Date(Number.parseFloat(ts) * 1000);
}

export const clockTime = (at: Date): string => time.format(at);
/** `Mon 9:00 AM`. */
export const weekdayTime = (at: Date): string => weekday.format(at);
export const fullTime = (at: Date): string => full.format(at);
export const sameDay = (a: Date, b: Date): boolean => a.toDateString() === b.toDateString();

/** `Today`, `Yesterday`, or the day in full. */
export function dayName(at: Date, now = new Date()): string {
  const yesterday = new Date(now);
  yesterday.setDate(now.getDate() - 1);
  if (sameDay(at, now)) return "Today";
  if (sameDay(at, yesterday)) return "Yesterday";
  return at.getFullYear() === now.getFullYear() ? longDay.format(at) : longYear.format(at);
}

/** `5 minutes ago`, `yesterday`. */
export function ago(at: Date, now = new Date()): string {
  const seconds = Math.round((at.getTime() - now.getTime()) / 1000);
  const steps: [Intl.RelativeTimeFormatUnit, number][] = [["day", 86400], ["hour", 3600], ["minute", 60]];
  for (const [unit, size] of steps) {
    if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit);
  }
  return "just now";
}

/** Fills the `{date_long}`-like fields of a Slack date format; null where the moment is not one. */
export function formatDate(timestamp: number, format: string, now = new Date()): string | null {
  const at = new Date(timestamp * 1000);
  if (!Number.isFinite(timestamp) || Number.isNaN(at.getTime())) return null;
  const near = Math.abs(at.getTime() - now.getTime()) < 2 * 86_400_000;
  const pretty = (otherwise: string): string => {
    const day = dayName(at, now);
    return near && (day === "Today" || day === "Yesterday") ? day.toLowerCase() : otherwise;
  };
  const fields: Record<string, () => string> = {
    date_num: () => numeric.format(at),
    date: () => longYear.format(at),
    date_slash: () => numeric.format(at).replaceAll("-", "/"),
    date_short: () => short.format(at),
    date_long: () => long.format(at),
    date_pretty: () => pretty(longYear.format(at)),
    date_short_pretty: () => pretty(short.format(at)),
    date_long_pretty: () => pretty(long.format(at)),
    day_divider_pretty: () => dayName(at, now),
    time: () => time.format(at),
    time_secs: () => timeSeconds.format(at),
    ago: () => ago(at, now),
  };
  return format.replace(/\{(\w+)\}/g, (whole, name: string) => (Object.hasOwn(fields, name) ? fields[name]!() : whole));
}
