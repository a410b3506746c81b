/*
 * What a live stream sends over its WebSocket: text messages say how the pictures are coded, how the stream does and what the
 * camera looks at; binary messages are pictures (format=pictures) or pieces of MP4 (format=mp4).
 */

export type StreamState = 'live' | 'stalled' | 'connecting' | 'idle' | 'closing';

export interface FormatMessage {
  type: 'format';
  codec: string;
  width: number;
  height: number;
  /** The decoder configuration record (avcC, hvcC), base64. */
  description: string | null;
  /** For a media source. */
  mime: string | null;
}

export interface StateMessage {
  type: 'state';
  state: StreamState;
  ageMs: number | null;
}

/** Where the camera is and what it sees, as the server works it out; null is "not known". Corners of the footprint: upper left of the picture first, clockwise. */
export interface CameraView {
  type: 'view';
  at: string;
  camera: { lat: number; lon: number; altitudeAmslM: number };
  center: { lat: number; lon: number } | null;
  footprint: [lon: number, lat: number][] | null;
  headingDeg: number | null;
  pitchDeg: number | null;
  fovDeg: number | null;
}

export type LiveMessage = FormatMessage | StateMessage | CameraView;

export interface CodedPicture {
  isKey: boolean;
  /** Pictures before it are missing at the source. */
  isDiscontinuous: boolean;
  isDamaged: boolean;
  /** Counts from the viewer's start; a hole is what was dropped on the way. */
  sequence: number;
  /** Microseconds on the source's clock. */
  ptsUs: number;
  /** Milliseconds since 1970; null where the source does not say. */
  capturedAtMs: number | null;
  receivedAtMs: number;
  data: Uint8Array;
}

export type Mp4PieceKind = 'init' | 'key' | 'delta';

export interface Mp4Piece {
  kind: Mp4PieceKind;
  data: Uint8Array;
}

export const pictureHeaderBytes = 32;
const version = 1;
const [keyFlag, discontinuousFlag, damagedFlag] = [1, 2, 4];
const pieceKinds: readonly Mp4PieceKind[] = ['init', 'key', 'delta'];

/** A text message; null for one that this console does not know, which a newer server may send. */
export function parseMessage(text: string): LiveMessage | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (value === null || typeof value !== 'object' || !('type' in value)) return null;
  const message = value as LiveMessage;
  if (message.type === 'format') return typeof message.codec === 'string' && message.width > 0 && message.height > 0 ? message : null;
  if (message.type === 'state') return typeof message.state === 'string' ? message : null;
  if (message.type === 'view') return typeof message.camera?.lat === 'number' && typeof message.camera.lon === 'number' ? message : null;
  return null;
}

/** A picture with its header; null where it is shorter than one or of another version. */
export function parsePicture(buffer: ArrayBuffer): CodedPicture | null {
  if (buffer.byteLength <= pictureHeaderBytes) return null;
  const view = new DataView(buffer);
  if (view.getUint8(0) !== version) return null;
  const flags = view.getUint8(1);
  const captured = Number(view.getBigInt64(16, true));
  return {
    isKey: (flags & keyFlag) !== 0,
    isDiscontinuous: (flags & discontinuousFlag) !== 0,
    isDamaged: (flags & damagedFlag) !== 0,
    sequence: view.getUint32(4, true),
    ptsUs: Number(view.getBigInt64(8, true)),
    capturedAtMs: captured === 0 ? null : captured / 1000,
    receivedAtMs: Number(view.getBigInt64(24, true)) / 1000,
    data: new Uint8Array(buffer, pictureHeaderBytes),
  };
}

export function parseMp4Piece(buffer: ArrayBuffer): Mp4Piece | null {
  if (buffer.byteLength < 2) return null;
  const bytes = new Uint8Array(buffer);
  const kind = pieceKinds[bytes[0]!];
  return kind ? { kind, data: bytes.subarray(1) } : null;
}

export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}
