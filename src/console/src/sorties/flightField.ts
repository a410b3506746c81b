import { t } from '$lib/i18n/index.svelte';

const fields = [
  'number', 'vehicle', 'hardwareId', 'pilot', 'purpose', 'authorisedBy', 'task', 'batterySerial', 'unit', 'date', 'takeoffAt', 'landedAt', 'duration', 'distance', 'maxHeight', 'longitude',
  'latitude', 'points', 'row', 'file',
] as const;

/** The words for a field of a flight, and the unit that stands behind it: `duration (min)`. What is not known stays as it is. */
export function flightField(text: string): string {
  const [name, ...unit] = text.split(' ');
  const known = fields.find((field) => field === name);
  return known ? [t(`flights.field.${known}`), ...unit].join(' ') : text;
}
