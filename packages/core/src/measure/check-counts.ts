import { CounterweightError } from '../runtime/errors.ts';

/** Rows a class, checked. Throws `bad-counts` unless they are non-negative integers of which one is above 0. */
export function checkCounts(counts: ArrayLike<number>): { readonly values: readonly number[]; readonly rows: number } {
  const values = Array.from(counts);
  const wrong = values.findIndex((count) => !Number.isSafeInteger(count) || count < 0);
  if (wrong >= 0) {
    throw new CounterweightError('bad-counts', `class counts must be non-negative integers, got ${values[wrong]}`);
  }
  const rows = values.reduce((sum, count) => sum + count, 0);
  if (rows === 0) throw new CounterweightError('bad-counts', 'class counts are all 0');
  return { values, rows };
}
