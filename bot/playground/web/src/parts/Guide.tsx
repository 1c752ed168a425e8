import type { Channel, Person } from "../slack/types";
import { askGuide } from "../state/moves";
import { switchTo } from "../state/session";
import { dismissHint, useWorkspace } from "../state/store";
import { Icon } from "./Icon";

interface Props {
  channel: Channel;
  open: boolean;
  onClose: () => void;
}

/** The first visit: questions to click, and then where to look. */
export function Guide({ channel, open, onClose }: Props) {
  const boot = useWorkspace((state) => state.boot);
  const hint = useWorkspace((state) => state.hint);
  const messages = useWorkspace((state) => state.timelines[channel.id]?.messages);
  if (!boot || !messages) return null;
  const me = boot.people.find((person) => person.id === boot.me);
  const here = boot.guide.filter((step) => step.channel === channel.id || step.channel === channel.name);
  const left = here.filter((step) => !messages.some((message) => message.text === step.text));
  if (hint) return <Hint text={hint} people={boot.people} me={boot.me} more={open && left.length > 0} />;
  if (!open || (me?.role ?? "employee") !== "employee" || left.length === 0) return null;
  return (
    <section className="guide" aria-label="Guided start">
      <header>
        <div>
          <h3>{left.length === here.length ? "New here? Ask one of these." : "Ask another one"}</h3>
          <p>You write as {me?.real_name}. Anything you type yourself works just as well.</p>
        </div>
        <button type="button" className="ghost" aria-label="Close the guide" onClick={onClose}><Icon name="close" size={16} /></button>
      </header>
      <ol>
        {left.map((step) => (
          <li key={step.text}>
            <button type="button" onClick={() => void askGuide(step)}>
              <span className="step">{here.indexOf(step) + 1}</span>
              <span>{step.text}</span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** Where to look next; a person named in it is one press away. */
function Hint({ text, people, me, more }: { text: string; people: Person[]; me: string; more: boolean }) {
  const named = people.find((person) => !person.is_bot && person.id !== me && text.includes(person.real_name));
  const channel = /#([a-z0-9_-]+)/.exec(text)?.[1];
  return (
    <section className="guide hint" aria-label="What to look at next" role="status">
      <p>{text}</p>
      {named && (
        <button type="button" className="button primary" onClick={() => { dismissHint(); switchTo(named.id, channel); }}>
          Switch to {named.real_name}
        </button>
      )}
      {more && <button type="button" className="button" onClick={dismissHint}>Next question</button>}
      <button type="button" className="ghost" aria-label="Close the hint" onClick={dismissHint}><Icon name="close" size={16} /></button>
    </section>
  );
}
