/** Where the person is, as the address of the page says it, so that a reload or a link leads back. */

export interface Spot {
  as: string;
  channel: string;
  thread: string;
  tab: "messages" | "home";
}

export function readSpot(search = location.search): Spot {
  const query = new URLSearchParams(search);
  return {
    as: query.get("as") ?? "",
    channel: query.get("channel") ?? "",
    thread: query.get("thread") ?? "",
    tab: query.get("tab") === "home" ? "home" : "messages",
  };
}

export function spotAddress(spot: Spot): string {
  const query = new URLSearchParams({ as: spot.as });
  if (spot.channel) query.set("channel", spot.channel);
  if (spot.thread) query.set("thread", spot.thread);
  if (spot.tab === "home") query.set("tab", "home");
  return `?${query}`;
}
