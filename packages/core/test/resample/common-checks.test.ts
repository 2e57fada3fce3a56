import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../src/data/dataset.ts';
import { createResampler } from '../../src/resample/registry.ts';
import type { ResamplerOptions } from '../../src/resample/registry-entry.ts';
import { replayProvenance, replayRows } from '../../src/resample/replay.ts';
import { CounterweightError } from '../../src/runtime/errors.ts';
import { runtimesFor } from '../runtime/runtimes-for.ts';
import { columnAt, countsByLabel, gaussianDataset, labelsOf, rowAt, rowsOf, toDense, toSparse } from './data.ts';
import {
  bothModes,
  bytesOf,
  countsOf,
  drawsNothing,
  everyMethod,
  goesBeyond,
  isSame,
  overlapping,
  redrawsAll,
  resample,
  threeClasses,
  withSideArrays,
} from './every-method.ts';

/** What every resampler of the registry must do. A method is finished when it passes this file and `equivariance.test.ts`. */

const runtimes = runtimesFor(1, 2, 4);

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
  it('names what there is when asked for what there is not', () => {
    expect(() => createResampler('smoothing')).toThrow('there are random-over, ');
    expect(() => createResampler('constructor')).toThrow('no resampling method is called "constructor"');
  });

  it('hands options to the factory, which checks them', () => {
    expect(() => createResampler('random-over', { kNeighbors: 5 })).toThrow('random-over has no option "kNeighbors"');
    expect(() => createResampler('smote', { seed: 'x' })).toThrow('seed must be an integer');
  });
});
