import { useEffect, useRef, type ReactNode } from "react";

interface Props {
  labelledBy?: string;
  label?: string;
  className?: string;
  onClose: () => void;
  children: ReactNode;
  role?: "dialog" | "alertdialog";
}

/** A modal dialog on the browser's own `<dialog>`: it keeps the focus inside and gives it back. */
export function Dialog({ labelledBy, label, className, onClose, children, role }: Props) {
  const ref = useRef<HTMLDialogElement>(null);
  const close = useRef(onClose);
  close.current = onClose;

  useEffect(() => {
    const dialog = ref.current;
    const before = document.activeElement;
    if (dialog && !dialog.open) dialog.showModal();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);

  return (
    <dialog
      ref={ref}
      role={role}
      className={`dialog ${className ?? ""}`}
      aria-labelledby={labelledBy}
      aria-label={label}
      onCancel={(event) => {
        // A file chooser inside also sends `cancel`; only the dialog's own counts.
        if (event.target !== ref.current) return;
        event.preventDefault();
        close.current();
      }}
      onMouseDown={(event) => {
        if (event.target === ref.current) close.current();
      }}
    >
      <div className="dialog-body">{children}</div>
    </dialog>
  );
}
