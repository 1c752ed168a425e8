import { useRef, type ClipboardEvent, type DragEvent } from "react";
import { Icon } from "./Icon";

/** Chooses files to go with a message. */
export function AttachButton({ onChoose }: { onChoose: (files: File[]) => void }) {
  const chooser = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" className="tool" aria-label="Attach a file" title="Attach a file" onClick={() => chooser.current?.click()}>
        <Icon name="clip" />
      </button>
      <input ref={chooser} type="file" multiple hidden aria-label="Files to attach"
        onChange={(event) => {
          onChoose([...(event.target.files ?? [])]);
          // The same file can be chosen again after it was taken away.
          event.target.value = "";
        }} />
    </>
  );
}

/** The files that are about to be sent. */
export function ChosenFiles({ files, onRemove }: { files: File[]; onRemove: (file: File) => void }) {
  if (files.length === 0) return null;
  return (
    <ul className="chosen-files" aria-label="Attached files">
      {files.map((file, at) => (
        <li key={`${file.name}/${at}`}>
          <Icon name="file" size={16} />
          <span>{file.name}</span>
          <button type="button" className="ghost small" aria-label={`Remove ${file.name}`} onClick={() => onRemove(file)}>
            <Icon name="close" size={12} />
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Takes files that are dropped or pasted. */
export function dropping(take: (files: File[]) => void) {
  return {
    onDragOver: (event: DragEvent) => event.preventDefault(),
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      take([...event.dataTransfer.files]);
    },
    onPaste: (event: ClipboardEvent) => {
      const pasted = [...event.clipboardData.files];
      if (pasted.length === 0) return;
      event.preventDefault();
      take(pasted);
    },
  };
}
