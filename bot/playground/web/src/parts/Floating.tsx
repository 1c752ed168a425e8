import { useEffect, useLayoutEffect, useRef, type ReactNode, type RefObject } from "react";

interface Props {
  anchor: RefObject<HTMLElement | null>;
  onClose: () => void;
  children: ReactNode;
  className?: string;
  align?: "start" | "end";
  prefer?: "below" | "above";
  matchWidth?: boolean;
}

const GAP = 4;
const EDGE = 8;

/** A panel beside its anchor, above everything else (in the top layer, so dialogs do not cover it). */
export function Floating({ anchor, onClose, children, className, align = "start", prefer = "below", matchWidth }: Props) {
  const ref = useRef<HTMLDivElement>(null);
  const close = useRef(onClose);
  close.current = onClose;

  useLayoutEffect(() => {
    const panel = ref.current;
    if (!panel) return;
    panel.showPopover?.();
    // Only now can anything inside take the focus.
    panel.querySelector<HTMLElement>("[data-autofocus]")?.focus();
    const place = () => {
      const rect = anchor.current?.getBoundingClientRect();
      if (!rect) return;
      if (matchWidth) panel.style.minWidth = `${rect.width}px`;
      const { offsetWidth: width, offsetHeight: height } = panel;
      const below = window.innerHeight - rect.bottom - EDGE;
      const above = rect.top - EDGE;
      const goUp = prefer === "above" ? above >= height || above > below : below < height && above > below;
      const top = goUp ? rect.top - GAP - Math.min(height, above) : rect.bottom + GAP;
      const left = align === "end" ? rect.right - width : rect.left;
      panel.style.top = `${Math.max(EDGE, top)}px`;
      panel.style.left = `${Math.max(EDGE, Math.min(left, window.innerWidth - width - EDGE))}px`;
      panel.style.maxHeight = `${Math.max(120, (goUp ? above : below) - GAP)}px`;
    };
    place();
    const resize = new ResizeObserver(place);
    resize.observe(panel);
    window.addEventListener("scroll", place, true);
    window.addEventListener("resize", place);
    return () => {
      resize.disconnect();
      window.removeEventListener("scroll", place, true);
      window.removeEventListener("resize", place);
    };
  }, [anchor, align, prefer, matchWidth]);

  useEffect(() => {
    const outside = (event: PointerEvent) => {
      const target = event.target as Node;
      if (!ref.current?.contains(target) && !anchor.current?.contains(target)) close.current();
    };
    const escape = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      close.current();
    };
    document.addEventListener("pointerdown", outside, true);
    document.addEventListener("keydown", escape, true);
    return () => {
      document.removeEventListener("pointerdown", outside, true);
      document.removeEventListener("keydown", escape, true);
    };
  }, [anchor]);

  return (
    <div ref={ref} popover="manual" className={`floating ${className ?? ""}`}>
      {children}
    </div>
  );
}
