import { describe, expect, it } from 'vitest';
import { arrivals } from '../../src/neighbors/arrivals.ts';
import { randomStream } from '../../src/runtime/random.ts';
import { distanceOf, type Found, hardSets, randomRows } from './oracle.ts';

const stream = randomStream(9, 'arrivals');
const euclidean = distanceOf['euclidean']!;

describe('arrivals', () => {
  const sets = hardSets(stream).filter(([name]) => name !== 'differences that overflow');

  it.each(sets)('keeps the nearest of what has come, whenever a query asks: %s', async (_name, X) => {
    const { rows, columns } = X;
    for (const k of [1, 4]) {
      const queries = stream.permutation(rows).slice(0, 40);
      const order = stream.permutation(rows);
      const distance = (q: number, row: number) =>
        euclidean(X.data, queries[q]! * columns, X.data, row * columns, columns);
      const begun = order.slice(0, 2);
      const listOf = (q: number, among: Iterable<number>): Found[] =>
        Array.from(among, (row) => ({ row, distance: distance(q, row) }))
          .sort((a, b) => (a.distance < b.distance ? -1 : a.distance > b.distance ? 1 : a.row - b.row))
          .slice(0, k);
      const start = {
        k,
        indices: new Int32Array(40 * k).fill(-1),
        distances: new Float64Array(40 * k).fill(Number.POSITIVE_INFINITY),
      };
      for (let q = 0; q < 40; q++) {
        listOf(q, begun).forEach((found, i) => {
          start.indices[q * k + i] = found.row;
          start.distances[q * k + i] = found.distance;
        });
      }
      const waiting = await arrivals({ rows: X, queries, start });
      const into = new Int32Array(k);
      for (let come = 2; come < rows; come++) {
        waiting.add(order[come]!);
        const q = stream.integer(40);
        const expected = listOf(q, order.slice(0, come + 1)).map(({ row }) => row);
        expect(waiting.nearest(q)).toBe(expected[0]);
        expect([...into.subarray(0, waiting.list(q, into))]).toEqual(expected);
      }
      waiting.dispose();
    }
  });

  it('makes room for any number of arrivals, and tells of none', async () => {
    const X = randomRows(1500, 3, stream.normal);
    const start = { k: 1, indices: Int32Array.of(-1), distances: Float64Array.of(Number.POSITIVE_INFINITY) };
    const waiting = await arrivals({ rows: X, queries: Int32Array.of(7), start });
    expect([waiting.nearest(0), waiting.list(0, new Int32Array(1))]).toEqual([-1, 0]);
    const others = [...Array(1500).keys()].filter((row) => row !== 7).reverse();
    const to = (row: number) => euclidean(X.data, 21, X.data, 3 * row, 3);
    for (const [i, row] of others.entries()) {
      waiting.add(row);
      if (i % 100 > 0) continue;
      const best = others.slice(0, i + 1).reduce((a, b) => (to(b) < to(a) ? b : a));
      expect(waiting.nearest(0)).toBe(best);
    }
    waiting.dispose();
  });
});
