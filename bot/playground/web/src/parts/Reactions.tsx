import type { Message } from "../slack/types";
import { useNames } from "../state/names";
import { perform } from "../state/deeds";
import { emojiFor } from "../text/emoji";

/** The reactions under a message; a press adds one's own or takes it back. */
export function Reactions({ channel, message }: { channel: string; message: Message }) {
  const { me, person } = useNames();
  return (
    <div className="reactions">
      {message.reactions?.map(({ name, users, count }) => {
        const own = users.includes(me);
        const who = users.map((id) => (id === me ? "You" : (person(id)?.real_name ?? id))).join(", ");
        return (
          <button
            key={name}
            type="button"
            className={own ? "reaction own" : "reaction"}
            aria-pressed={own}
            aria-label={`${name.replaceAll("_", " ")}: ${who}`}
            title={`${who} · :${name}:`}
            onClick={() => void perform({ action: "react", channel, ts: message.ts, name, ...(own ? { remove: true } : {}) })}
          >
            <span className="emoji">{emojiFor(name) ?? `:${name}:`}</span> {count}
          </button>
        );
      })}
    </div>
  );
}
