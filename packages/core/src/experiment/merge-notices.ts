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

/** Of what several strategies say alike one notice that names them all, in its message too. */
export function nameStrategies(lists: readonly (readonly Notice[])[]): Notice[] {
  const named = new Map<string, Notice>();
  for (const notice of lists.flat()) {
    const key = `${notice.code}\n${notice.message}`;
    const before = named.get(key)?.strategies ?? [];
    const strategies = [...new Set([...before, ...(notice.strategies ?? [])])];
    named.set(key, strategies.length === 0 ? notice : { ...notice, strategies });
  }
  return [...named.values()].map((notice) =>
    notice.strategies
      ? { ...notice, message: `${notice.strategies.join(', ')}: ${lowerFirst(notice.message)}` }
      : notice,
  );
}

const lowerFirst = (sentence: string): string => `${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}`;
