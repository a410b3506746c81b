import { LiveSocket } from './liveSocket';
import { stayAtEdge, trim, type Range } from './mseRules';
import type { Player, PlayerEvents } from './player';
import { ShownPictures } from './shownPictures';
import type { PlayerStatus } from './status';
import { parseMp4Piece, type FormatMessage, type LiveMessage, type Mp4Piece } from './wire';

/** Pieces that may wait for the buffer; more means that it does not take them any more. */
const mostWaiting = 250;
/** So many sources lost without a picture between them: this browser cannot play it. */
const mostFailures = 4;

/** MP4 fragments into a media source: for plain http, where WebCodecs is not to be had, and for codecs only the media stack knows. */
export class MsePlayer implements Player {
  readonly #video: HTMLVideoElement;
  readonly #events: PlayerEvents;
  readonly #socket: LiveSocket;
  readonly #shown: ShownPictures;
  #source: MediaSource | null = null;
  #buffer: SourceBuffer | null = null;
  #format: FormatMessage | null = null;
  #address: string | null = null;
  #waiting: Mp4Piece[] = [];
  #wantsKey = true;
  #joined = false;
  #failures = 0;
  #frame = 0;

  constructor(url: string, video: HTMLVideoElement, events: PlayerEvents) {
    this.#video = video;
    this.#events = events;
    this.#shown = new ShownPictures(events.onchange, () => performance.now());
    this.#socket = new LiveSocket(url, {
      onmessage: (message) => this.#hear(message),
      onbinary: (data) => this.#receive(data),
      onconnection: (connection, refusal) => {
        if (connection === 'connecting') this.#clear();
        this.#shown.change({ connection, refusal });
      },
      whyRefused: events.whyRefused,
    });
  }

  get status(): PlayerStatus {
    return this.#shown.status;
  }

  start(): void {
    this.#video.muted = true;
    this.#video.addEventListener('error', this.#again);
    this.#frame = this.#video.requestVideoFrameCallback(this.#seen);
    this.#socket.start();
  }

  stop(): void {
    this.#socket.stop();
    this.#video.removeEventListener('error', this.#again);
    this.#video.cancelVideoFrameCallback(this.#frame);
    this.#clear();
    this.#video.removeAttribute('src');
    this.#video.load();
  }

  /** A decoding error kills the element's source for good: everything begins anew, from the initialization segment. */
  readonly #again = (): void => {
    if (!this.#source) return;
    if (++this.#failures < mostFailures || !this.#format) {
      this.#socket.restart();
      return;
    }
    this.#socket.stop();
    this.#events.onunsupported(this.#format);
  };

  readonly #seen = (): void => {
    this.#failures = 0;
    const range = this.#range();
    const behindMs = range ? Math.max(0, (range.end - this.#video.currentTime) * 1000) : null;
    this.#shown.show(this.#video.videoWidth, this.#video.videoHeight, behindMs, 'arrival', false, 0);
    this.#frame = this.#video.requestVideoFrameCallback(this.#seen);
  };

  #hear(message: LiveMessage): void {
    if (message.type === 'view') this.#events.onview(message);
    else if (message.type === 'state') this.#shown.hear(message);
    else {
      this.#format = message;
      const mime = message.mime ?? `video/mp4; codecs="${message.codec}"`;
      if (MediaSource.isTypeSupported(mime)) {
        this.#open(mime);
        return;
      }
      this.#socket.stop();
      this.#events.onunsupported(message);
    }
  }

  /** With each format the server begins a file of its own, whose time counts from nought: it goes into a source of its own. */
  #open(mime: string): void {
    this.#clear();
    const source = new MediaSource();
    this.#source = source;
    this.#address = URL.createObjectURL(source);
    source.addEventListener('sourceopen', () => {
      if (this.#source !== source) return;
      const buffer = source.addSourceBuffer(mime);
      buffer.addEventListener('updateend', () => this.#step());
      this.#buffer = buffer;
      this.#step();
    }, { once: true });
    this.#video.src = this.#address;
    // Refused only where the page has not been touched and sound is on; it is muted.
    this.#video.play().catch(() => undefined);
  }

  #receive(data: ArrayBuffer): void {
    const piece = parseMp4Piece(data);
    if (!piece || !this.#source) return;
    if (piece.kind === 'key') this.#wantsKey = false;
    if (piece.kind === 'delta' && this.#wantsKey) return;
    if (this.#waiting.length >= mostWaiting) {
      this.#waiting = this.#waiting.filter(({ kind }) => kind === 'init');
      this.#wantsKey = true;
      return;
    }
    this.#waiting.push(piece);
    this.#step();
  }

  #step(): void {
    const buffer = this.#buffer;
    if (!buffer || buffer.updating || this.#source?.readyState !== 'open') return;
    const range = this.#range();
    const past = trim(this.#video.currentTime, range);
    try {
      if (past) {
        buffer.remove(past.start, past.end);
        return;
      }
      this.#follow(range);
      if (this.#waiting.length === 0) return;
      const pieces = this.#waiting.splice(0);
      buffer.appendBuffer(joined(pieces));
    } catch {
      // The buffer is full in spite of the trimming, or its source has ended.
      this.#again();
    }
  }

  #follow(range: Range | null): void {
    if (!range) return;
    const move = stayAtEdge(this.#video.currentTime, range, this.#joined);
    this.#joined = true;
    if ('seekTo' in move) this.#video.currentTime = move.seekTo;
    else if (this.#video.playbackRate !== move.rate) this.#video.playbackRate = move.rate;
    if (this.#video.paused) this.#video.play().catch(() => undefined);
  }

  #range(): Range | null {
    const ranges = this.#source?.readyState === 'open' ? this.#buffer?.buffered : null;
    return ranges && ranges.length > 0 ? { start: ranges.start(ranges.length - 1), end: ranges.end(ranges.length - 1) } : null;
  }

  #clear(): void {
    this.#source = null;
    this.#buffer = null;
    this.#waiting = [];
    this.#wantsKey = true;
    this.#joined = false;
    if (this.#address) URL.revokeObjectURL(this.#address);
    this.#address = null;
  }
}

function joined(pieces: readonly Mp4Piece[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(pieces.reduce((sum, { data }) => sum + data.length, 0));
  let at = 0;
  for (const { data } of pieces) {
    all.set(data, at);
    at += data.length;
  }
  return all;
}
