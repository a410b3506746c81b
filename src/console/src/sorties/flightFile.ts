const types: Record<string, string> = {
  csv: 'text/csv', txt: 'text/csv', tsv: 'text/csv', gpx: 'application/gpx+xml', tlog: 'application/octet-stream',
};

/** What a file of flights is sent as, by the ending of its name; null when it is none. */
export function flightFileType(name: string): string | null {
  return types[name.slice(name.lastIndexOf('.') + 1).toLowerCase()] ?? null;
}
