/*
 * Numbers for people: fixed decimals so that columns do not dance, a thin space before the unit, and a dash where a value
 * is not known. A dash is an answer; a zero that was never measured is a lie.
 */

export const unknown = '–';
const thin = '\u2009';

function fixed(value: number | null | undefined, digits: number, unit: string): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return unknown;
  const rounded = value.toFixed(digits);
  // -0.0 is what a hovering drone's climb rate rounds to; the sign says nothing.
  const text = Number(rounded) === 0 ? (0).toFixed(digits) : rounded;
  return unit ? `${text}${thin}${unit}` : text;
}

export const metres = (value: number | null | undefined, digits = 1): string => fixed(value, digits, 'm');
export const metresPerSecond = (value: number | null | undefined): string => fixed(value, 1, 'm/s');
export const percent = (value: number | null | undefined, digits = 0): string => fixed(value, digits, '%');
export const volts = (value: number | null | undefined): string => fixed(value, 1, 'V');
export const amperes = (value: number | null | undefined): string => fixed(value, 1, 'A');

/** A compass direction, 000 to 359. */
export function degrees(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return unknown;
  const whole = ((Math.round(value) % 360) + 360) % 360;
  return `${String(whole).padStart(3, '0')}°`;
}

/** A tilt, signed. */
export function tilt(value: number | null | undefined): string {
  const text = fixed(value, 0, '');
  return text === unknown ? text : `${text}°`;
}

export function distance(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return unknown;
  return value < 1000 ? fixed(value, 0, 'm') : fixed(value / 1000, value < 10_000 ? 2 : 1, 'km');
}

/** Six decimals are 0.1 m; more would be noise of the receiver. */
export function coordinate(value: number | null | undefined): string {
  return fixed(value, 6, '');
}

export function lonLat(lon: number | null | undefined, lat: number | null | undefined): string {
  return lon === null || lon === undefined || lat === null || lat === undefined
    ? unknown
    : `${coordinate(lon)}, ${coordinate(lat)}`;
}
