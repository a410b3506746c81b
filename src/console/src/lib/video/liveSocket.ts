import { goneForMs, pauseMs } from './backOff';
import type { PlayerStatus, Refusal } from './status';
import { parseMessage, type LiveMessage } from './wire';

export interface SocketEvents {
  onmessage: (message: LiveMessage) => void;
  onbinary: (data: ArrayBuffer) => void;
  onconnection: (connection: PlayerStatus['connection'], refusal: Refusal | null) => void;
  whyRefused: () => Promise<Refusal | null>;
}

/** Closed by the server because it will not open a second time either, or not at once. */
const refusals: Readonly<Record<number, Refusal>> = { 4401: 'forbidden', 4403: 'forbidden', 4404: 'gone' };

/** The connection of one viewer. It never gives up by itself: a wall is left alone for days. */
export class LiveSocket {
  readonly #url: string;
  readonly #events: SocketEvents;
  #socket: WebSocket | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  #wanted = false;

  constructor(url: string, events: SocketEvents) {
    this.#url = url;
    this.#events = events;
  }

  start(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    this.#open();
  }

  stop(): void {
    this.#wanted = false;
    clearTimeout(this.#timer);
    this.#leave();
  }

  /** Begins again from the server's first message: after a decoder was lost, or a media source. */
  restart(): void {
    if (!this.#wanted) return;
    clearTimeout(this.#timer);
    this.#leave();
    this.#later();
  }

  #open(): void {
    this.#events.onconnection('connecting', null);
    const socket = new WebSocket(this.#url);
    let opened = false;
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      opened = true;
      this.#events.onconnection('open', null);
    };
    socket.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (data instanceof ArrayBuffer) {
        // Only pictures prove the way: a stream that speaks and ends at once is not asked again at once. Each time is an entry in the audit log.
        this.#attempt = 0;
        this.#events.onbinary(data);
      } else if (typeof data === 'string') {
        const message = parseMessage(data);
        if (message) this.#events.onmessage(message);
      }
    };
    socket.onclose = ({ code }) => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      void this.#closed(refusals[code] ?? null, opened);
    };
    this.#socket = socket;
  }

  /** A handshake that failed tells a page nothing but that it failed: the resource itself is asked. */
  async #closed(refusal: Refusal | null, opened: boolean): Promise<void> {
    const why = refusal ?? (opened ? null : await this.#events.whyRefused().catch(() => null));
    if (!this.#wanted || this.#socket) return;
    if (!why) this.#later();
    else this.#refused(why);
  }

  #refused(why: Refusal): void {
    this.#events.onconnection('refused', why);
    clearTimeout(this.#timer);
    if (why === 'gone') this.#timer = setTimeout(() => void this.#askAgain(), goneForMs());
  }

  /** The resource is asked, and only opened when it is there: what is gone stays so on the screen meanwhile. */
  async #askAgain(): Promise<void> {
    const why = await this.#events.whyRefused().catch(() => null);
    if (!this.#wanted || this.#socket) return;
    if (why) this.#refused(why);
    else this.#open();
  }

  #later(): void {
    this.#events.onconnection('waiting', null);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#open(), pauseMs(this.#attempt++));
  }

  #leave(): void {
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }
}
