/** The details of an entry as names and values, one level after the other joined by dots; what is empty says nothing and is left out. */
export function detailPairs(details: unknown, prefix = ''): [name: string, value: string][] {
  if (details === null || details === undefined || details === '') return [];
  if (typeof details !== 'object') return [[prefix, String(details)]];
  if (Array.isArray(details) && details.every((item) => typeof item !== 'object')) return details.length > 0 ? [[prefix, details.join(', ')]] : [];
  return Object.entries(details).flatMap(([name, value]) => detailPairs(value, prefix ? `${prefix}.${name}` : name));
}
