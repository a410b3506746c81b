import { beginsAt, codecOf, onward, resumeAt, sameS, seamS, spanAt, toShown, wanted, type Hole, type Piece, type Span } from './replay';

/** How near to the end of what is buffered the play counts as having reached it. */
const endOfBufferS = 0.15;
const lookMs = 200;
/** So many looks at a play that waits although there is something to show are enough. */
const patientLooks = 5;
/** The last picture of a piece may reach so far into the next, seconds: the clocks of both tremble. */
const trembleS = 0.1;
/** What lies further behind than this is given back, seconds of the recording. */
const keepBehindS = 30;

export interface RecordingEvents {
  /** The bytes of one piece. */
  fetchPiece: (piece: Piece, signal: AbortSignal) => Promise<Uint8Array<ArrayBuffer>>;
  onerror: (error: unknown) => void;
  /** The play has jumped over a time of which there are no pictures. */
  onhole: (fromS: number, toS: number) => void;
  /** This browser does not play the codec of a piece: it is left out. */
  onunplayable: (piece: Piece) => void;
}

/** The codec of a recording, or of the last of its pieces that might be shown, is not one that this browser plays. */
export class UnplayableError extends Error {
  readonly codec: string;

  constructor(codec: string) {
    super(codec);
    this.name = 'UnplayableError';
    this.codec = codec;
  }
}

/**
 * A recording in a video element: its pieces are fetched as they are needed and laid on one time line. Over a hole the play jumps, and
 * says so; it never stretches what is before it.
 */
export class RecordingPlayer {
  readonly #video: HTMLVideoElement;
  #pieces: readonly Piece[];
  #shown: readonly Span[];
  readonly #events: RecordingEvents;
  readonly #loaded = new Set<number>();
  readonly #stop = new AbortController();
  #source: MediaSource | null = null;
  #buffer: SourceBuffer | null = null;
  #address = '';
  #timer: ReturnType<typeof setInterval> | undefined;
  #busy = false;
  /** How many looks in a row found the play waiting at one place. */
  #stood = 0;
  #stoodAt = -1;
  #lookedAt = -1;

  constructor(video: HTMLVideoElement, pieces: readonly Piece[], holes: readonly Hole[], events: RecordingEvents) {
    this.#video = video;
    this.#pieces = pieces;
    this.#shown = toShown(pieces, holes);
    this.#events = events;
  }

  start(): void {
    const source = new MediaSource();
    this.#source = source;
    this.#address = URL.createObjectURL(source);
    this.#video.src = this.#address;
    source.addEventListener('sourceopen', () => {
      source.duration = this.#pieces.at(-1)?.endS ?? 0;
      this.#timer = setInterval(() => this.#look(), lookMs);
      this.#look();
    }, { once: true });
    this.#video.addEventListener('seeking', this.#sought);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#stop.abort();
    this.#video.removeEventListener('seeking', this.#sought);
    this.#video.removeAttribute('src');
    this.#video.load();
    URL.revokeObjectURL(this.#address);
    this.#source = null;
  }

  readonly #sought = (): void => this.#fetch(this.#video.currentTime);

  #look(): void {
    const { currentTime: at, paused, seeking } = this.#video;
    // A seek into a hole never ends, so it is left like any other; but not while somebody still draws the time line over it.
    const passes = seeking && at !== this.#lookedAt;
    this.#lookedAt = at;
    if (!this.#enter(at) && !paused && !passes && !this.#jump(at) && !seeking) this.#wake(at);
    this.#fetch(at);
  }

  #fetch(at: number): void {
    if (!this.#busy && !this.#stop.signal.aborted) void this.#fill(at);
  }

  /** Past a hole, once the last picture before it has been shown; at the end it stops. */
  #jump(at: number): boolean {
    if (spanAt(this.#shown, at + endOfBufferS)) return false;
    const to = resumeAt(this.#shown, at + endOfBufferS);
    if (to === null) this.#video.pause();
    if (to === null || to <= at) return false;
    this.#events.onhole(at, to);
    this.#video.currentTime = to;
    return true;
  }

  /** Sent to where the first picture comes a little later, a browser waits for ever. */
  #enter(at: number): boolean {
    const video = this.#video;
    const span = video.readyState === video.HAVE_METADATA ? spanAt(this.#shown, at + sameS) : null;
    const to = span && beginsAt(ranges(video.buffered), at, Math.min(span.endS, this.#fullS(at)));
    if (to !== null) video.currentTime = to;
    return to !== null;
  }

  /**
   * A browser waits for ever at the end of one piece for the few hundredths that are missing before the next; after lost pictures, up to
   * the next key picture; and now and then, in the middle of what it has or right before it, for nothing, even saying that it has enough. A seek wakes it.
   */
  #wake(at: number): void {
    const video = this.#video;
    this.#stood = at === this.#stoodAt && !video.paused && video.readyState >= video.HAVE_CURRENT_DATA ? this.#stood + 1 : 0;
    this.#stoodAt = at;
    const [fullS, longAgo] = [this.#fullS(at), this.#stood >= patientLooks];
    if (this.#stood === 0 || (video.readyState > video.HAVE_CURRENT_DATA && !longAgo)) return;
    // A piece may end a little before the time that it covers, and nothing more of it comes.
    const to = onward(ranges(video.buffered), at, fullS, longAgo) ?? (longAgo && fullS > at ? resumeAt(this.#shown, fullS) : null);
    if (to === null) return;
    if (to - at > seamS) this.#events.onhole(at, to);
    video.currentTime = to;
  }

  /** Up to where all is loaded that there is from a moment on. */
  #fullS(at: number): number {
    const piece = spanAt(this.#pieces, at + sameS);
    return piece && this.#loaded.has(piece.number) ? piece.endS : at;
  }

  async #fill(at: number): Promise<void> {
    const list = wanted(this.#pieces, at, this.#video.playbackRate);
    const next = list.find(({ number }) => !this.#loaded.has(number));
    if (!next) return;
    this.#busy = true;
    try {
      await this.#forget(at, list);
      const bytes = await this.#events.fetchPiece(next, this.#stop.signal);
      if (this.#stop.signal.aborted) return;
      await this.#append(next, bytes);
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      if (error instanceof UnplayableError && this.#leaveOut(next)) return;
      // It ends here: whoever wants to try again begins anew.
      this.#stop.abort();
      clearInterval(this.#timer);
      this.#events.onerror(error);
      return;
    } finally {
      this.#busy = false;
    }
    this.#fetch(this.#video.currentTime);
  }

  /** A camera may have changed its codec in the middle. False where nothing else is left. */
  #leaveOut(piece: Piece): boolean {
    this.#pieces = this.#pieces.filter((other) => other !== piece);
    this.#shown = this.#shown.filter(({ startS }) => startS < piece.startS || startS >= piece.endS);
    if (this.#pieces.length === 0) return false;
    this.#events.onunplayable(piece);
    return true;
  }

  async #append(piece: Piece, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const source = this.#source!;
    const codec = codecOf(bytes);
    const mime = `video/mp4; codecs="${codec ?? ''}"`;
    if (codec === null || !MediaSource.isTypeSupported(mime)) throw new UnplayableError(codec ?? '?');
    if (!this.#buffer) this.#buffer = source.addSourceBuffer(mime);
    else this.#buffer.changeType(mime);
    // Each piece counts from zero. What reaches beyond the window is left out as a whole, so a last picture may reach into what comes after it, which covers
    // it then; but it never takes away the beginning of what is there.
    const next = this.#pieces[this.#pieces.indexOf(piece) + 1];
    this.#buffer.timestampOffset = piece.startS;
    this.#buffer.appendWindowStart = 0;
    this.#buffer.appendWindowEnd = next && this.#loaded.has(next.number) ? piece.endS : piece.endS + trembleS;
    await done(this.#buffer, (buffer) => buffer.appendBuffer(bytes));
    this.#loaded.add(piece.number);
  }

  /** Gives back what is neither near nor wanted. */
  async #forget(at: number, list: readonly Piece[]): Promise<void> {
    const buffer = this.#buffer;
    if (!buffer) return;
    const keep = new Set(list.map(({ number }) => number));
    for (const piece of this.#pieces) {
      if (!this.#loaded.has(piece.number) || keep.has(piece.number) || (piece.endS > at - keepBehindS && piece.startS <= at)) continue;
      await done(buffer, () => buffer.remove(Math.max(0, piece.startS), piece.endS));
      this.#loaded.delete(piece.number);
    }
  }
}

function ranges(buffered: TimeRanges): [startS: number, endS: number][] {
  return Array.from({ length: buffered.length }, (_, index) => [buffered.start(index), buffered.end(index)]);
}

function done(buffer: SourceBuffer, act: (buffer: SourceBuffer) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (end: () => void) => (): void => {
      buffer.removeEventListener('updateend', finished);
      buffer.removeEventListener('error', failed);
      end();
    };
    const finished = settle(resolve);
    const failed = settle(() => reject(new Error('The media source refused a piece.')));
    buffer.addEventListener('updateend', finished);
    buffer.addEventListener('error', failed);
    try {
      act(buffer);
    } catch (error) {
      settle(() => reject(error instanceof Error ? error : new Error(String(error))))();
    }
  });
}
