import { unknown } from './units';

const two = (value: number): string => String(value).padStart(2, '0');

export function parseTime(value: string | Date | null | undefined): Date | null {
  if (!value) return null;
  const date = value instanceof Date ? value : new Date(value);
  return Number.isNaN(date.getTime()) ? null : date;
}

/** yyyy-MM-dd in the reader's zone. */
export function date(value: string | Date | null | undefined): string {
  const d = parseTime(value);
  return d ? `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}` : unknown;
}

/** HH:mm:ss in the reader's zone. */
export function time(value: string | Date | null | undefined): string {
  const d = parseTime(value);
  return d ? `${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}` : unknown;
}

/** HH:mm:ss.SSS in the reader's zone, where one picture is meant and no other. */
export function timeMs(value: string | Date | null | undefined): string {
  const d = parseTime(value);
  return d ? `${time(d)}.${String(d.getMilliseconds()).padStart(3, '0')}` : unknown;
}

/** yyyy-MM-dd HH:mm:ss in the reader's zone. */
export function dateTime(value: string | Date | null | undefined): string {
  const d = parseTime(value);
  return d ? `${date(d)} ${time(d)}` : unknown;
}

/** The zone as an offset, for the clock: UTC+08:00. */
export function zone(at: Date): string {
  const minutes = -at.getTimezoneOffset();
  const sign = minutes < 0 ? '-' : '+';
  const size = Math.abs(minutes);
  return `UTC${sign}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** A length of time: 0:42, 12:05, 1:02:09. Whole seconds, rounded. */
export function duration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return unknown;
  const whole = Math.round(Math.abs(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const text = hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
  return seconds < 0 && whole > 0 ? `-${text}` : text;
}

/** Hours of flight to a hundredth, as a log book sums them. */
export function hours(seconds: number | null | undefined): string {
  return seconds === null || seconds === undefined || !Number.isFinite(seconds) ? unknown : `${(seconds / 3600).toFixed(2)} h`;
}

/** How old a value is: tenths below ten seconds, where they matter; then seconds, minutes, hours, days. */
export function age(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return unknown;
  const s = Math.max(0, seconds);
  if (s < 9.95) return `${s.toFixed(1)} s`;
  if (s < 99.5) return `${Math.round(s)} s`;
  if (s < 5400) return `${Math.round(s / 60)} min`;
  if (s < 172_800) return `${Math.round(s / 3600)} h`;
  return `${Math.round(s / 86_400)} d`;
}

/** The value of a datetime-local field for an instant, in the reader's zone. */
export function toLocalField(value: Date): string {
  return `${date(value)}T${two(value.getHours())}:${two(value.getMinutes())}`;
}

/** The moment of a field with date and time, which is on the reader's clock; null where it holds none. */
export function instant(local: string | null): string | null {
  const at = local ? new Date(local) : null;
  return at && !Number.isNaN(at.getTime()) ? at.toISOString() : null;
}
