const PATHS = {
  chevron: "M5 8l5 5 5-5",
  check: "M4 10.5l4 4 8-9",
  close: "M5 5l10 10M15 5L5 15",
  hash: "M7.5 3L6 17M14 3l-1.5 14M3.5 7.5h13M3 12.5h13",
  lock: "M5 9h10v8H5zM7 9V6.5a3 3 0 0 1 6 0V9",
  thread: "M3 4h14v9H9l-4 4v-4H3z",
  smile: "M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15zM7.3 8v.01M12.7 8v.01M6.5 11.5c1.6 2.7 5.4 2.7 7 0",
  more: "M4.5 10h.01M10 10h.01M15.5 10h.01",
  send: "M3 10l14-6.5L11.5 17l-2-5.5z",
  plus: "M10 4v12M4 10h12",
  at: "M13 10a3 3 0 1 1-6 0 3 3 0 0 1 6 0zm0 0v1a2.2 2.2 0 0 0 4.4 0v-1A7.4 7.4 0 1 0 14 16.2",
  bolt: "M11 2.5L4.5 11.5h5L9 17.5l6.500-9h-5z",
  menu: "M3 5.500h14M3 10h14M3 14.500h14",
  back: "M12.500 4.500L7 10l5.500 5.500",
  sun: "M10 13.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM10 1.500v2M10 16.500v2M1.500 10h2M16.500 10h2M4 4l1.400 1.400M14.600 14.600L16 16M4 16l1.400-1.400M14.600 5.400L16 4",
  moon: "M16.500 11.800A6.800 6.800 0 0 1 8.200 3.500a6.800 6.800 0 1 0 8.300 8.300z",
  auto: "M10 17.500a7.500 7.500 0 1 0 0-15 7.500 7.500 0 0 0 0 15zM10 2.500v15M10 5c7 0 7 10 0 10z",
  search: "M9 15A6 6 0 1 0 9 3a6 6 0 0 0 0 12zM13.500 13.500L17.500 17.500",
  bug: "M10 6.500c3 0 4 2.300 4 5s-1.500 5.500-4 5.500-4-2.800-4-5.500 1-5 4-5zM7.500 6.500a2.500 2.500 0 0 1 5 0M2.500 8.500l3.500 1M2.500 13h3.500M3.500 17l3-1.500M17.500 8.500l-3.500 1M17.500 13H14M16.500 17l-3-1.500M10 7v10",
  swap: "M4 7h11l-3-3M16 13H5l3 3",
  up: "M6.500 9v8H4V9zM6.500 9.500L10 3c2 0 2 1.500 1.700 4h4.300l-1.200 8c-.2 1.200-1 2-2 2H6.500",
  down: "M13.500 11V3H16v8zM13.500 10.500L10 17c-2 0-2-1.500-1.700-4H4l1.200-8c.2-1.200 1-2 2-2h6.300",
  trash: "M4 5.500h12M8 5.500V3.500h4v2M5.500 5.500l.8 11h7.400l.8-11",
  edit: "M4 16l.8-3.500L13 4.300l2.700 2.700L7.500 15.200z",
  eye: "M2 10s3-5.500 8-5.500S18 10 18 10s-3 5.500-8 5.500S2 10 2 10zM10 12.300a2.300 2.300 0 1 0 0-4.600 2.300 2.300 0 0 0 0 4.600z",
  file: "M5 2.500h6.500L15.500 6.500v11H5zM11.500 2.500v4h4",
  play: "M6 3.500l10.500 6.500L6 16.500z",
  down_arrow: "M10 3.500v12M5 11l5 5 5-5",
  inbox: "M3 11l2.500-7h9L17 11v5H3zM3 11h4l1 2h4l1-2h4",
} as const;

export type IconName = keyof typeof PATHS;

/** A line drawing in the colour of the text; decorative, so labels belong on what holds it. */
export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 20 20" aria-hidden="true">
      <path d={PATHS[name]} fill="none" stroke="currentColor" strokeWidth={name === "more" ? 2.6 : 1.6} strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}
