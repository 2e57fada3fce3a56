import { describe, expect, it } from 'vitest';
import { randomOver } from '../../../src/resample/over/random-over.ts';
import { columnAt, countsByLabel, gaussianDataset, labelsOf, rowsOf, toSparse } from '../data.ts';

describe('randomOver', () => {
  it('draws every row of a class with the same probability', () => {
    // 10 rows, 20,000 copies: chi-squared with 9 degrees of freedom, 99.9 % point 27.9.
    const y = labelsOf([...new Array(10).fill('few'), ...new Array(20).fill('many')]);
    const samplingStrategy = { few: 20_010 };
    const { source } = randomOver({ samplingStrategy, seed: 3 }).selectRows(y);
    const drawn = new Array<number>(10).fill(0);
    for (const row of source.subarray(30)) drawn[row]!++;
    expect(drawn.reduce((sum, count) => sum + (count - 2000) ** 2 / 2000, 0)).toBeLessThan(27.9);
  });

  it('reaches every asked count exactly, with copies of the own class only', () => {
    const y = labelsOf([3, 1, 1, 2, 1, 2, 1, 1]);
    const { source, dropped } = randomOver({ samplingStrategy: { 2: 4, 3: 7 }, seed: 1 }).selectRows(y);
    const codes = [...source].map((row) => y.codes[row]!);
    expect(codes.slice(8)).toEqual([1, 1, 2, 2, 2, 2, 2, 2]);
    expect(dropped.length).toBe(0);
  });

  it('repeats weights and groups and leaves NaN and infinity alone', async () => {
    const X = rowsOf([[1], [2], [Number.NaN], [Number.POSITIVE_INFINITY]]);
    const data = {
      X,
      y: labelsOf(['a', 'a', 'a', 'b']),
      weights: Float64Array.of(1, 2, 3, 4),
      groups: Int32Array.of(7, 7, 8, 9),
    };
    const { data: made, provenance } = await randomOver({ seed: 0 }).resample(data);
    expect([...(made.X.kind === 'dense' ? made.X.data : [])]).toEqual([1, 2, Number.NaN, Infinity, Infinity, Infinity]);
    expect([...made.weights!]).toEqual([1, 2, 3, 4, 4, 4]);
    expect([...made.groups!]).toEqual([7, 7, 8, 9, 9, 9]);
    expect([...provenance.source]).toEqual([0, 1, 2, 3, 3, 3]);
  });

  it('gives sparse rows what it gives dense rows', async () => {
    const dense = gaussianDataset(
      [
        ['a', 30],
        ['b', 7],
      ],
      3,
      5,
    );
    dense.X.data.forEach((value, i) => {
      if (Math.abs(value) < 1) dense.X.data[i] = 0;
    });
    const fromDense = await randomOver({ seed: 8 }).resample(dense);
    const fromSparse = await randomOver({ seed: 8 }).resample({ ...dense, X: toSparse(dense.X) });
    expect(fromSparse.data.X.kind).toBe('csr');
    for (let j = 0; j < 3; j++) expect(columnAt(fromSparse.data.X, j)).toEqual(columnAt(fromDense.data.X, j));
  });

  it('stops at maxNew', () => {
    const y = gaussianDataset(
      [
        ['a', 30],
        ['b', 10],
        ['c', 20],
      ],
      1,
      1,
    ).y;
    const { source, notices } = randomOver({ maxNew: 15 }).selectRows(y);
    const codes = Int32Array.from(source, (row) => y.codes[row]!);
    expect(Object.fromEntries(countsByLabel({ ...y, codes }))).toEqual({ a: 30, b: 20, c: 25 });
    expect(notices.map(({ code }) => code)).toEqual(['max-new-reached']);
  });

  it('refuses options that it does not have and values that it does not know', () => {
    const make = (options: object) => () => randomOver(options);
    expect(make({ sampling_strategy: 'auto' })).toThrow('random-over has no option "sampling_strategy"');
    expect(make({ compat: 'themis' })).toThrow('compat can be "imbalanced-learn" only');
    expect(make({ seed: -1 })).toThrow('seed must be an integer');
    expect(make({ seed: 2 ** 32, compat: 'imbalanced-learn' })).toThrow('to follow numpy');
    expect(make({ seed: 2 ** 32 })).not.toThrow();
  });

  it('refuses side arrays of another length', async () => {
    const data = gaussianDataset(
      [
        ['a', 3],
        ['b', 2],
      ],
      1,
      1,
    );
    await expect(randomOver().resample({ ...data, weights: new Float64Array(4) })).rejects.toThrow(
      '5 rows but 4 weights',
    );
    await expect(randomOver().resample({ ...data, y: labelsOf(['a', 'b']) })).rejects.toMatchObject({
      code: 'shape-mismatch',
    });
  });
});
