import { useId } from "react";
import { BlockText, plainText } from "../text/Mrkdwn";
import { useQuestion } from "./confirm";
import { Dialog } from "./Dialog";

/** The question that is asked before something is done. */
export function ConfirmHost() {
  const question = useQuestion((state) => state.question);
  const id = useId();
  if (!question) return null;
  const { confirm, answer } = question;
  return (
    <Dialog role="alertdialog" labelledBy={id} className="confirm" onClose={() => answer(false)}>
      <h2 id={id}>{plainText(confirm.title)}</h2>
      <div className="confirm-text"><BlockText text={confirm.text} /></div>
      <footer className="modal-foot">
        <button type="button" className="button" onClick={() => answer(false)}>{plainText(confirm.deny)}</button>
        <button type="button" className={`button ${confirm.style ?? "primary"}`} autoFocus onClick={() => answer(true)}>{plainText(confirm.confirm)}</button>
      </footer>
    </Dialog>
  );
}
