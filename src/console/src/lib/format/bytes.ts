import { unknown } from './units';

/** A size as file managers show it: powers of a thousand, three figures. */
export function bytes(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return unknown;
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let [size, unit] = [value, 0];
  while (size >= 999.5 && unit < units.length - 1) [size, unit] = [size / 1000, unit + 1];
  return `${unit === 0 || size >= 99.95 ? size.toFixed(0) : size.toFixed(1)}\u2009${units[unit]}`;
}
