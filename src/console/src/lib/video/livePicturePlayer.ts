import { LiveSocket } from './liveSocket';
import { inDecoder, PictureQueue } from './pictureQueue';
import type { Player, PlayerEvents } from './player';
import { ShownPictures } from './shownPictures';
import type { PlayerStatus } from './status';
import { fromBase64, parsePicture, type CodedPicture, type FormatMessage, type LiveMessage } from './wire';

/** While it catches up with what came before it opened, one picture in this time is enough, milliseconds. */
const catchUpMs = 80;
/** Pictures on their way through the decoder whose times are remembered. */
const mostRemembered = 64;
/** So many decoders lost without a picture between them: this browser cannot do it. */
const mostFailures = 4;

/** How a frame comes to be seen; the canvas is the only one in the console. */
export type Paint = (frame: VideoFrame) => void;

/**
 * Access units into WebCodecs, frames onto a canvas the moment they are decoded. What cannot be decoded any more is never waited
 * for: it goes on with the next key picture.
 */
export class LivePicturePlayer implements Player {
  readonly #events: PlayerEvents;
  readonly #paint: Paint;
  readonly #socket: LiveSocket;
  readonly #queue = new PictureQueue();
  readonly #shown: ShownPictures;
  readonly #inside = new Map<number, CodedPicture>();
  #decoder: VideoDecoder | null = null;
  #config: VideoDecoderConfig | null = null;
  #asking = 0;
  #failures = 0;
  #paintedAt = -Infinity;

  constructor(url: string, paint: Paint, events: PlayerEvents) {
    this.#paint = paint;
    this.#events = events;
    this.#shown = new ShownPictures(events.onchange, () => performance.now());
    this.#socket = new LiveSocket(url, {
      onmessage: (message) => this.#hear(message),
      onbinary: (data) => this.#receive(data),
      onconnection: (connection, refusal) => {
        if (connection === 'connecting') this.#queue.restart();
        this.#shown.change({ connection, refusal });
      },
      whyRefused: events.whyRefused,
    });
  }

  get status(): PlayerStatus {
    return this.#shown.status;
  }

  start(): void {
    this.#socket.start();
  }

  stop(): void {
    this.#socket.stop();
    this.#asking++;
    this.#config = null;
    this.#close();
    this.#queue.restart();
  }

  #hear(message: LiveMessage): void {
    if (message.type === 'view') this.#events.onview(message);
    else if (message.type === 'state') this.#shown.hear(message);
    else void this.#configure(message);
  }

  async #configure(format: FormatMessage): Promise<void> {
    const asked = ++this.#asking;
    // What still waits was coded with the format before.
    this.#queue.reset();
    this.#config = null;
    const config: VideoDecoderConfig = {
      codec: format.codec,
      codedWidth: format.width,
      codedHeight: format.height,
      optimizeForLatency: true,
      ...(format.description ? { description: fromBase64(format.description) } : {}),
    };
    const supported = await VideoDecoder.isConfigSupported(config).then((answer) => answer.supported === true, () => false);
    if (asked !== this.#asking) return;
    if (!supported) {
      this.#socket.stop();
      this.#events.onunsupported(format);
      return;
    }
    this.#config = config;
    this.#shown.forgetLatency();
    if (this.#decoder?.state === 'configured') this.#decoder.configure(config);
    this.#pump();
  }

  #receive(data: ArrayBuffer): void {
    const picture = parsePicture(data);
    if (!picture) return;
    this.#queue.offer(picture);
    this.#pump();
  }

  #pump(): void {
    if (!this.#config) return;
    while (this.#queue.length > 0) {
      const decoder = (this.#decoder ??= this.#open(this.#config));
      if (decoder.decodeQueueSize >= inDecoder) return;
      const picture = this.#queue.take()!;
      this.#inside.set(picture.ptsUs, picture);
      if (this.#inside.size > mostRemembered) this.#inside.delete(this.#inside.keys().next().value!);
      decoder.decode(new EncodedVideoChunk({ type: picture.isKey ? 'key' : 'delta', timestamp: picture.ptsUs, data: picture.data }));
    }
  }

  #open(config: VideoDecoderConfig): VideoDecoder {
    const decoder: VideoDecoder = new VideoDecoder({
      output: (frame) => this.#show(frame),
      error: () => this.#fail(decoder),
    });
    decoder.ondequeue = () => this.#pump();
    // A decoder in hardware that has failed is not asked a second time.
    decoder.configure(this.#failures > 0 ? { ...config, hardwareAcceleration: 'prefer-software' } : config);
    return decoder;
  }

  #show(frame: VideoFrame): void {
    const picture = this.#inside.get(frame.timestamp);
    this.#inside.delete(frame.timestamp);
    this.#failures = 0;
    const now = performance.now();
    const catchesUp = this.#queue.length > 0 && now - this.#paintedAt < catchUpMs;
    try {
      if (catchesUp) return;
      this.#paintedAt = now;
      const { displayWidth: width, displayHeight: height } = frame;
      this.#paint(frame);
      // A picture of the backlog is old because the viewer came late, not because the way is slow.
      const age = picture && this.#queue.length === 0 ? Date.now() - (picture.capturedAtMs ?? picture.receivedAtMs) : null;
      this.#shown.show(width, height, age, picture?.capturedAtMs ? 'capture' : 'arrival', picture?.isDamaged ?? false, this.#queue.dropped);
    } finally {
      frame.close();
    }
  }

  #fail(decoder: VideoDecoder): void {
    if (this.#decoder !== decoder) return;
    this.#close();
    this.#queue.reset();
    if (++this.#failures < mostFailures) return;
    this.#socket.stop();
    this.#shown.change({ connection: 'refused', refusal: 'codec' });
  }

  #close(): void {
    const decoder = this.#decoder;
    this.#decoder = null;
    this.#inside.clear();
    if (decoder && decoder.state !== 'closed') decoder.close();
  }
}
