import { useEffect, useRef, useState } from "react";
import type { Message } from "../slack/types";
import { useNames } from "../state/names";
import { threadChannel, threadKey, threadTs, useWorkspace } from "../state/store";
import { toPlain } from "../text/compose";

/** Tells screen readers of messages that others write where one is looking. */
export function Announcer() {
  const boot = useWorkspace((state) => state.boot);
  const spot = useWorkspace((state) => state.spot);
  const place = `${spot.as}/${spot.channel}/${spot.thread}`;
  const inChannel = useWorkspace((state) => state.timelines[spot.channel]?.messages.at(-1));
  const inThread = useWorkspace((state) => (spot.thread ? state.threads[threadKey(threadChannel(spot), threadTs(spot))]?.at(-1) : undefined));
  const { person, me } = useNames();
  const [words, setWords] = useState("");
  const known = useRef({ place: "", ts: "" });
  const latest = newer(inChannel, inThread);

  useEffect(() => {
    if (!boot || !latest) return;
    const moved = known.current.place !== place;
    const fresh = latest.ts > known.current.ts;
    known.current = { place, ts: latest.ts };
    if (moved || !fresh || (latest.user === me && !latest.ephemeral)) return;
    const directory = { people: boot.people, channels: boot.channels, usergroups: boot.usergroups };
    setWords(`${person(latest.user)?.real_name ?? latest.username ?? "App"}: ${toPlain(latest.text, directory).slice(0, 300)}`);
  }, [boot, latest, place, me, person]);

  return <div className="hidden" aria-live="polite" aria-atomic="true">{words}</div>;
}

function newer(a: Message | undefined, b: Message | undefined): Message | undefined {
  if (!a || !b) return a ?? b;
  return a.ts > b.ts ? a : b;
}
