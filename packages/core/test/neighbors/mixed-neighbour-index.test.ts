import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matrix } from '../../src/data/matrix.ts';
import { type MixedMetricOptions, type MixedRows, mixedNeighbourIndex, mixedRows } from '../../src/neighbors/index.ts';
import { createKernelRuntime } from '../../src/runtime/kernel-runtime.ts';
import { type RandomStream, randomStream } from '../../src/runtime/random.ts';
import golden from '../fixtures/neighbours.json' with { type: 'json' };
import { expectSame, type Found, firstOf, withinOf } from './oracle.ts';

const stream = randomStream(3, 'mixed rows');

/** Rows with duplicates, a constant column, a column of another scale and, where asked for, missing values. */
function draw(rows: number, random: RandomStream, missing: number, numbers = 3): MixedRows {
  const data = Float64Array.from({ length: rows * numbers }, (_, cell) => {
    if (random.uniform() < missing) return Number.NaN;
    return cell % numbers === 0 ? random.integer(4) : cell % numbers === 1 ? 1e6 + 1000 * random.normal() : 7;
  });
  const categories = [2, 9, 1];
  const codes = Int32Array.from({ length: rows * 3 }, (_, cell) =>
    random.uniform() < missing ? -1 : random.integer(categories[cell % 3]!),
  );
  return mixedRows({ numeric: matrix(data, rows, numbers), codes, categories });
}

type Term = (X: MixedRows, x: number, Y: MixedRows, y: number, j: number) => number | undefined;

/** Column by column: numbers in order, then categories; undefined where either value is missing. */
function eachTerm(number: Term, category: Term): Term {
  return (X, x, Y, y, j) => {
    const numbers = X.numeric.columns;
    if (j < numbers) return Number.isNaN(value(X, x, j) + value(Y, y, j)) ? undefined : number(X, x, Y, y, j);
    const at = j - numbers;
    return code(X, x, at) < 0 || code(Y, y, at) < 0 ? undefined : category(X, x, Y, y, at);
  };
}

const value = ({ numeric }: MixedRows, row: number, j: number) => numeric.data[row * numeric.columns + j]!;
const code = ({ codes, categories }: MixedRows, row: number, j: number) => codes[row * categories.length + j]!;
const differs: Term = (X, x, Y, y, j) => (code(X, x, j) === code(Y, y, j) ? 0 : 1);

function presentOf(X: MixedRows, j: number): number[] {
  return Array.from({ length: X.rows }, (_, row) => value(X, row, j)).filter((v) => !Number.isNaN(v));
}

function inverse(x: number): number {
  return x > 0 ? 1 / x : 0;
}

const scaleBy = (X: MixedRows, scale: (values: number[]) => number) => {
  const scales = Array.from({ length: X.numeric.columns }, (_, j) => inverse(scale(presentOf(X, j))));
  return (A: MixedRows, a: number, B: MixedRows, b: number, j: number) =>
    Math.abs(value(A, a, j) - value(B, b, j)) * scales[j]!;
};

const range = (values: number[]) => Math.max(...values) - Math.min(...values);
const deviation = (values: number[]) => {
  const mean = values.reduce((sum, v) => sum + v / values.length, 0);
  return 4 * Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2 / values.length, 0));
};

/** Share of a class among the rows that have a code. */
function share(X: MixedRows, labels: Int32Array, j: number, wanted: number, label: number): number {
  let rows = 0;
  let hits = 0;
  for (let row = 0; row < X.rows; row++) {
    if (code(X, row, j) !== wanted) continue;
    rows++;
    if (labels[row] === label) hits++;
  }
  return hits / Math.max(1, rows);
}

type Measure = (x: number, Y: MixedRows, y: number) => number;

/** Distances from their definitions, of a row of `asked` from one of `X`. */
function measureByHand(options: MixedMetricOptions, X: MixedRows, asked: MixedRows): Measure {
  const columns = X.numeric.columns + X.categories.length;
  const all = Array.from({ length: columns }, (_, j) => j);
  const rootOf =
    (term: Term): Measure =>
    (x, Y, y) =>
      Math.sqrt(all.reduce((sum, j) => sum + (term(asked, x, Y, y, j) ?? 1), 0));
  const square =
    (term: Term): Term =>
    (...at) =>
      term(...at)! ** 2;
  switch (options.metric) {
    case 'euclidean-mismatch': {
      const m = options.mismatch as number;
      return rootOf(
        eachTerm(
          square((A, a, B, b, j) => value(A, a, j) - value(B, b, j)),
          (...at) => differs(...at)! * (m * m),
        ),
      );
    }
    case 'heom':
      return rootOf(eachTerm(square(scaleBy(X, range)), differs));
    case 'gower': {
      const term = eachTerm(scaleBy(X, range), differs);
      return (x, Y, y) => {
        const terms = all.map((j) => term(asked, x, Y, y, j)).filter((t) => t !== undefined);
        return terms.length === 0 ? 1 : terms.reduce((sum, t) => sum + t, 0) / terms.length;
      };
    }
    default: {
      const classes = [...new Set(options.labels)].sort();
      const cache = new Map<string, number>();
      const of = (j: number, c: number, label: number) => {
        const key = `${j} ${c} ${label}`;
        if (!cache.has(key)) cache.set(key, share(X, options.labels, j, c, label));
        return cache.get(key)!;
      };
      const sum = (j: number, a: number, b: number, by: (d: number) => number) =>
        classes.reduce((total, label) => total + by(of(j, a, label) - of(j, b, label)), 0);
      if (options.metric === 'hvdm') {
        const table: Term = (A, a, B, b, j) => sum(j, code(A, a, j), code(B, b, j), (d) => d * d);
        return rootOf(eachTerm(square(scaleBy(X, deviation)), table));
      }
      return (x, Y, y) =>
        X.categories.reduce((total, _, j) => total + sum(j, code(asked, x, j), code(Y, y, j), Math.abs) ** 2, 0);
    }
  }
}

function sortedMixed(measure: Measure, X: MixedRows, count: number, own: boolean): Found[][] {
  return Array.from({ length: count }, (_, q) => {
    const found: Found[] = [];
    for (let row = 0; row < X.rows; row++) if (!own || row !== q) found.push({ row, distance: measure(q, X, row) });
    return found.sort((a, b) => a.distance - b.distance || a.row - b.row);
  });
}

const metricsFor = (labels: Int32Array): MixedMetricOptions[] => [
  { metric: 'euclidean-mismatch', mismatch: 0.75 },
  { metric: 'heom' },
  { metric: 'hvdm', labels },
  { metric: 'gower' },
  { metric: 'vdm', labels },
];

describe('mixedNeighbourIndex', () => {
  it.each([0, 1, 2, 3, 4])('finds what the definition of the metric finds: %i', async (which) => {
    for (const rows of [20, 60, 260]) {
      const labels = Int32Array.from({ length: rows }, () => stream.integer(3));
      const options = metricsFor(labels)[which]!;
      const missing = ['heom', 'hvdm', 'gower'].includes(options.metric) ? 0.1 : 0;
      const numbers = options.metric === 'vdm' ? 0 : 3;
      const X = draw(rows, stream, missing, numbers);
      const others = draw(25, stream, missing, numbers);
      if (numbers > 0) others.numeric.data[1] = 1e9;
      const index = await mixedNeighbourIndex({ ...options, rows: X });
      const lists = sortedMixed(measureByHand(options, X, X), X, rows, true);
      for (const k of [1, 6]) expectSame(await index.nearest({ k }), firstOf(lists, k));
      const asked = sortedMixed(measureByHand(options, X, others), X, 25, false);
      expectSame(await index.nearest({ queries: others, k: 5 }), firstOf(asked, 5));
      const radius = lists[0]![7]!.distance;
      expectSame(await index.radius({ radius }), withinOf(lists, radius));
      const enemies = lists.map((list, q) => list.filter(({ row }) => labels[row] !== labels[q]));
      expectSame(await index.nearest({ k: 3, within: { labels, seek: 'other' } }), firstOf(enemies, 3));
      index.dispose();
    }
  });

  it('agrees with one-hot columns, and with the value difference metric of imbalanced-learn', async () => {
    const { codes, categories, labels, numeric, weight, mismatch, vdm } = golden.mixed;
    const parts = { codes: Int32Array.from(codes), categories };
    const X = mixedRows({ ...parts, numeric: matrix(Float64Array.from(numeric), 40, 5) });
    const nominal = mixedRows({ ...parts, numeric: matrix(new Float64Array(0), 40, 0) });
    const indices = [
      await mixedNeighbourIndex({ rows: X, metric: 'euclidean-mismatch', mismatch: weight }),
      await mixedNeighbourIndex({ rows: nominal, metric: 'vdm', labels: Int32Array.from(labels) }),
    ];
    for (const [i, table] of [mismatch, vdm].entries()) {
      const found = await indices[i]!.nearest({ k: 39 });
      found.indices.forEach((row, at) => {
        expect(found.distances[at]).toBeCloseTo(table[Math.floor(at / 39) * 40 + row]!, 10);
      });
      indices[i]!.dispose();
    }
  });

  it('finds the same for any rows', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(1e6), fc.integer({ min: 2, max: 150 }), fc.nat(3), async (seed, rows, which) => {
        const random = randomStream(seed, 'property');
        const labels = Int32Array.from({ length: rows }, () => random.integer(2));
        const options = metricsFor(labels)[which]!;
        const X = draw(rows, random, which === 0 ? 0 : 0.3 * random.uniform());
        const index = await mixedNeighbourIndex({ ...options, rows: X });
        const k = Math.min(4, rows - 1);
        expectSame(await index.nearest({ k }), firstOf(sortedMixed(measureByHand(options, X, X), X, rows, true), k));
        index.dispose();
      }),
      { numRuns: 40, seed: 5 },
    );
  });

  it('gives the same bytes on any number of threads', async () => {
    const X = draw(3000, stream, 0.05);
    const results = [];
    for (const threads of [1, 2, 4]) {
      const runtime = await createKernelRuntime({ threads });
      const index = await mixedNeighbourIndex({ rows: X, metric: 'heom' }, { runtime });
      results.push(await index.nearest({ k: 5 }));
      index.dispose();
      await runtime.dispose();
    }
    expectSame(results[1]!, results[0]!);
    expectSame(results[2]!, results[0]!);
  });

  it('finds the same in memory that grows while the index is built', async () => {
    // Few numbers near each other and many that are not: what passes for missing would hide the nearest.
    const random = randomStream(4, 'growing');
    const data = Float64Array.from({ length: 30_000 * 4 }, () => 0.01 * random.normal());
    const codes = Int32Array.from({ length: 30_000 * 2 }, () => random.integer(3));
    const rows = mixedRows({ numeric: matrix(data, 30_000, 4), codes, categories: [3, 3] });
    const queries = Int32Array.from({ length: 50 }, (_, i) => 600 * i);
    const found = [];
    for (const threads of [1, 2]) {
      const runtime = await createKernelRuntime({ threads });
      const before = runtime.memoryBytes;
      const index = await mixedNeighbourIndex({ rows, metric: 'euclidean-mismatch', mismatch: 0.02 }, { runtime });
      found.push(await index.nearest({ queries, k: 5 }));
      expect(runtime.memoryBytes).toBeGreaterThan(before);
      index.dispose();
      await runtime.dispose();
    }
    expectSame(found[0]!, found[1]!);
  });

  it('refuses what it cannot index', async () => {
    const X = draw(20, stream, 0.2);
    const refuse = (options: MixedMetricOptions, rows = X) => expect(mixedNeighbourIndex({ ...options, rows })).rejects;
    await refuse({ metric: 'euclidean-mismatch', mismatch: 1 }).toMatchObject({ code: 'not-finite' });
    const noNumbers = { ...X, numeric: matrix(new Float64Array(0), 20, 0) };
    await refuse({ metric: 'euclidean-mismatch', mismatch: 1 }, noNumbers).toMatchObject({ code: 'missing-category' });
    await refuse({ metric: 'euclidean-mismatch', mismatch: -1 }).toMatchObject({ code: 'bad-option' });
    await refuse({ metric: 'vdm', labels: new Int32Array(20) }).toMatchObject({ code: 'bad-option' });
    await refuse({ metric: 'hvdm', labels: new Int32Array(3) }).toMatchObject({ code: 'shape-mismatch' });
    await refuse({ metric: 'gower', weights: [1] }).toMatchObject({ code: 'shape-mismatch' });
    const wrap = (part: object) => () => mixedRows({ ...X, ...part });
    const numbers = (v: number) => ({ numeric: matrix(X.numeric.data.with(4, v), 20, 3) });
    expect(wrap(numbers(Number.POSITIVE_INFINITY))).toThrow('row 1, column 1 is infinite');
    expect(wrap(numbers(1e200))).toThrow('too large');
    expect(wrap({ codes: X.codes.with(5, 1) })).toThrow('row 1 has code 1');
    expect(wrap({ codes: X.codes.slice(3) })).toThrow('there are 20 rows of numbers');
    const index = await mixedNeighbourIndex({ rows: X, metric: 'heom' });
    await expect(index.nearest({ queries: noNumbers, k: 1 })).rejects.toMatchObject({ code: 'column-mismatch' });
    index.dispose();
    await expect(index.nearest({ k: 1 })).rejects.toMatchObject({ code: 'disposed' });
  });
});
