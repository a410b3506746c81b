import { describe, expect, it } from 'vitest';
import { fromBase64, parseMessage, parseMp4Piece, parsePicture, pictureHeaderBytes } from './wire';

function bytes(change: (view: DataView) => void, payload: number[] = [0, 0, 0, 1, 0x65]): ArrayBuffer {
  const buffer = new ArrayBuffer(pictureHeaderBytes + payload.length);
  const view = new DataView(buffer);
  view.setUint8(0, 1);
  change(view);
  new Uint8Array(buffer).set(payload, pictureHeaderBytes);
  return buffer;
}

describe('a picture on the wire', () => {
  it('has its header read, little-endian, times from microseconds', () => {
    const picture = parsePicture(bytes((view) => {
      view.setUint8(1, 1 | 4);
      view.setUint32(4, 0xfffffffe, true);
      view.setBigInt64(8, 9_007_199_254n, true);
      view.setBigInt64(16, 1_790_000_000_123_456n, true);
      view.setBigInt64(24, 1_790_000_000_130_000n, true);
    }));
    expect(picture).toMatchObject({ isKey: true, isDiscontinuous: false, isDamaged: true, sequence: 0xfffffffe, ptsUs: 9_007_199_254, capturedAtMs: 1_790_000_000_123.456, receivedAtMs: 1_790_000_000_130 });
    expect([...picture!.data]).toEqual([0, 0, 0, 1, 0x65]);
  });

  it('says when the camera has no clock, and keeps a negative time stamp', () => {
    expect(parsePicture(bytes((view) => view.setBigInt64(8, -40_000n, true)))).toMatchObject({ capturedAtMs: null, ptsUs: -40_000, isKey: false });
  });

  it('is not taken for one when it is short, empty or of another version', () => {
    expect(parsePicture(new ArrayBuffer(0))).toBeNull();
    expect(parsePicture(bytes(() => undefined, []))).toBeNull();
    expect(parsePicture(bytes((view) => view.setUint8(0, 2)))).toBeNull();
  });
});

describe('a piece of MP4 on the wire', () => {
  it('is named by its first byte', () => {
    expect(([[0, 9], [1, 9], [2, 9]] as const).map((piece) => parseMp4Piece(new Uint8Array(piece).buffer)?.kind)).toEqual(['init', 'key', 'delta']);
    expect([...parseMp4Piece(new Uint8Array([1, 7, 8]).buffer)!.data]).toEqual([7, 8]);
    expect(parseMp4Piece(new Uint8Array([3, 9]).buffer)).toBeNull();
    expect(parseMp4Piece(new Uint8Array([1]).buffer)).toBeNull();
  });
});

describe('a message on the wire', () => {
  it('is read where it is known and whole', () => {
    expect(parseMessage('{"type":"state","state":"live","ageMs":12}')).toEqual({ type: 'state', state: 'live', ageMs: 12 });
    expect(parseMessage('{"type":"format","codec":"avc1.42C01F","width":1280,"height":720}')).toMatchObject({ width: 1280 });
    expect(parseMessage('{"type":"view","camera":{"lat":24.5,"lon":117.6}}')).toMatchObject({ type: 'view' });
  });

  it.each(['', 'not json', '[]', 'null', '7', '{"type":"weather"}', '{"type":"format","codec":"avc1","width":0,"height":720}', '{"type":"state"}', '{"type":"view"}', '{"type":"view","camera":{"lat":null}}'])('is passed over: %s', (text) => {
    expect(parseMessage(text)).toBeNull();
  });

  it('carries bytes in base64', () => {
    expect([...fromBase64('AULA/w==')]).toEqual([1, 0x42, 0xc0, 0xff]);
  });
});
