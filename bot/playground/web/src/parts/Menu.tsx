import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { Floating } from "./Floating";

export interface MenuItem {
  key: string;
  label: ReactNode;
  description?: string;
  danger?: boolean;
  onSelect: () => void;
}

interface Props {
  label: string;
  trigger: ReactNode;
  items: MenuItem[];
  className?: string;
  align?: "start" | "end";
  disabled?: boolean;
}

/** A button that opens a menu; arrows move, Enter chooses, Escape closes. */
export function Menu({ label, trigger, items, className, align = "end", disabled }: Props) {
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (open) list.current?.querySelector<HTMLElement>("[role=menuitem]")?.focus();
  }, [open]);

  const close = () => {
    setOpen(false);
    anchor.current?.focus();
  };

  const move = (event: KeyboardEvent) => {
    const all = [...(list.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
    const at = all.indexOf(document.activeElement as HTMLElement);
    const target = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (event.key === "Tab") setOpen(false);
    if (target === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    all[(target + all.length) % all.length]?.focus();
  };

  return (
    <>
      <button
        ref={anchor}
        type="button"
        className={className}
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={open}
        disabled={disabled}
        onClick={() => setOpen(!open)}
      >
        {trigger}
      </button>
      {open && (
        <Floating anchor={anchor} onClose={close} align={align} className="menu-panel">
          <div ref={list} role="menu" aria-label={label} tabIndex={-1} onKeyDown={move}>
            {items.map((item) => (
              <button
                key={item.key}
                type="button"
                role="menuitem"
                tabIndex={-1}
                className={item.danger ? "menu-item danger" : "menu-item"}
                onClick={() => {
                  close();
                  item.onSelect();
                }}
              >
                <span>{item.label}</span>
                {item.description && <small>{item.description}</small>}
              </button>
            ))}
          </div>
        </Floating>
      )}
    </>
  );
}
