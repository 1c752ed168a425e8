/** What a person does, as requests to the workspace. */

import { act, type Action, type Answer } from "../slack/client";
import type { View } from "../slack/types";
import { get, notify, set } from "./store";

/** Does something as the current person; a refusal is shown. */
export async function perform(action: Action): Promise<Answer> {
  const answer = await act(get().spot.as, action);
  if (!answer.ok && answer.error && !answer.errors) notify(answer.error, "error");
  return answer;
}

/** Says something, or uses a slash command. */
export async function sendMessage(
  channel: string,
  text: string,
  options: { thread?: string; broadcast?: boolean } = {},
): Promise<Answer> {
  const thread = options.thread ? { thread_ts: options.thread } : {};
  if (/^\/[a-z]/i.test(text)) return perform({ action: "command", channel, text, ...thread });
  return perform({ action: "message", channel, text, ...thread, ...(options.broadcast ? { broadcast: true } : {}) });
}

/** Closes a modal, or all that are open. */
export function closeView(view: View, clear = false): void {
  const { views, spot } = get();
  const gone = clear ? views : [view];
  set({ views: views.filter((each) => !gone.includes(each)) });
  // Already closed on the other side is just as well.
  for (const each of gone.toReversed()) void act(spot.as, { action: "close", view_id: each.id });
}
