import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Matrix, matrix } from '../../src/data/matrix.ts';
import { numericSearch, type SearchWay } from '../../src/neighbors/numeric-search.ts';
import { type Metric, metricCode } from '../../src/neighbors/plan.ts';
import { createKernelRuntime } from '../../src/runtime/kernel-runtime.ts';
import { randomStream } from '../../src/runtime/random.ts';
import type { RunOptions } from '../../src/runtime/run-options.ts';
import { withKernels } from '../../src/runtime/work.ts';
import {
  distanceOf,
  everyRow,
  expectSame,
  firstOf,
  hardSets,
  nearestByHand,
  randomRows,
  rowOf,
  sortedByHand,
  withinOf,
} from './oracle.ts';

const stream = randomStream(11, 'numeric search');
const sets = hardSets(stream);
const metrics = ['euclidean', 'sqeuclidean', 'manhattan', 'chebyshev'] as const;
const nothing = () => {};

function searches(X: Matrix, metric: Metric, way: SearchWay, power = 2) {
  const search = numericSearch(X, { ...metricCode(metric, power), power }, way);
  return {
    nearest: (asked: Matrix | Int32Array, k: number, options?: RunOptions) =>
      withKernels(options, (work) => search.nearest(work, asked, k, nothing)),
    within: (asked: Matrix | Int32Array, radius: number) =>
      withKernels(undefined, (work) => search.within(work, asked, radius, nothing)),
  };
}

describe('numericSearch', () => {
  it.each(sets)('finds what a plain search finds, in every way and metric: %s', async (_name, X) => {
    for (const metric of metrics) {
      const lists = sortedByHand(X, X, distanceOf[metric]!, everyRow(X));
      for (const k of [1, 7, 40]) {
        for (const way of ['plain', 'tree', 'sieve', 'blocks'] as const) {
          if (way === 'blocks' && metric !== 'euclidean') continue;
          expectSame(await searches(X, metric, way).nearest(everyRow(X), k), firstOf(lists, k));
        }
      }
    }
  });

  it.each(sets)('finds all rows within a radius, also those at it: %s', async (_name, X) => {
    for (const metric of metrics) {
      const distance = distanceOf[metric]!;
      const radius = distance(X.data, 0, X.data, 17 * X.columns, X.columns);
      const lists = sortedByHand(X, X, distance);
      const others = lists.map((list, row) => list.filter((one) => one.row !== row));
      for (const way of ['plain', 'tree'] as const) {
        const { within } = searches(X, metric, way);
        expectSame(await within(everyRow(X), radius), withinOf(others, radius));
        expectSame(await within(X, 0), withinOf(lists, 0));
      }
    }
  });

  it('searches other rows, near and far', async () => {
    for (const [, X] of sets.slice(0, 14).filter((_, i) => i % 2 === 0)) {
      const others = matrix(
        X.data.map((value, cell) => (cell % 11 === 0 ? value * 1.5 : value + stream.normal())),
        X.rows,
        X.columns,
      );
      others.data[5] = 1e60;
      others.data.set(rowOf(X, 3), 3 * X.columns);
      for (const metric of metrics) {
        const expected = nearestByHand(X, others, 4, distanceOf[metric]!);
        expectSame(await searches(X, metric, 'tree').nearest(others, 4), expected);
        expectSame(await searches(X, metric, 'sieve').nearest(others, 4), expected);
        others.data[5] = 2;
        const nearer = nearestByHand(X, others, 4, distanceOf[metric]!);
        expectSame(await searches(X, metric, 'tree').nearest(others, 4), nearer);
        expectSame(await searches(X, metric, 'sieve').nearest(others, 4), nearer);
        expectSame(await searches(X, metric, 'blocks').nearest(others, 4), nearer);
      }
    }
  });

  it('finds Minkowski neighbours for powers on both sides of 2', async () => {
    for (const [, X] of sets.slice(0, 12)) {
      for (const power of [1, 1.5, 2, 3, 17]) {
        const expected = await searches(X, 'minkowski', 'plain', power).nearest(everyRow(X), 6);
        expectSame(await searches(X, 'minkowski', 'tree', power).nearest(everyRow(X), 6), expected);
        expectSame(await searches(X, 'minkowski', 'sieve', power).nearest(everyRow(X), 6), expected);
        const i = expected.indices[0]!;
        const sum = rowOf(X, 0).reduce((total, x, j) => total + Math.abs(x - rowOf(X, i)[j]!) ** power, 0);
        if (sum > 0) expect(expected.distances[0]! / sum ** (1 / power)).toBeCloseTo(1, 12);
      }
    }
  });

  it('gives the bytes of a plain search for any rows', async () => {
    const value = fc.oneof(
      fc.integer({ min: -3, max: 3 }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.double({ min: -1, max: 1, noNaN: true }),
      fc.constantFrom(0, -0, 5e-324, 1e-160, 1e9, 1e9 + 1e-6, 1.7e308),
    );
    const rows = fc
      .integer({ min: 1, max: 5 })
      .chain((columns) =>
        fc
          .array(fc.array(value, { minLength: columns, maxLength: columns }), { minLength: 3, maxLength: 90 })
          .map((data) => matrix(Float64Array.from(data.flat()), data.length, columns)),
      );
    await fc.assert(
      fc.asyncProperty(rows, fc.constantFrom(...metrics), fc.integer({ min: 1, max: 9 }), async (X, metric, wanted) => {
        const k = Math.min(wanted, X.rows - 1);
        const expected = nearestByHand(X, X, k, distanceOf[metric]!, everyRow(X));
        for (const way of ['plain', 'tree', 'sieve'] as const) {
          expectSame(await searches(X, metric, way).nearest(everyRow(X), k), expected);
        }
      }),
      { numRuns: 120, seed: 7 },
    );
  });

  it('gives the same bytes on any number of threads, and where it decides for blocks', async () => {
    const X = randomRows(14400, 16, stream.normal);
    const some = Int32Array.from({ length: 600 }, (_, i) => 7 * i);
    const expected = await searches(X, 'euclidean', 'tree').nearest(everyRow(X), 3);
    for (const threads of [1, 2, 4]) {
      const runtime = await createKernelRuntime({ threads });
      expectSame(await searches(X, 'euclidean', 'auto').nearest(everyRow(X), 3, { runtime }), expected);
      const few = await searches(X, 'euclidean', 'tree').nearest(some, 3, { runtime });
      expect(few.indices.subarray(0, 3)).toEqual(expected.indices.subarray(0, 3));
      expect(few.distances.subarray(-3)).toEqual(expected.distances.subarray(599 * 21, 599 * 21 + 3));
      await runtime.dispose();
    }
  });

  it.each([
    ['few axes', 3],
    ['axes that let most of the tree be met', 18],
  ])('gives the same bytes for few queries among many rows: %s', async (_name, columns) => {
    const X = randomRows(20000, columns, stream.normal);
    const some = Int32Array.from({ length: 1100 }, (_, i) => 17 * i);
    X.data.copyWithin(0, 17 * columns, 18 * columns);
    const expected = await searches(X, 'euclidean', 'blocks').nearest(some, 4);
    const others = matrix(X.data.map((value) => value * 1.01).subarray(0, 1200 * columns), 1200, columns);
    const ofOthers = await searches(X, 'euclidean', 'blocks').nearest(others, 4);
    for (const threads of [1, 2, 4]) {
      const runtime = await createKernelRuntime({ threads });
      for (const way of ['auto', 'sieve'] as const) {
        expectSame(await searches(X, 'euclidean', way).nearest(some, 4, { runtime }), expected);
        expectSame(await searches(X, 'euclidean', way).nearest(others, 4, { runtime }), ofOthers);
      }
      await runtime.dispose();
    }
  });

  it.each([
    ['a clump and rows far out', (row: number) => (row % 50 === 0 ? 1e4 : 1e-3)],
    ['the farthest row a million times as far as the others', (row: number) => (row === 7777 ? 1e6 : 1)],
    ['all rows in one place', () => 0],
  ])('gives the same bytes in blocks of whole numbers: %s', async (_name, spread) => {
    for (const columns of [6, 7, 20]) {
      const X = matrix(
        Float64Array.from(
          { length: 9000 * columns },
          (_, cell) => spread(Math.floor(cell / columns)) * stream.normal(),
        ),
        9000,
        columns,
      );
      const some = Int32Array.from({ length: 700 }, (_, i) => (i * 7777) % 9000);
      const expected = await searches(X, 'euclidean', 'plain').nearest(some, 3);
      for (const threads of [1, 3]) {
        const runtime = await createKernelRuntime({ threads });
        expectSame(await searches(X, 'euclidean', 'blocks').nearest(some, 3, { runtime }), expected);
        await runtime.dispose();
      }
    }
  });

  it('does not degenerate on buckets of equal rows', async () => {
    const X = randomRows(60000, 3, () => stream.integer(8));
    const { indices, distances } = await searches(X, 'euclidean', 'tree').nearest(everyRow(X), 5);
    expect(distances.every((d) => d === 0)).toBe(true);
    const same = (a: number, b: number) => [0, 1, 2].every((j) => X.data[3 * a + j] === X.data[3 * b + j]);
    const first = [...everyRow(X)].filter((row) => row !== 59999 && same(row, 59999)).slice(0, 5);
    expect([...indices.subarray(-5)]).toEqual(first);
  });
});
