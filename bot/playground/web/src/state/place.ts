/** Where the person is, as the address of the page says it, so that a reload or a link leads back. */

import { recall } from "./memory";

export interface Spot {
  as: string;
  channel: string;
  thread: string;
  tab: "messages" | "home";
}

/** Reads the address: the page's own, or a permalink such as `/archives/C1/p1718000000000100`. */
export function readSpot(from: Pick<Location, "pathname" | "search"> = location): Spot {
  const query = new URLSearchParams(from.search);
  const linked = /^\/archives\/(\w+)(?:\/p(\d{10})(\d{6}))?/.exec(from.pathname);
  const message = linked?.[2] ? `${linked[2]}.${linked[3]}` : "";
  return {
    as: query.get("as") ?? recall("as", ""),
    channel: linked?.[1] ?? query.get("channel") ?? "",
    thread: query.get("thread_ts") ?? query.get("thread") ?? message,
    tab: query.get("tab") === "home" ? "home" : "messages",
  };
}

export function spotAddress(spot: Spot): string {
  const query = new URLSearchParams({ as: spot.as });
  if (spot.channel) query.set("channel", spot.channel);
  if (spot.thread) query.set("thread", spot.thread);
  if (spot.tab === "home") query.set("tab", "home");
  return `/?${query}`;
}
