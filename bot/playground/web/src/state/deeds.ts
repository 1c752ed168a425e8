/** What a person does, as requests to the workspace. */

import { act, upload, type Action, type Answer } from "../slack/client";
import type { FileObject, View } from "../slack/types";
import { get, notify, set } from "./store";

/** Does something as the current person; a refusal is shown. */
export async function perform(action: Action): Promise<Answer> {
  const answer = await act(get().spot.as, action);
  if (!answer.ok && answer.error && !answer.errors) notify(answer.error, "error");
  return answer;
}

/** Uploads files one after the other; null where one could not be, which is shown. */
export async function uploadAll(files: File[]): Promise<FileObject[] | null> {
  const done: FileObject[] = [];
  for (const file of files) {
    const answer = await upload(get().spot.as, file);
    if (!answer.file) {
      notify(answer.error ?? `${file.name} could not be uploaded.`, "error");
      return null;
    }
    done.push(answer.file);
  }
  return done;
}

interface Sending {
  thread?: string;
  broadcast?: boolean;
  files?: File[];
}

/** Says something, with files where there are some, or uses a slash command. */
export async function sendMessage(channel: string, text: string, options: Sending = {}): Promise<Answer> {
  const { thread, broadcast, files = [] } = options;
  const where = { channel, ...(thread ? { thread_ts: thread } : {}) };
  if (/^\/[a-z]/i.test(text) && files.length === 0) return perform({ action: "command", text, ...where });
  const uploaded = await uploadAll(files);
  if (!uploaded) return { ok: false };
  return perform({
    action: "message",
    text,
    ...where,
    ...(broadcast ? { broadcast: true } : {}),
    ...(uploaded.length > 0 ? { files: uploaded.map((file) => file.id) } : {}),
  });
}

/** Closes a modal, or all that are open. */
export function closeView(view: View, clear = false): void {
  const { views, spot } = get();
  const gone = clear ? views : [view];
  set({ views: views.filter((each) => !gone.includes(each)) });
  // Already closed on the other side is just as well.
  for (const each of gone.toReversed()) void act(spot.as, { action: "close", view_id: each.id });
}
