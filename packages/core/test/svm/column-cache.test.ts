import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnCache } from '../../src/svm/column-cache.ts';

const SIZE = 9;

describe('columnCache', () => {
  it('gives the columns of the matrix whatever was pushed out, cut short or swapped in between', () => {
    const column = fc.record({ at: fc.nat(SIZE - 1), length: fc.integer({ min: 1, max: SIZE }) });
    const swap = fc.uniqueArray(fc.nat(SIZE - 1), { minLength: 2, maxLength: 6 });
    const steps = fc.array(fc.oneof(column, swap), { maxLength: 60 });
    fc.assert(
      fc.property(steps, fc.integer({ min: 0, max: 6 }), (all, slots) => {
        const cache = columnCache(SIZE, slots * 8 * SIZE);
        const order = Array.from({ length: SIZE }, (_, i) => i);
        // An entry names the rows that it belongs to.
        const entry = (a: number, b: number) => 100 * Math.min(order[a]!, order[b]!) + Math.max(order[a]!, order[b]!);
        for (const step of all) {
          if (!Array.isArray(step)) {
            const { at, length } = step;
            const found = cache.column(at, length, (target, from, to) => {
              for (let t = from; t < to; t++) target[t] = entry(at, t);
            });
            for (let t = 0; t < length; t++) expect(found[t]).toBe(entry(at, t));
            continue;
          }
          const places = [...step].sort((a, b) => a - b);
          const half = Math.floor(places.length / 2);
          const lower = Int32Array.from(places.slice(0, half));
          const upper = Int32Array.from(places.slice(places.length - half));
          cache.swap(lower, upper, half);
          lower.forEach((low, p) => {
            [order[low], order[upper[p]!]] = [order[upper[p]!]!, order[low]!];
          });
        }
      }),
      { numRuns: 500 },
    );
  });

  it('fills a column once as long as there is room, and the one used longest ago goes first', () => {
    const filled: number[] = [];
    const cache = columnCache(4, 3 * 8 * 4);
    const ask = (i: number) => cache.column(i, 4, () => filled.push(i));
    for (const i of [0, 1, 2, 0, 1, 3, 0, 1, 2]) ask(i);
    expect(filled).toEqual([0, 1, 2, 3, 2]);
    expect([0, 1, 2, 3].map((i) => cache.keeps(i))).toEqual([true, true, true, false]);
  });
});
