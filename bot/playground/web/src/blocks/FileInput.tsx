import { useState } from "react";
import { Icon } from "../parts/Icon";
import { uploadAll } from "../state/deeds";
import { notify } from "../state/store";
import type { ElementProps } from "./element";

/** Files of a modal; each is uploaded as soon as it is chosen. */
export function FileInput({ element, state, field, label, update }: ElementProps) {
  const [busy, setBusy] = useState(false);
  const files = state.files ?? [];
  const most = element.max_files ?? 10;
  const kinds = element.filetypes?.map((kind) => `.${kind}`);

  const add = async (chosen: File[]) => {
    if (files.length + chosen.length > most) return notify(`No more than ${most} files can be added here.`, "error");
    setBusy(true);
    const uploaded = await uploadAll(chosen);
    setBusy(false);
    if (uploaded) update({ type: element.type, files: [...files, ...uploaded] });
  };

  return (
    <div className="file-input">
      <input id={field?.id} type="file" multiple={most > 1} accept={kinds?.join(",")} disabled={busy || files.length >= most}
        aria-label={field ? undefined : label} aria-describedby={field?.describedBy} aria-invalid={field?.invalid || undefined} aria-busy={busy}
        onChange={(event) => {
          void add([...(event.target.files ?? [])]);
          event.target.value = "";
        }} />
      {files.length > 0 && (
        <ul className="chosen-files" aria-label="Added files">
          {files.map((file) => (
            <li key={file.id}>
              <Icon name="file" size={16} />
              <span>{file.name}</span>
              <button type="button" className="ghost small" aria-label={`Remove ${file.name}`}
                onClick={() => update({ type: element.type, files: files.filter((each) => each !== file) })}>
                <Icon name="close" size={12} />
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
