import { useEffect, useId, useRef, useState, type FormEvent } from "react";
import { Blocks } from "../blocks/Blocks";
import { useSurfaceState } from "../blocks/useSurfaceState";
import { missing } from "../blocks/values";
import type { View } from "../slack/types";
import { closeView, perform } from "../state/deeds";
import { useWorkspace } from "../state/store";
import { plainText } from "../text/Mrkdwn";
import { Dialog } from "./Dialog";
import { Icon } from "./Icon";

/** The stack of open modals: the top one is seen, the ones below keep what was put into them. */
export function ModalHost() {
  const views = useWorkspace((state) => state.views);
  const titleId = useId();
  const top = views.at(-1);
  if (!top) return null;
  return (
    <Dialog labelledBy={titleId} className="modal" onClose={() => closeView(top)}>
      {views.map((view) => (
        <ModalForm key={view.id} view={view} titleId={view === top ? titleId : undefined} depth={views.length} />
      ))}
    </Dialog>
  );
}

function ModalForm({ view, titleId, depth }: { view: View; titleId?: string; depth: number }) {
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [problem, setProblem] = useState("");
  const [waiting, setWaiting] = useState(false);
  const surface = useSurfaceState({ view_id: view.id }, view.blocks, errors);
  const form = useRef<HTMLFormElement>(null);
  const shown = titleId !== undefined;

  useEffect(() => setErrors({}), [view.hash]);

  useEffect(() => {
    if (!shown || form.current?.contains(document.activeElement)) return;
    const first = form.current?.querySelector<HTMLElement>(".modal-body :is(input, textarea, select, button)");
    first?.focus();
  }, [shown]);

  useEffect(() => {
    const wrong = Object.keys(errors)[0];
    if (!wrong) return;
    const block = form.current?.querySelector(`[data-block-id="${CSS.escape(wrong)}"]`);
    block?.querySelector<HTMLElement>("input, textarea, button")?.focus();
    block?.scrollIntoView({ block: "nearest" });
  }, [errors]);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (waiting) return;
    setProblem("");
    const own = missing(view.blocks, surface.values);
    setErrors(own);
    if (Object.keys(own).length > 0) return;
    setWaiting(true);
    const answer = await perform({ action: "submit", view_id: view.id, values: surface.values });
    setWaiting(false);
    if (answer.errors && Object.keys(answer.errors).length > 0) setErrors(answer.errors);
    else if (!answer.ok) setProblem(answer.error ?? "This could not be sent. Please try again.");
    else if (answer.closed) useWorkspace.setState((state) => ({ views: state.views.filter((each) => each.id !== view.id) }));
  };

  return (
    <form ref={form} className="modal-form" hidden={!shown} noValidate onSubmit={(event) => void submit(event)}>
      <header className="modal-head">
        {depth > 1 && (
          <button type="button" className="ghost" aria-label="Back" onClick={() => closeView(view)}><Icon name="back" /></button>
        )}
        <h2 id={titleId}>{plainText(view.title)}</h2>
        <button type="button" className="ghost" aria-label="Close" title="Close (Esc)" onClick={() => closeView(view, true)}><Icon name="close" /></button>
      </header>
      <div className="modal-body">
        {problem && <p className="form-problem" role="alert">{problem}</p>}
        <Blocks blocks={view.blocks} surface={surface} />
      </div>
      <footer className="modal-foot">
        <button type="button" className="button" onClick={() => closeView(view)}>{plainText(view.close) || (view.submit ? "Cancel" : "Close")}</button>
        {view.submit && <button type="submit" className="button primary" disabled={waiting} aria-busy={waiting}>{plainText(view.submit)}</button>}
      </footer>
    </form>
  );
}
