import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Dataset } from '../../src/data/dataset.ts';
import type { ClassLabel } from '../../src/data/labels.ts';
import { type Matrix, matrix } from '../../src/data/matrix.ts';
import { selectNumericRows } from '../../src/data/select-numeric-rows.ts';
import { createResampler, resamplers } from '../../src/resample/registry.ts';
import type { ResamplerOptions } from '../../src/resample/registry-entry.ts';
import { replayProvenance, replayRows } from '../../src/resample/replay.ts';
import type { Provenance, Resampled } from '../../src/resample/resampler.ts';
import { CounterweightError } from '../../src/runtime/errors.ts';
import { createKernelRuntime, type KernelRuntime } from '../../src/runtime/kernel-runtime.ts';
import { randomStream } from '../../src/runtime/random.ts';
import { columnAt, countsByLabel, gaussianDataset, labelsOf, rowAt, rowsOf, toDense, toSparse } from './data.ts';

/** What every resampler of the registry must do. A method is finished when it passes this file. */

const everyMethod = [...resamplers.values()].map((entry) => ({
  counts: 'exact' as const,
  movesRows: false,
  ...entry,
  title: entry.name,
}));
const withCompat = everyMethod.filter(({ compat }) => compat !== false);
const bothModes = [
  ...everyMethod.map((entry) => ({ ...entry, options: {} as ResamplerOptions })),
  ...withCompat.map((entry) => ({
    ...entry,
    title: `${entry.name}, compat`,
    options: { compat: 'imbalanced-learn' } as ResamplerOptions,
  })),
];

/** Methods that draw nothing: the seed changes nothing, and the order of the rows neither where no distances tie. */
const drawsNothing = new Set([
  'near-miss',
  'tomek-links',
  'edited-nearest-neighbours',
  'repeated-edited-nearest-neighbours',
  'all-knn',
  'neighbourhood-cleaning-rule',
  'spider',
]);

/** Methods that start from every row of a class and go towards all of its neighbours. */
const startsEverywhere = new Set(['smote', 'adasyn']);

/** Methods that draw a number for each column: another order of the columns gives other features. */
const drawsByColumn = new Set(['geometric-smote', 'random-walk-over-sampling', 'ccr']);

/** What another order of the rows changes by right. */
const hangsOnOrder = new Map([
  ['kmeans-smote', 'clusters start from drawn rows'],
  ['cluster-centroids', 'clusters start from drawn rows'],
  ['random-under', 'rows are drawn by their places'],
  ['condensed-nearest-neighbour', 'the first row of the store is drawn, and rows are looked at in their order'],
  ['one-sided-selection', 'the first row of the store is drawn'],
  ['instance-hardness-threshold', 'rows as easy as each other are drawn'],
  ['smote-enn', 'what is cleaned hangs on the gaps drawn'],
  ['smote-tomek', 'what is cleaned hangs on the gaps drawn'],
  ['smote-ipf', 'rows are dealt into parts by draw'],
  ['mixup', 'partners and shares are drawn by the places of rows'],
  ['remix', 'partners and shares are drawn by the places of rows'],
]);

/** Errors with compat where imbalanced-learn stops too. */
const stopsAsPeer: Readonly<Record<string, readonly string[]>> = {
  adasyn: ['no-border-rows', 'nothing-to-add'],
  'svm-smote': ['only-noise'],
  'kmeans-smote': ['no-fitting-cluster'],
};

/** Methods whose rows change with compat where all columns are stretched alike: a power of a distance hangs on its unit. */
const hangsOnUnits = new Set(['kmeans-smote']);

/** Methods that also move rows away from a neighbour: the gap is below 0. */
const goesBeyond = new Set(['svm-smote']);

/** Methods that by default draw every class anew, the largest too, with noise that follows the order of the columns. */
const redrawsAll = new Set(['rose']);

type DenseDataset = Dataset & { X: Matrix };
const threeClasses = (seed: number, labels: readonly [ClassLabel, ClassLabel, ClassLabel] = ['a', 'b', 'c']) =>
  gaussianDataset(
    [
      [labels[0], 17],
      [labels[1], 40],
      [labels[2], 9],
    ],
    4,
    seed,
  );

/** The same with centres half as far apart as the classes are wide, so that there is something to clean. */
function overlapping(seed: number): DenseDataset {
  const { X, y } = threeClasses(seed);
  const cells = X.data.map((value, i) => value - 1.5 * y.codes[Math.floor(i / X.columns)]!);
  return { X: matrix(cells, X.rows, X.columns), y };
}

const resample = (name: string, data: Dataset, options?: ResamplerOptions) =>
  createResampler(name, options).resample(data);

const originOf = ({ source, base, neighbour, gap }: Provenance, i: number) =>
  [source[i], base[i], neighbour[i], gap[i]].join(' ');

/** The origins of the rows of each class, in any order. */
function originsByLabel({ data, provenance }: Resampled): Map<ClassLabel, string[]> {
  const origins = new Map<ClassLabel, string[]>();
  data.y.codes.forEach((code, i) => {
    const label = data.y.classes[code]!;
    origins.set(label, [...(origins.get(label) ?? []), originOf(provenance, i)]);
  });
  for (const list of origins.values()) list.sort();
  return origins;
}

/** Rows a class; where a notice says that a count was not reached, the count that it says was asked. */
function countsOf({ data, notices }: Resampled): Record<string, number> {
  const counts = countsByLabel(data.y);
  for (const { code, class: label, numbers } of notices) {
    if (code === 'count-not-reached') counts.set(label!, numbers!['asked']!);
  }
  return Object.fromEntries(counts);
}

function bytesOf({ data, provenance }: Resampled) {
  const { weights, groups, y } = data;
  return { X: toDense(data.X).data, codes: y.codes, weights, groups, ...provenance };
}

const runtimes: KernelRuntime[] = [];
beforeAll(async () => {
  for (const threads of [1, 2, 4]) runtimes.push(await createKernelRuntime({ threads }));
});
afterAll(async () => {
  for (const runtime of runtimes) await runtime.dispose();
});

function isSame(a: ReturnType<typeof bytesOf>, b: ReturnType<typeof bytesOf>): boolean {
  return Object.keys(a).every((key) => {
    const [one, other] = [a[key as keyof typeof a], b[key as keyof typeof a]];
    return one?.join() === other?.join();
  });
}

function withSideArrays(data: DenseDataset): DenseDataset & { weights: Float64Array; groups: Int32Array } {
  const rows = data.X.rows;
  return {
    ...data,
    weights: Float64Array.from({ length: rows }, (_, i) => 0.25 * (i % 9)),
    groups: Int32Array.from({ length: rows }, (_, i) => i % 6),
  };
}

describe.each(bothModes)('$title', ({ name, samplingType, makes, counts, movesRows, options }) => {
  const over = samplingType === 'over-sampling';
  const exact = counts === 'exact';
  const cleans = samplingType === 'clean-sampling';

  it('tells where every row came from, and the features follow from it bit for bit', async () => {
    const data = threeClasses(1);
    const { data: made, provenance } = await resample(name, data, { seed: 2, ...options });
    const rows = made.X.rows;
    for (const side of [provenance.source, provenance.base, provenance.neighbour, provenance.gap, made.y.codes]) {
      expect(side.length).toBe(rows);
    }
    provenance.source.forEach((source, i) => {
      const parent = source >= 0 ? source : provenance.base[i]!;
      expect(made.y.codes[i]).toBe(data.y.codes[parent]);
      if (source >= 0) {
        expect(rowAt(made.X, i)).toEqual(rowAt(data.X, source));
        expect([provenance.base[i], provenance.neighbour[i], provenance.gap[i]]).toEqual([-1, -1, Number.NaN]);
      } else {
        expect(makes).not.toBe('copies');
      }
    });
    if (makes === 'generates') return;
    expect(replayRows(provenance, data.X)).toEqual(made.X);
    for (let j = 0; j < data.X.columns; j++) {
      const replayed = replayProvenance(provenance, columnAt(data.X, j), { synthetic: 'interpolate' });
      expect(replayed).toEqual(columnAt(made.X, j));
    }
  });

  it('accounts for every input row: it is in the output or it is dropped', async () => {
    const data = threeClasses(2);
    const { provenance } = await resample(name, data, { seed: 3, ...options });
    const kept = new Set(provenance.source);
    const missing = [...data.y.codes.keys()].filter((row) => !kept.has(row));
    expect([...provenance.dropped]).toEqual(missing);
  });

  it.runIf(exact)('balances the classes exactly, or says which it did not', async () => {
    const made = await resample(name, threeClasses(3), { seed: 1, ...options });
    const count = over ? 40 : 9;
    expect(countsOf(made)).toEqual({ a: count, b: count, c: count });
  });

  it.runIf(counts === 'cleaned')(
    'lets the data decide what goes, and keeps the input rows first, in their order',
    async () => {
      const data = overlapping(3);
      const { provenance } = await resample(name, data, { seed: 1, ...options });
      expect(provenance.dropped.length).toBeGreaterThan(0);
      const copied = provenance.source.findIndex((row) => row < 0);
      const source = [...(copied < 0 ? provenance.source : provenance.source.subarray(0, copied))];
      expect(source.length).toBeGreaterThan(0);
      if (cleans) for (const row of provenance.dropped) expect(data.y.classes[data.y.codes[row]!]).not.toBe('c');
      if (!cleans || options['compat']) return;
      const once = source.slice(0, new Set(source).size);
      expect(once).toEqual([...new Set(source)].sort((a, b) => a - b));
    },
  );

  it.runIf(over && counts !== 'cleaned' && !redrawsAll.has(name) && !movesRows)(
    'keeps the input rows first and untouched, then adds class after class',
    async () => {
      const data = withSideArrays(threeClasses(4));
      const { data: made, provenance } = await resample(name, data, { seed: 1, ...options });
      const rows = data.X.rows;
      expect(provenance.source.subarray(0, rows)).toEqual(Int32Array.from(data.y.codes.keys()));
      expect(toDense(made.X).data.subarray(0, data.X.data.length)).toEqual(data.X.data);
      expect(made.y.codes.subarray(0, rows)).toEqual(data.y.codes);
      expect(made.weights!.subarray(0, rows)).toEqual(data.weights);
      expect(made.groups!.subarray(0, rows)).toEqual(data.groups);
      const added = [...made.y.codes.subarray(rows)];
      // A soft label of a class stands as two rows, one of another class.
      if (exact) expect(added).toEqual([...added].sort((a, b) => a - b));
    },
  );

  it.runIf(movesRows)('keeps the input rows first, as they are or moved, with label, weight and group', async () => {
    const data = withSideArrays(threeClasses(4));
    const { data: made, provenance } = await resample(name, data, { seed: 1, ...options });
    const rows = data.X.rows;
    const itself = Int32Array.from(provenance.source.subarray(0, rows), (row, i) =>
      row < 0 ? provenance.base[i]! : row,
    );
    expect(itself).toEqual(Int32Array.from(data.y.codes.keys()));
    expect(provenance.neighbour.every((row) => row === -1)).toBe(true);
    expect(made.y.codes.subarray(0, rows)).toEqual(data.y.codes);
    expect(made.weights!.subarray(0, rows)).toEqual(data.weights);
    expect(made.groups!.subarray(0, rows)).toEqual(data.groups);
    const added = [...made.y.codes.subarray(rows)];
    expect(added).toEqual([...added].sort((a, b) => a - b));
  });

  it.runIf(cleans)('leaves classes alone that are not targeted', async () => {
    const data = threeClasses(5);
    const { provenance } = await resample(name, data, { samplingStrategy: ['a'], seed: 4, ...options });
    for (const row of provenance.dropped) expect(data.y.classes[data.y.codes[row]!]).toBe('a');
  });

  it.runIf(exact)('leaves classes alone that are not targeted', async () => {
    const data = threeClasses(5);
    const samplingStrategy = over ? { a: 30, c: 12 } : { a: 10, c: 4 };
    const made = await resample(name, data, { samplingStrategy, seed: 4, ...options });
    expect(countsOf(made)).toEqual({ ...samplingStrategy, b: 40 });
    if (redrawsAll.has(name) || movesRows) return;
    const untouched = [...data.y.codes.keys()].filter((row) => data.y.classes[data.y.codes[row]!] === 'b');
    const left = [...made.provenance.source].filter((row) => row >= 0 && data.y.codes[row] === 1);
    expect(left).toEqual(untouched);
  });

  it('gives the same bytes for the same seed, and others for another if it draws', async () => {
    const data = withSideArrays(threeClasses(6));
    const first = bytesOf(await resample(name, data, { seed: 11, ...options }));
    expect(bytesOf(await resample(name, data, { seed: 11, ...options }))).toEqual(first);
    const other = bytesOf(await resample(name, data, { seed: 12, ...options }));
    const draws = !drawsNothing.has(name) && !(options['compat'] && name === 'instance-hardness-threshold');
    if (!draws) expect(other).toEqual(first);
    // What happens to be drawn alike once is not drawn alike every time.
    else if (isSame(other, first))
      expect(bytesOf(await resample(name, data, { seed: 13, ...options }))).not.toEqual(first);
  });

  it('gives the same bytes for any number of threads', async () => {
    const data = gaussianDataset(
      [
        ['a', 400],
        ['b', 150],
        ['c', 170],
      ],
      6,
      14,
    );
    const plain = bytesOf(await resample(name, data, { seed: 3, ...options }));
    for (const runtime of runtimes) {
      const made = await createResampler(name, { seed: 3, ...options }).resample(data, { runtime });
      expect(isSame(bytesOf(made), plain)).toBe(true);
    }
  });

  it('does not change its input', async () => {
    const data = withSideArrays(threeClasses(7));
    const before = structuredClone({ X: data.X.data, codes: data.y.codes, weights: data.weights, groups: data.groups });
    const made = await resample(name, data, { seed: 1, ...options });
    expect({ X: data.X.data, codes: data.y.codes, weights: data.weights, groups: data.groups }).toEqual(before);
    if (made.data.X.kind === 'dense') expect(made.data.X.data.buffer).not.toBe(data.X.data.buffer);
    expect(Object.isFrozen(made)).toBe(true);
    expect(Object.isFrozen(createResampler(name, options))).toBe(true);
  });

  it('does the same to sparse rows, which stay sparse', async () => {
    const data = overlapping(8);
    data.X.data.forEach((value, i) => {
      if (Math.abs(value) < 0.7) data.X.data[i] = 0;
    });
    // Its default is another one for sparse rows.
    const voting = name === 'cluster-centroids' ? { voting: 'soft' } : {};
    const dense = await resample(name, data, { seed: 5, ...voting, ...options });
    const sparse = await resample(name, { ...data, X: toSparse(data.X) }, { seed: 5, ...voting, ...options });
    expect(sparse.data.X.kind).toBe('csr');
    expect(bytesOf(sparse)).toEqual(bytesOf(dense));
  });

  it('follows a permutation and a scaling of the columns to the last bit, and a shift', async () => {
    const data = overlapping(9);
    const { rows, columns } = data.X;
    const plain = await resample(name, data, { seed: 6, ...options });
    const mapped = (value: (row: number, column: number) => number) => {
      const cells = Float64Array.from({ length: rows * columns }, (_, i) =>
        value(Math.floor(i / columns), i % columns),
      );
      return resample(name, { ...data, X: matrix(cells, rows, columns) }, { seed: 6, ...options });
    };
    const cell = (row: number, column: number) => data.X.data[row * columns + column]!;
    const order = [2, 0, 3, 1];
    const permuted = await mapped((row, column) => cell(row, order[column]!));
    const scaled = await mapped((row, column) => 4 * cell(row, column));
    const shifted = await mapped((row, column) => cell(row, column) + 100);
    if (options['compat'] && hangsOnUnits.has(name)) {
      expect(permuted.provenance).toEqual(plain.provenance);
      return;
    }
    for (const other of [permuted, scaled, shifted]) expect(other.provenance).toEqual(plain.provenance);
    for (let j = 0; j < columns; j++) {
      if (!drawsByColumn.has(name)) {
        if (!redrawsAll.has(name)) expect(columnAt(permuted.data.X, j)).toEqual(columnAt(plain.data.X, order[j]!));
      }
      expect(columnAt(scaled.data.X, j)).toEqual(columnAt(plain.data.X, j).map((value) => 4 * value));
      columnAt(shifted.data.X, j).forEach((value, i) => {
        expect(value).toBeCloseTo(columnAt(plain.data.X, j)[i]! + 100, 10);
      });
    }
  });

  it('works on any coding of the labels', async () => {
    const codings: [ClassLabel, ClassLabel][] = [
      [-1, 1],
      [1, 2],
      [0, 1],
      ['no', 'yes'],
      ['true', 'false'],
      [0.5, 1e9],
      ['', 'é'],
    ];
    const results = await Promise.all(
      codings.map(async ([many, few]) => {
        const labels = Array.from({ length: 40 }, (_, i) => (i % 5 === 0 ? few : many));
        const X = gaussianDataset([[0, 40]], 2, 3).X;
        const set = { X, y: labelsOf(labels) };
        const made = await resample(name, set, { seed: 1, ...options }).catch((error: CounterweightError) => error);
        if (made instanceof Error) {
          expect(stopsAsPeer[name]).toContain(made.code);
          expect(options['compat']).toBeDefined();
          return [made.code];
        }
        const { data, provenance } = made;
        if (exact) expect(new Set(Object.values(countsOf(made))).size).toBe(1);
        expect(new Set(data.y.classes)).toEqual(new Set([many, few]));
        return [...provenance.source.keys()].map((i) => originOf(provenance, i)).sort();
      }),
    );
    // Codings that sort alike give the same rows with compat; without it, all codings do.
    const comparable = options['compat'] ? [0, 1, 2, 3, 5, 6] : codings.keys();
    for (const i of comparable) expect(results[i]).toEqual(results[0]);
  });

  it('stops at one class, at no rows, and at a class that is not there', async () => {
    const X = rowsOf([[1], [2]]);
    const code = (data: Dataset, more: ResamplerOptions = {}) =>
      resample(name, data, { ...options, ...more }).catch((error) => {
        expect(error).toBeInstanceOf(CounterweightError);
        expect(error.message).not.toContain('\n');
        return error.code;
      });
    expect(await code({ X, y: labelsOf(['a', 'a']) })).toBe('one-class');
    expect(await code({ X: rowsOf([], 1), y: labelsOf([]) })).toBe('one-class');
    expect(await code({ X, y: labelsOf(['a', 'b']) }, { samplingStrategy: cleans ? ['z'] : { z: 1 } })).toBe(
      'unknown-class',
    );
    expect(await code({ X, y: labelsOf(['a', 'b', 'b']) })).toBe('shape-mismatch');
  });

  it('stops on request', async () => {
    const stopped = createResampler(name, options).resample(threeClasses(1), { signal: AbortSignal.abort() });
    await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
  });

  it('takes the base’s group and a weight between the parents’ weights', async () => {
    const data = withSideArrays(threeClasses(10));
    const { data: made, provenance } = await resample(name, data, { seed: 2, ...options });
    expect(made.groups).toEqual(replayProvenance(provenance, data.groups));
    const weights = replayProvenance(provenance, data.weights, { synthetic: 'interpolate' });
    // A row beyond its base may get less than nothing.
    const between = weights.map((weight) => Math.max(0, weight));
    if (counts !== 'soft') expect(made.weights).toEqual(between);
    else expect(made.weights!.every((weight, i) => weight <= between[i]!)).toBe(true);
  });
});

describe.each(everyMethod)('$title', ({ name, samplingType, makes, counts, compat }) => {
  const over = samplingType === 'over-sampling';
  const exact = counts === 'exact';

  it('says of itself what its entry says', () => {
    expect(createResampler(name)).toMatchObject({ name, samplingType });
  });

  it.runIf(compat === false)('refuses to follow a library that has no such method', () => {
    expect(() => createResampler(name, { compat: 'imbalanced-learn' })).toThrow(`${name} has no option "compat"`);
  });

  it.runIf(drawsNothing.has(name))('does the same to the same rows whatever their order', async () => {
    const data = overlapping(15);
    const order = randomStream(1, 'order').permutation(data.X.rows);
    const shuffled = {
      X: selectNumericRows(data.X, order),
      y: { classes: data.y.classes, codes: order.map((row) => data.y.codes[row]!) },
    };
    const plain = await resample(name, data);
    const other = await resample(name, shuffled);
    expect(plain.provenance.dropped.length).toBeGreaterThan(0);
    const back = other.provenance.source.map((row) => order[row]!);
    expect(back.sort()).toEqual(plain.provenance.source.slice().sort());
  });

  it('makes the same rows whatever the classes are called', async () => {
    const plain = originsByLabel(await resample(name, overlapping(11), { seed: 9 }));
    const { X, y } = overlapping(11);
    const names = ['zebra', 'apple', 'mango'];
    const renamed = { X, y: labelsOf([...y.codes].map((code) => names[code]!)) };
    const other = originsByLabel(await resample(name, renamed, { seed: 9 }));
    y.classes.forEach((label, code) => {
      expect(other.get(names[code]!)).toEqual(plain.get(label));
    });
  });

  it.runIf(over && exact)('draws from the same rows whatever their order', async () => {
    const data = gaussianDataset(
      [
        ['a', 4000],
        ['b', 8],
      ],
      3,
      12,
    );
    const order = randomStream(1, 'order').permutation(4008);
    const shuffled = {
      X: selectNumericRows(data.X, order),
      y: { classes: data.y.classes, codes: Int32Array.from(order, (row) => data.y.codes[row]!) },
    };
    const pairs = async (input: Dataset, rowOf: (row: number) => number | undefined) => {
      const { provenance } = await resample(name, input, { seed: 1 });
      const seen = new Set<string>();
      for (let i = 4008; i < provenance.source.length; i++) {
        const { source, base, neighbour } = provenance;
        seen.add([source, base, neighbour].map((side) => rowOf(side[i]!) ?? -1).join(' '));
      }
      return [...seen].sort();
    };
    const seen = await pairs(data, (row) => (row < 0 ? -1 : row));
    if (makes === 'copies') expect(seen.length).toBe(8);
    else if (startsEverywhere.has(name)) expect(seen.length).toBe(40);
    else expect(seen.length).toBeGreaterThan(0);
    const others = await pairs(shuffled, (row) => order[row]);
    if (!hangsOnOrder.has(name)) expect(others).toEqual(seen);
  });

  it('copes with duplicates, constant columns and tiny classes: finite rows, asked counts or an error that says why', async () => {
    const cell = fc.integer({ min: -2, max: 2 });
    const row = fc.record({ cells: fc.tuple(cell, cell, fc.constant(7)), label: fc.constantFrom(1, 2, 3) });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 2, maxLength: 25 }), fc.nat(1000), async (rows, seed) => {
        const X = rowsOf(rows.map(({ cells }) => cells));
        const y = labelsOf(rows.map(({ label }) => label));
        const sizes = [...countsByLabel(y).values()];
        const made = await resample(name, { X, y }, { seed }).catch((error) => {
          expect(error).toBeInstanceOf(CounterweightError);
          expect(['one-class', 'too-few-rows']).toContain(error.code);
          expect(sizes.length === 1 || sizes.includes(1)).toBe(true);
          return undefined;
        });
        if (!made) return;
        const asked = over ? Math.max(...sizes) : Math.min(...sizes);
        if (exact) expect([...countsByLabel(made.data.y).values()]).toEqual(sizes.map(() => asked));
        const cells = toDense(made.data.X).data;
        expect(cells.every(Number.isFinite)).toBe(true);
        for (let i = 2; i < cells.length; i += 3) expect(cells[i]).toBe(7);
      }),
      { numRuns: 60 },
    );
  });

  it.runIf(makes === 'interpolates')('stays inside the box of its two parents', async () => {
    const data = threeClasses(13);
    const { data: made, provenance } = await resample(name, data, { seed: 1 });
    for (let i = 0; i < made.X.rows; i++) {
      if (provenance.source[i]! >= 0) continue;
      if (goesBeyond.has(name) && provenance.gap[i]! < 0) continue;
      const a = rowAt(data.X, provenance.base[i]!);
      const b = rowAt(data.X, provenance.neighbour[i]!);
      rowAt(made.X, i).forEach((value, j) => {
        expect(value).toBeGreaterThanOrEqual(Math.min(a[j]!, b[j]!));
        expect(value).toBeLessThanOrEqual(Math.max(a[j]!, b[j]!));
      });
    }
  });
});

describe('the registry', () => {
  it('has no method whose rows may hang on their order without a reason', () => {
    for (const { name, samplingType, counts } of everyMethod) {
      const isTested = drawsNothing.has(name) || (samplingType === 'over-sampling' && counts === 'exact');
      expect([name, isTested || hangsOnOrder.has(name)]).toEqual([name, true]);
    }
    const named = [drawsNothing, startsEverywhere, drawsByColumn, hangsOnUnits, goesBeyond, redrawsAll];
    for (const set of [...named, new Set(hangsOnOrder.keys()), new Set(Object.keys(stopsAsPeer))]) {
      for (const name of set) expect(resamplers.has(name)).toBe(true);
    }
  });

  it('names what there is when asked for what there is not', () => {
    expect(() => createResampler('smoothing')).toThrow('there are random-over, ');
    expect(() => createResampler('constructor')).toThrow('no resampling method is called "constructor"');
  });

  it('hands options to the factory, which checks them', () => {
    expect(() => createResampler('random-over', { kNeighbors: 5 })).toThrow('random-over has no option "kNeighbors"');
    expect(() => createResampler('smote', { seed: 'x' })).toThrow('seed must be an integer');
  });
});
