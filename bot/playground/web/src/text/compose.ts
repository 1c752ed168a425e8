/** Between what a person types (`@Mei Tanaka`, `#it-help`) and what Slack stores (`<@U..>`, `<#C..>`). */

import type { Channel, Person, Usergroup } from "../slack/types";
import { decodeEntities } from "./mrkdwn";

export interface Directory {
  people: Person[];
  channels: Channel[];
  usergroups: Usergroup[];
}

const BROADCASTS = ["here", "channel", "everyone"];

/** Turns the names in what was typed into Slack's references; the server escapes the rest. */
export function withReferences(typed: string, directory: Directory): string {
  const names = new Map<string, string>();
  for (const channel of directory.channels) {
    if (!channel.is_im) names.set(`#${channel.name}`.toLowerCase(), `<#${channel.id}|${channel.name}>`);
  }
  for (const range of BROADCASTS) names.set(`@${range}`, `<!${range}>`);
  for (const group of directory.usergroups) names.set(`@${group.handle}`.toLowerCase(), `<!subteam^${group.id}>`);
  for (const person of directory.people) {
    for (const name of [person.name, person.real_name]) {
      names.set(`@${name}`.toLowerCase(), `<@${person.id}>`);
    }
  }
  // The longest name wins, so that "@Mei Tanaka" is not read as "@Mei" and a surname.
  const alternatives = [...names.keys()].sort((a, b) => b.length - a.length).map(escapePattern);
  if (alternatives.length === 0) return typed;
  const mention = new RegExp(`(?<![\\w@#&])(?:${alternatives.join("|")})(?![\\w-])`, "giu");
  return outsideCode(typed, (part) => part.replace(mention, (found) => names.get(found.toLowerCase()) ?? found));
}

/** The reverse, for editing: what was stored, as it was typed. */
export function fromMrkdwn(stored: string, directory: Directory): string {
  const person = (id: string) => directory.people.find((each) => each.id === id);
  const named = stored
    .replace(/<@([A-Z0-9_]+)(?:\|[^>]*)?>/gi, (whole, id: string) => (person(id) ? `@${person(id)!.real_name}` : whole))
    .replace(/<#([A-Z0-9_]+)(?:\|([^>]*))?>/gi, (whole, id: string, label?: string) => {
      const name = directory.channels.find((each) => each.id === id)?.name ?? label;
      return name ? `#${name}` : whole;
    })
    .replace(/<!subteam\^([A-Z0-9_]+)(?:\|[^>]*)?>/gi, (whole, id: string) => {
      const group = directory.usergroups.find((each) => each.id === id);
      return group ? `@${group.handle}` : whole;
    })
    .replace(/<!(here|channel|everyone)(?:\|[^>]*)?>/g, "@$1")
    .replace(/<((?:https?|mailto|tel):[^>|]+)(?:\|[^>]*)?>/g, "$1");
  return decodeEntities(named);
}

/** One line of plain text for previews and notifications. */
export function toPlain(stored: string, directory: Directory): string {
  return fromMrkdwn(stored, directory).replace(/[*_~`]/g, "").replace(/\s+/g, " ").trim();
}

function outsideCode(text: string, change: (part: string) => string): string {
  return text
    .split(/(```[\s\S]*?```|`[^`\n]+`)/)
    .map((part, index) => (index % 2 === 0 ? change(part) : part))
    .join("");
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
