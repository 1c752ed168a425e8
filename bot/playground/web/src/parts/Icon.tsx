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
  bolt: "M11 2.5L4.5 11.5h5L9 17.5l6.5-9h-5z",
  menu: "M3 5.5h14M3 10h14M3 14.5h14",
  back: "M12.5 4.5L7 10l5.5 5.5",
  sun: "M10 13.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM10 1.5v2M10 16.5v2M1.5 10h2M16.5 10h2M4 4l1.4 1.4M14.6 14.6L16 16M4 16l1.4-1.4M14.6 5.4L16 4",
  moon: "M16.5 11.8A6.8 6.8 0 0 1 8.2 3.5a6.8 6.8 0 1 0 8.3 8.3z",
  auto: "M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15zM10 2.5v15M10 5c7 0 7 10 0 10z",
  search: "M9 15A6 6 0 1 0 9 3a6 6 0 0 0 0 12zM13.5 13.5L17.5 17.5",
  bug: "M10 6.5c3 0 4 2.3 4 5s-1.5 5.5-4 5.5-4-2.8-4-5.5 1-5 4-5zM7.5 6.5a2.5 2.5 0 0 1 5 0M2.5 8.5l3.5 1M2.5 13h3.5M3.5 17l3-1.5M17.5 8.5l-3.5 1M17.5 13H14M16.5 17l-3-1.5M10 7v10",
  swap: "M4 7h11l-3-3M16 13H5l3 3",
  up: "M6.5 9v8H4V9zM6.5 9.5L10 3c2 0 2 1.5 1.700 4h4.3l-1.2 8c-.2 1.2-1 2-2 2H6.5",
  down: "M13.5 11V3H16v8zM13.5 10.5L10 17c-2 0-2-1.5-1.700-4H4l1.2-8c.2-1.2 1-2 2-2h6.3",
  trash: "M4 5.5h12M8 5.5V3.5h4v2M5.5 5.5l.8 11h7.4l.8-11",
  edit: "M4 16l.8-3.5L13 4.3l2.700 2.700L7.5 15.2z",
  eye: "M2 10s3-5.5 8-5.5S18 10 18 10s-3 5.5-8 5.5S2 10 2 10zM10 12.3a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6z",
  file: "M5 2.5h6.5L15.5 6.5v11H5zM11.5 2.5v4h4",
  clip: "M14.5 9.5l-5 5a3.2 3.2 0 0 1-4.6-4.600l6-6a2.200 2.200 0 0 1 3.100 3.100l-5.800 5.800a1.100 1.100 0 0 1-1.600-1.600l5-5",
  play: "M6 3.5l10.5 6.5L6 16.5z",
  down_arrow: "M10 3.5v12M5 11l5 5 5-5",
  clock: "M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15zM10 5.5V10l3 2",
  go: "M4 10h11M10.5 5.5L15 10l-4.5 4.5",
  inbox: "M3 11l2.5-7h9L17 11v5H3zM3 11h4l1 2h4l1-2h4",
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
