/** Reads a setting kept in this browser; a browser that forbids storage simply starts afresh each time. */
export function readStored(key: string): string | null {
  try {
    return localStorage.getItem(`droneops.${key}`);
  } catch {
    return null;
  }
}

export function writeStored(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(`droneops.${key}`);
    else localStorage.setItem(`droneops.${key}`, value);
  } catch {
    // Storage is full or forbidden: the setting lasts until the page is closed, which is all that can be offered.
  }
}
