import { useEffect, useState } from "react";
import { aheadInWords, DAY, HOUR, MINUTE, nextOpening, turn, useNow } from "../state/clock";
import { recall, remember } from "../state/memory";
import { setDrawer, useWorkspace } from "../state/store";
import { fullTime, weekdayTime } from "../text/dates";
import { Icon } from "./Icon";

const TICK_MILLISECONDS = 5_000;

/** The workspace's clock: turned, it shows in seconds what happens if nobody does anything for days. */
export function ClockPanel() {
  const [open, setOpen] = useState(() => recall("clock", false));
  const clock = useWorkspace((state) => state.clock);
  const [busy, setBusy] = useState(false);
  const now = useTickingNow();
  const opening = nextOpening(clock, now);
  const show = (shown: boolean) => {
    setOpen(shown);
    remember("clock", shown);
  };
  const go = async (seconds: number | null) => {
    setBusy(true);
    await turn(seconds);
    setBusy(false);
  };
  const until = Math.max(1, Math.ceil((opening.at.getTime() - now.getTime()) / 1000));
  return (
    <section className="clock-panel" aria-label="Clock">
      <button type="button" className="clock-face" aria-expanded={open} aria-controls="clock-turns" onClick={() => show(!open)}>
        <Icon name="clock" size={16} />
        <time dateTime={now.toISOString()} title={fullTime(now)}>{weekdayTime(now)}</time>
        {clock.ahead > 0 && <span className="turned">{aheadInWords(clock.ahead)}</span>}
        <span className="clock-word">Turn</span>
      </button>
      {open && (
        <div id="clock-turns" className="clock-turns" role="group" aria-label="Turn the clock">
          <button type="button" disabled={busy} onClick={() => void go(15 * MINUTE)}>+15 min</button>
          <button type="button" disabled={busy} onClick={() => void go(HOUR)}>+1 hour</button>
          <button type="button" disabled={busy} onClick={() => void go(DAY)}>+1 day</button>
          <button type="button" className="wide" disabled={busy} onClick={() => void go(until)}>
            {opening.known ? "To support hours" : "To the morning"}: {weekdayTime(opening.at)}
          </button>
          <button type="button" className="wide" disabled={busy || clock.ahead === 0} onClick={() => void go(null)}>Back to now</button>
          <p>Reminders, the next on call, support hours, closing in silence: what nobody does anything about.</p>
        </div>
      )}
      <output className="hidden" aria-live="polite">{clock.ahead > 0 ? `The clock shows ${weekdayTime(now)}` : ""}</output>
    </section>
  );
}

/** Beside a title, while the clock is turned: how far, so that no time is taken for the real one. */
export function TurnedMark() {
  const ahead = useWorkspace((state) => state.clock.ahead);
  if (ahead <= 0) return null;
  return (
    <button type="button" className="turned-mark" title="The workspace's clock is turned" onClick={() => setDrawer(true)}>
      <Icon name="clock" size={14} /> {aheadInWords(ahead)}
    </button>
  );
}

function useTickingNow(): Date {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = window.setInterval(() => tick((count) => count + 1), TICK_MILLISECONDS);
    return () => window.clearInterval(timer);
  }, []);
  return useNow();
}
