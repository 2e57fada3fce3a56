/** A name as a message shows it: on one line, in quotes, shortened to 60 characters. */
export function quoted(name: string): string {
  return JSON.stringify(name.length > 60 ? `${name.slice(0, 59)}…` : name);
}

/** At most `limit` items, joined for a message, with the number of those left out. */
export function listed(items: readonly (string | number)[], limit = 10): string {
  const shown = items.slice(0, limit).map((item) => (typeof item === 'string' ? quoted(item) : String(item)));
  return items.length > limit ? `${shown.join(', ')} and ${items.length - limit} more` : shown.join(', ');
}

/** `1 row`, `2 rows`: a count with its noun. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${grouped(count)} ${count === 1 ? noun : plural}`;
}

/** A whole number with commas between thousands. The platform's own formatter takes milliseconds to start. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}
