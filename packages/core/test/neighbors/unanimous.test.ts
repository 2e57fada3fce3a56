import { describe, expect, it } from 'vitest';
import type { Matrix } from '../../src/data/matrix.ts';
import { neighbourIndex } from '../../src/neighbors/index.ts';
import { createKernelRuntime } from '../../src/runtime/kernel-runtime.ts';
import { type RandomStream, randomStream } from '../../src/runtime/random.ts';
import { distanceOf, everyRow, expectSame, hardSets, randomRows, sortedByHand } from './oracle.ts';

const stream = randomStream(4, 'unanimous');
const euclidean = distanceOf['euclidean']!;

/** Classes that hold together: near rows mostly agree. */
function patchy(X: Matrix, classes: number, random: RandomStream): Int32Array {
  const centres = random.permutation(X.rows).slice(0, 2 * classes);
  return everyRow(X).map((row) => {
    if (random.uniform() < 0.02) return random.integer(classes);
    const to = Array.from(centres, (c) => euclidean(X.data, row * X.columns, X.data, c * X.columns, X.columns));
    return to.indexOf(Math.min(...to)) % classes;
  });
}

describe('unanimous', () => {
  it.each(hardSets(stream))('is certain of nothing that is not so: %s', async (_name, X) => {
    const lists = sortedByHand(X, X, euclidean, everyRow(X));
    const labels = patchy(X, 3, stream);
    const index = await neighbourIndex({ rows: X });
    for (const k of [1, 3, 9]) {
      const { certain, indices } = await index.unanimous({ labels, k });
      for (const row of everyRow(X)) {
        if (certain[row] === 0) continue;
        const nearest = lists[row]!.slice(0, k).map((found) => labels[found.row]);
        expect(nearest).toEqual(new Array(k).fill(labels[row]));
        const stranger = lists[row]!.find((found) => labels[found.row] !== labels[row]);
        const friends = [...indices.subarray(row * k, (row + 1) * k)];
        expect(new Set(friends).size).toBe(k);
        for (const friend of friends) {
          const { distance } = lists[row]!.find((found) => found.row === friend)!;
          expect(labels[friend]).toBe(labels[row]);
          expect(distance).toBeLessThan(stranger?.distance ?? Number.POSITIVE_INFINITY);
        }
      }
    }
    index.dispose();
  });

  it('is certain of nearly all rows of classes that lie apart, and of none among classes mixed at random', async () => {
    const X = randomRows(4000, 6, (cell) => stream.normal() + (cell < 6000 ? 0 : 20));
    const index = await neighbourIndex({ rows: X });
    const apart = everyRow(X).map((row) => (row < 1000 ? 0 : 1));
    const { certain } = await index.unanimous({ labels: apart, k: 3 });
    expect(certain.reduce((sum, flag) => sum + flag, 0)).toBeGreaterThan(3900);
    const mixed = everyRow(X).map(() => stream.integer(8));
    const none = await index.unanimous({ labels: mixed, k: 3 });
    expect(none.certain.reduce((sum, flag) => sum + flag, 0)).toBeLessThan(100);
    const some = Int32Array.of(5, 5, 3999, 0);
    const few = await index.unanimous({ labels: apart, k: 3, queries: some });
    expect([...few.certain]).toEqual([...some].map((row) => certain[row]));
    index.dispose();
  });

  it('gives the same bytes on any number of threads', async () => {
    // Enough rows for the memory of one thread, which moves as it grows, to move.
    const X = randomRows(30000, 4, () => Math.round(20 * stream.normal()));
    const labels = everyRow(X).map((row) => (X.data[4 * row]! + stream.normal() > 30 ? 1 : 0));
    const results = [];
    for (const threads of [1, 2, 4]) {
      const runtime = await createKernelRuntime({ threads });
      const index = await neighbourIndex({ rows: X }, { runtime });
      const { certain, indices } = await index.unanimous({ labels, k: 3 });
      results.push({ certain: Int32Array.from(certain), indices });
      index.dispose();
      await runtime.dispose();
    }
    expectSame(results[1]!, results[0]!);
    expectSame(results[2]!, results[0]!);
  });

  it('refuses labels that are not one a row, and negative ones', async () => {
    const X = randomRows(30, 2, stream.normal);
    const index = await neighbourIndex({ rows: X });
    const refuse = (labels: Int32Array, k = 1) => expect(index.unanimous({ labels, k })).rejects;
    await refuse(new Int32Array(29)).toMatchObject({ code: 'shape-mismatch' });
    await refuse(new Int32Array(30).fill(-1)).toMatchObject({ code: 'shape-mismatch' });
    await refuse(new Int32Array(30), 30).toMatchObject({ code: 'too-few-rows' });
    index.dispose();
    await refuse(new Int32Array(30)).toMatchObject({ code: 'disposed' });
  });
});
