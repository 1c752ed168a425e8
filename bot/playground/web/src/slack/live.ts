import type { Frame } from "./types";

export type LinkState = "connecting" | "live" | "offline";

const FIRST_DELAY = 300;
const LONGEST_DELAY = 8000;

/** The live connection of one person: reconnects with growing pauses until it is closed. */
export class Live {
  private socket: WebSocket | null = null;
  private delay = FIRST_DELAY;
  private timer: number | undefined;
  private closed = false;
  private next = 0;

  constructor(
    private readonly as: string,
    private readonly onFrame: (frame: Frame) => void,
    private readonly onState: (state: LinkState) => void,
  ) {}

  /** Opens the connection, or opens it again at once after a pause. */
  open(): void {
    window.clearTimeout(this.timer);
    if (this.closed || this.socket) return;
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/playground/live?as=${encodeURIComponent(this.as)}`);
    this.socket = socket;
    socket.onmessage = (event) => {
      if (this.closed) return;
      const frame = parseFrame(event.data);
      if (!frame) return;
      if (frame.type !== "hello" && frame.seq !== this.next) {
        // Something was missed: a new connection fetches everything again.
        socket.close();
        return;
      }
      this.next = frame.seq + 1;
      if (frame.type === "hello") {
        this.delay = FIRST_DELAY;
        this.onState("live");
      }
      this.onFrame(frame);
    };
    socket.onclose = () => {
      if (this.socket === socket) this.socket = null;
      if (this.closed) return;
      this.onState("offline");
      this.timer = window.setTimeout(() => this.open(), this.delay);
      this.delay = Math.min(this.delay * 2, LONGEST_DELAY);
    };
  }

  close(): void {
    this.closed = true;
    window.clearTimeout(this.timer);
    this.socket?.close();
  }
}

function parseFrame(data: unknown): Frame | null {
  try {
    const frame = JSON.parse(String(data)) as Frame;
    return typeof frame?.type === "string" ? frame : null;
  } catch {
    return null;
  }
}
