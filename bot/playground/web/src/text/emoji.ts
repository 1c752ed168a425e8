import table from "virtual:emoji";

const SKIN_TONES: Record<string, string> = {
  "skin-tone-2": "\u{1F3FB}",
  "skin-tone-3": "\u{1F3FC}",
  "skin-tone-4": "\u{1F3FD}",
  "skin-tone-5": "\u{1F3FE}",
  "skin-tone-6": "\u{1F3FF}",
};

/** The names offered first in the picker. */
export const FREQUENT = [
  "+1", "white_check_mark", "eyes", "raised_hands", "heart", "tada", "pray", "wave",
  "joy", "slightly_smiling_face", "thinking_face", "cry", "fire", "rocket", "bulb", "warning",
  "x", "question", "hourglass_flowing_sand", "computer", "printer", "key", "lock", "telephone_receiver",
];

/** The characters for a Slack emoji name such as `wave` or `wave::skin-tone-2`, or null. */
export function emojiFor(name: string): string | null {
  const [base = "", tone] = name.split("::");
  // hasOwn: a message may say :constructor:
  if (!Object.hasOwn(table, base)) return null;
  const characters = table[base] ?? "";
  return tone && SKIN_TONES[tone] ? characters + SKIN_TONES[tone] : characters;
}

/** Names that contain the query, those that begin with it first. */
export function searchEmoji(query: string, limit = 48): string[] {
  const wanted = query.toLowerCase().replaceAll(":", "");
  if (!wanted) return FREQUENT;
  const names = Object.keys(table).filter((name) => name.includes(wanted));
  names.sort((a, b) => Number(b.startsWith(wanted)) - Number(a.startsWith(wanted)) || a.length - b.length);
  return names.slice(0, limit);
}

/** Replaces `:name:` with characters; unknown names stay as they are. */
export function replaceEmoji(text: string): string {
  return text.replace(/:([a-z0-9_+'-]+(?:::skin-tone-[2-6])?):/g, (whole, name: string) => emojiFor(name) ?? whole);
}
