import { ApiError, http, queryString } from '$lib/api/client';
import type { Bookmark, Clip, LegalHold, RecordingDetails, RetentionClass, Still, Verification } from '$lib/api/videoTypes';
import type { Piece } from '$lib/video/replay';
import type { Region } from './masking';

const path = (id: string): string => `/video/recordings/${encodeURIComponent(id)}`;

export const recordingApi = {
  read: (id: string): Promise<RecordingDetails> => http.get<RecordingDetails>(path(id)),
  verify: (id: string): Promise<Verification> => http.get<Verification>(`${path(id)}/verify`),
  bookmark: (id: string, at: string, text: string): Promise<Bookmark> => http.post<Bookmark>(`${path(id)}/bookmarks`, { at, text }),
  /** A segment as it was recorded; the look is entered in the audit log with the reason. */
  file: (id: string, number: number, reason: string): string => `/api/v1${path(id)}/segments/${number}.mp4${queryString({ reason })}`,
  thumbnail: (id: string): string => `/api/v1${path(id)}/thumbnail.jpg`,
  /** All of it, or a part, as one file. */
  media: (id: string, reason: string): string => `/api/v1${path(id)}/media.mp4${queryString({ reason })}`,
  /** The same with all that is known about it. */
  export: (id: string, reason: string): string => `/api/v1${path(id)}/export.zip${queryString({ reason })}`,
  clip: (id: string, clip: string, reason: string): string => `/api/v1${path(id)}/clips/${clip}.mp4${queryString({ reason })}`,
  cut: (id: string, from: string, to: string, reason: string): Promise<Clip> => http.post<Clip>(`${path(id)}/clips`, { from, to, reason }),
  /** A still as it was kept; the look is entered in the audit log with the reason. */
  still: (id: string, still: string, reason: string): string => `/api/v1${path(id)}/stills/${still}.png${queryString({ reason })}`,
  smallStill: (id: string, still: string): string => `/api/v1${path(id)}/stills/${still}.jpg`,
  keepStill: (id: string, at: string, reason: string): Promise<Still> => http.post<Still>(`${path(id)}/stills`, { at, reason }),
  mask: (id: string, clip: string, regions: Region[], reason: string): Promise<Clip> => http.post<Clip>(`${path(id)}/clips/${clip}/masked`, { regions, reason }),
  classes: (): Promise<RetentionClass[]> => http.get<RetentionClass[]>('/video/recordings/classes'),
  classify: (id: string, to: string, reason: string): Promise<unknown> => http.put(`${path(id)}/class`, { class: to, reason }),
  hold: (id: string, reason: string): Promise<LegalHold> => http.post<LegalHold>(`${path(id)}/holds`, { reason }),
  lift: (id: string, hold: string, reason: string): Promise<void> => http.delete(`${path(id)}/holds/${hold}${queryString({ reason })}`),
  /** The bytes of one piece. */
  async piece(id: string, piece: Piece, reason: string, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const answer = await fetch(recordingApi.file(id, piece.number, reason), { credentials: 'same-origin', signal });
    if (!answer.ok) throw new ApiError(answer.status, await answer.json().catch(() => null));
    return new Uint8Array(await answer.arrayBuffer());
  },
};
