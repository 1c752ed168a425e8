import { useMemo } from "react";
import type { Boot, Channel, Person, Usergroup } from "../slack/types";
import { useWorkspace } from "./store";

export interface Names {
  me: string;
  person: (id: string | undefined) => Person | undefined;
  channel: (id: string | undefined) => Channel | undefined;
  group: (id: string | undefined) => Usergroup | undefined;
}

const cache = new WeakMap<Boot, Names>();
const NOBODY: Names = { me: "", person: () => undefined, channel: () => undefined, group: () => undefined };

function namesOf(boot: Boot): Names {
  const known = cache.get(boot);
  if (known) return known;
  const index = <T extends { id: string }>(list: T[]) => {
    const byId = new Map(list.map((each) => [each.id, each]));
    return (id: string | undefined) => (id === undefined ? undefined : byId.get(id));
  };
  const names = {
    me: boot.me,
    person: index(boot.people),
    channel: index(boot.channels),
    group: index(boot.usergroups),
  };
  cache.set(boot, names);
  return names;
}

/** Who and what the ids of this workspace stand for. */
export function useNames(): Names {
  const boot = useWorkspace((state) => state.boot);
  return boot ? namesOf(boot) : NOBODY;
}

/** What a channel is called for the current person: `#it-help`, or the other side of a conversation. */
export function useChannelTitle(channel: Channel | undefined): string {
  const { person } = useNames();
  return useMemo(() => channelTitle(channel, person), [channel, person]);
}

export function channelTitle(channel: Channel | undefined, person: Names["person"]): string {
  if (!channel) return "";
  return channel.is_im ? (person(channel.user)?.real_name ?? channel.name) : channel.name;
}
