/** What the browser remembers by itself: the theme, what was read in threads, dismissed hints. */

export function recall<T>(key: string, otherwise: T): T {
  try {
    const stored = localStorage.getItem(`workspace.${key}`);
    return stored === null ? otherwise : (JSON.parse(stored) as T);
  } catch {
    return otherwise;
  }
}

export function remember(key: string, value: unknown): void {
  try {
    localStorage.setItem(`workspace.${key}`, JSON.stringify(value));
  } catch {
    // A browser that keeps nothing still works; it only forgets on reload.
  }
}
