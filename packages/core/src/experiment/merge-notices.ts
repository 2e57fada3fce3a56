import type { Notice } from '../runtime/notices.ts';

/** Each notice once, warnings first, else in the order in which they came up. */
export function mergeNotices(lists: readonly (readonly Notice[])[]): Notice[] {
  const seen = new Set<string>();
  const merged: Notice[] = [];
  for (const notice of lists.flat()) {
    const key = `${notice.code}\n${notice.message}`;
    if (seen.has(key)) continue;
    seen.add(key);
    merged.push(notice);
  }
  return [
    ...merged.filter(({ severity }) => severity === 'warning'),
    ...merged.filter(({ severity }) => severity === 'info'),
  ];
}
