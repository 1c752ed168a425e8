import { useEffect, useRef, useState } from "react";
import { ChannelBrowser } from "./parts/ChannelBrowser";
import { ChannelPane } from "./parts/ChannelPane";
import { ConfirmHost } from "./parts/ConfirmHost";
import { FaultPanel } from "./parts/FaultPanel";
import { MessageSearch } from "./parts/MessageSearch";
import { ModalHost } from "./parts/ModalHost";
import { Notices } from "./parts/Notices";
import { QuickSwitcher } from "./parts/QuickSwitcher";
import { Rail } from "./parts/Rail";
import { Sidebar } from "./parts/Sidebar";
import { ThreadPane } from "./parts/ThreadPane";
import { ThreadsList } from "./parts/ThreadsList";
import { Announcer } from "./parts/Announcer";
import { channelTitle, useNames } from "./state/names";
import { recall, remember } from "./state/memory";
import { closeThread, openChannel } from "./state/moves";
import { setDrawer, THREADS, useWorkspace } from "./state/store";

/** The whole page. */
export function App() {
  const boot = useWorkspace((state) => state.boot);
  const problem = useWorkspace((state) => state.problem);
  const spot = useWorkspace((state) => state.spot);
  const drawer = useWorkspace((state) => state.drawer);
  const [switcher, setSwitcher] = useState(false);
  const [search, setSearch] = useState<string | null>(null);
  const [browser, setBrowser] = useState(false);
  const [faults, setFaults] = useState(false);
  const [guide, setGuide] = useState(() => recall("guide", true));
  const channel = boot?.channels.find((each) => each.id === spot.channel);
  useKeys(() => setSwitcher(true), () => setSearch(""));
  useTitle();

  const showGuide = (open: boolean) => {
    setGuide(open);
    remember("guide", open);
    const step = boot?.guide[0];
    const place = boot?.channels.find((each) => each.id === step?.channel || each.name === step?.channel);
    if (open && place) openChannel(place.id);
  };

  if (!boot) return <Waiting problem={problem} />;
  return (
    <>
      <a className="skip" href="#composer" onClick={focusComposer}>Skip to the message field</a>
      <div className={`app${spot.thread ? " with-thread" : ""}${drawer ? " drawer-open" : ""}`}>
        <div className="side">
          <Rail />
          <Sidebar onSwitcher={() => setSwitcher(true)} onSearch={() => setSearch("")} onBrowse={() => setBrowser(true)} onFaults={() => setFaults(true)} onGuide={() => showGuide(true)} />
        </div>
        {drawer && <button type="button" className="veil" aria-label="Close channels and people" onClick={() => setDrawer(false)} />}
        {spot.channel === THREADS && <ThreadsList />}
        {channel && <ChannelPane channel={channel} guideOpen={guide} onGuideClose={() => showGuide(false)} />}
        {spot.thread && <ThreadPane />}
      </div>
      <LinkState />
      <Announcer />
      <ModalHost />
      {switcher && <QuickSwitcher onClose={() => setSwitcher(false)} onSearch={setSearch} />}
      {search !== null && <MessageSearch initial={search} onClose={() => setSearch(null)} />}
      {browser && <ChannelBrowser onClose={() => setBrowser(false)} />}
      {faults && <FaultPanel onClose={() => setFaults(false)} />}
      <ConfirmHost />
      <Notices />
    </>
  );
}

function focusComposer(event: { preventDefault: () => void }) {
  event.preventDefault();
  document.querySelector<HTMLElement>(".main .composer textarea")?.focus();
}

/** Keys that work wherever the focus is. */
function useKeys(onSwitcher: () => void, onSearch: () => void) {
  const open = useRef({ k: onSwitcher, g: onSearch });
  open.current = { k: onSwitcher, g: onSearch };
  useEffect(() => {
    const key = (event: KeyboardEvent) => {
      const asked = event.key.toLowerCase();
      if ((event.ctrlKey || event.metaKey) && (asked === "k" || asked === "g")) {
        event.preventDefault();
        if (!document.querySelector("dialog[open]")) open.current[asked]();
      }
      if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]")) return;
      const { drawer, spot } = useWorkspace.getState();
      if (drawer) setDrawer(false);
      else if (spot.thread) closeThread();
    };
    document.addEventListener("keydown", key);
    return () => document.removeEventListener("keydown", key);
  }, []);
}

function useTitle() {
  const boot = useWorkspace((state) => state.boot);
  const spot = useWorkspace((state) => state.spot);
  const { person, channel } = useNames();
  useEffect(() => {
    if (!boot) return;
    const place = spot.channel === THREADS ? "Threads" : channelTitle(channel(spot.channel), person);
    const waiting = boot.channels.reduce((sum, each) => sum + (each.is_im ? each.unread : each.mentions), 0);
    document.title = `${waiting ? `(${waiting}) ` : ""}${place} · ${person(boot.me)?.real_name} · ${boot.team.name}`;
  }, [boot, spot, person, channel]);
}

function Waiting({ problem }: { problem: string | null }) {
  return (
    <main className="waiting" aria-busy={!problem}>
      <h1>{problem ? "The workspace is not there" : "Opening the workspace…"}</h1>
      {problem && <p>{problem} It is tried again every second or two.</p>}
    </main>
  );
}

function LinkState() {
  const link = useWorkspace((state) => state.link);
  return (
    <div className="link-state" role="status">
      {link === "offline" && <span>Connection lost. Trying again…</span>}
    </div>
  );
}
