import type { ProblemDetails } from './types';

/** What a call to the server came back with when it was not what was asked for. */
export class ApiError extends Error {
  readonly status: number;
  readonly problem: ProblemDetails | null;

  constructor(status: number, problem: ProblemDetails | null) {
    super(problem?.detail ?? problem?.title ?? `HTTP ${status}`);
    this.name = 'ApiError';
    this.status = status;
    this.problem = problem;
  }

  /** The first complaint about one field of the request, named as in the JSON that was sent. */
  field(name: string): string | null {
    const faults = Array.isArray(this.problem?.errors) ? this.problem.errors : [];
    return faults.find(({ pointer }) => pointer === name || pointer === `#/${name}` || pointer.startsWith(`#/${name}/`))?.detail ?? null;
  }

  /** True where the server could not be reached at all. */
  get offline(): boolean {
    return this.status === 0;
  }
}

export interface CallOptions {
  signal?: AbortSignal;
  /** The version being replaced; the server refuses with 412 when it has moved on. */
  ifMatch?: string;
  query?: Record<string, string | number | boolean | null | undefined>;
  /** What the body is, where it is not JSON. */
  contentType?: string;
  /** Names what is asked for: sent again under the same key it is done once. Without one each call has its own. */
  idempotencyKey?: string;
  /** A question that changes nothing: it may be asked again, and needs no key. */
  isQuestion?: boolean;
}

let antiforgeryToken: string | null = null;
let onSignedOut: (() => void) | null = null;

/** Remembers the token every unsafe verb must carry. */
export function useAntiforgeryToken(token: string | null): void {
  antiforgeryToken = token;
}

/** The header that proves an unsafe request came from this page; the feed's negotiation needs it too. */
export function antiforgeryHeaders(): Record<string, string> {
  return antiforgeryToken ? { 'x-xsrf-token': antiforgeryToken } : {};
}

/** Names who is told when the server no longer knows this session. */
export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener;
}

export function queryString(query: CallOptions['query']): string {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {})) {
    if (value !== null && value !== undefined && value !== '') parameters.set(key, String(value));
  }
  const text = parameters.toString();
  return text ? `?${text}` : '';
}

async function send(method: string, path: string, body: unknown, options: CallOptions): Promise<Response> {
  const headers: Record<string, string> = { accept: 'application/json, application/problem+json' };
  if (body !== undefined) headers['content-type'] = options.contentType ?? 'application/json';
  if (options.ifMatch) headers['if-match'] = options.ifMatch;
  if (method !== 'GET') {
    Object.assign(headers, antiforgeryHeaders());
    if (method === 'POST' && !options.isQuestion) headers['idempotency-key'] = options.idempotencyKey ?? newKey();
  }
  let response: Response;
  try {
    response = await fetch(`/api/v1${path}${queryString(options.query)}`, {
      method,
      headers,
      body: body === undefined ? null : body instanceof Blob ? body : JSON.stringify(body),
      credentials: 'same-origin',
      signal: options.signal ?? null,
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(0, null);
  }
  if (response.ok) return response;
  if (response.status === 401 && path !== '/session') onSignedOut?.();
  throw new ApiError(response.status, await readProblem(response));
}

/** crypto.randomUUID exists only in secure contexts; a console on plain http in a closed network is not one. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function readProblem(response: Response): Promise<ProblemDetails | null> {
  try {
    return (await response.json()) as ProblemDetails;
  } catch {
    return null;
  }
}

async function json<T>(response: Response): Promise<T> {
  if (response.status === 204) return undefined as T;
  const text = await response.text();
  return (text ? JSON.parse(text) : undefined) as T;
}

export const http = {
  get: async <T>(path: string, options: CallOptions = {}): Promise<T> => json<T>(await send('GET', path, undefined, options)),
  post: async <T>(path: string, body?: unknown, options: CallOptions = {}): Promise<T> =>
    json<T>(await send('POST', path, body ?? {}, options)),
  put: async <T>(path: string, body: unknown, options: CallOptions = {}): Promise<T> =>
    json<T>(await send('PUT', path, body, options)),
  patch: async <T>(path: string, body: unknown, options: CallOptions = {}): Promise<T> =>
    json<T>(await send('PATCH', path, body, options)),
  delete: async (path: string, options: CallOptions = {}): Promise<void> => {
    await send('DELETE', path, undefined, options);
  },
  text: async (path: string): Promise<string> => (await send('GET', path, undefined, {})).text(),
  /** A resource together with the version to quote when changing it. */
  getWithTag: async <T>(path: string): Promise<{ value: T; etag: string | null }> => {
    const response = await send('GET', path, undefined, {});
    return { value: await json<T>(response), etag: response.headers.get('etag') };
  },
};
