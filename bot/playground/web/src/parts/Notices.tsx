import { dismissNotice, useWorkspace } from "../state/store";
import { Icon } from "./Icon";

/** Short words about what went wrong or was done. */
export function Notices() {
  const notices = useWorkspace((state) => state.notices);
  return (
    <div className="notices" aria-live="polite">
      {notices.map((notice) => (
        <div key={notice.id} className={`notice ${notice.tone}`} role={notice.tone === "error" ? "alert" : "status"}>
          <span>{notice.text}</span>
          <button type="button" className="ghost" aria-label="Dismiss" onClick={() => dismissNotice(notice.id)}><Icon name="close" size={14} /></button>
        </div>
      ))}
    </div>
  );
}
