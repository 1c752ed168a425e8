import { useState } from "react";
import { control } from "../slack/client";
import { notify } from "../state/store";
import { askConfirm } from "./confirm";
import { Dialog } from "./Dialog";
import { Icon } from "./Icon";

interface Fault {
  title: string;
  what: string;
  order: Record<string, unknown>;
}

const FAULTS: Fault[] = [
  { title: "Too many requests", what: "Answers 429 and asks to wait 2 seconds", order: { kind: "rate_limit", retry_after: 2 } },
  { title: "Server error", what: "Answers 500", order: { kind: "server_error" } },
  { title: "Slow answer", what: "Answers after 4 seconds", order: { kind: "slow", seconds: 4 } },
  { title: "Connection cut", what: "Cuts the line before anything happens", order: { kind: "drop" } },
  { title: "Answer lost", what: "Does it, then cuts the line: was it done or not?", order: { kind: "lost_answer" } },
  { title: "Event twice", what: "Delivers the next event a second time", order: { kind: "duplicate_event" } },
  { title: "Event late", what: "Holds the next event back, so that others overtake it", order: { kind: "delay_event", seconds: 5 } },
  { title: "Event lost", what: "The next delivery never arrives, until Slack tries again", order: { kind: "swallow" } },
];

const LINE: { title: string; order: Record<string, unknown> }[] = [
  { title: "Ask to reconnect", order: { op: "disconnect", reason: "refresh_requested" } },
  { title: "Close without a word", order: { op: "drop" } },
  { title: "Stay open, deliver nothing", order: { op: "mute" } },
];

/** Faults of Slack on demand, the recording, and a fresh start. */
export function FaultPanel({ onClose }: { onClose: () => void }) {
  const [times, setTimes] = useState(1);
  const run = async (order: Record<string, unknown>, done: string) => {
    const answer = await control(order);
    notify(answer.ok ? done : (answer.error ?? "That did not work."), answer.ok ? "plain" : "error");
  };
  const reset = async () => {
    const text = (words: string) => ({ type: "plain_text" as const, text: words });
    const sure = await askConfirm({
      title: text("Start afresh"), text: text("Every message in this workspace is removed."),
      confirm: text("Start afresh"), deny: text("Keep them"), style: "danger",
    });
    if (!sure) return;
    await run({ op: "reset" }, "The workspace is empty again.");
    location.reload();
  };
  return (
    <Dialog labelledBy="faults-title" className="faults" onClose={onClose}>
      <header className="modal-head">
        <h2 id="faults-title">Faults on demand</h2>
        <button type="button" className="ghost" aria-label="Close" onClick={onClose}><Icon name="close" /></button>
      </header>
      <div className="modal-body">
        <p className="lead">What Slack does on a bad day, at the next occasion. The bot should not lose or repeat anything.</p>
        <label className="times">Number of times{" "}
          <input className="text-input short" type="number" min={1} max={50} value={times} onChange={(event) => setTimes(Math.max(1, Number(event.target.value) || 1))} />
        </label>
        <ul className="fault-list">
          {FAULTS.map((each) => (
            <li key={each.title}>
              <span><strong>{each.title}</strong><small>{each.what}</small></span>
              <button type="button" className="button" aria-label={`Arrange: ${each.title}`} onClick={() => void run({ op: "fault", times, ...each.order }, `Arranged: ${each.title.toLowerCase()}`)}>Arrange</button>
            </li>
          ))}
        </ul>
        <h3>The app’s connection</h3>
        <div className="block-actions">
          {LINE.map((each) => (
            <button key={each.title} type="button" className="button" onClick={() => void run(each.order, `Done: ${each.title.toLowerCase()}`)}>{each.title}</button>
          ))}
        </div>
      </div>
      <footer className="modal-foot spread">
        <a className="button" href="/playground/record" download="record.jsonl">Download the recording</a>
        <button type="button" className="button" onClick={() => void run({ op: "clear_faults" }, "All faults are called off.")}>Call all off</button>
        <button type="button" className="button danger" onClick={() => void reset()}>Start afresh</button>
      </footer>
    </Dialog>
  );
}
