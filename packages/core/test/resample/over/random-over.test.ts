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

  it('moves rows by a Gaussian as wide as the rows of the class and their sample deviation say', async () => {
    // Five rows of "few" in two columns, sample deviations sqrt(2.5) and 10 sqrt(2.5).
    const few = [1, 2, 3, 4, 5].map((value) => [value, 10 * value]);
    const many = Array.from({ length: 40 }, (_, i) => [100 * i, -i]);
    const data = { X: rowsOf([...few, ...many]), y: labelsOf([...few.map(() => 'few'), ...many.map(() => 'many')]) };
    const count = 40_000;
    const run = async (shrinkage: number) => {
      const { data: made, provenance } = await randomOver({
        samplingStrategy: { few: 5 + count },
        shrinkage,
        seed: 4,
      }).resample(data);
      const moves = [0, 1].map((j) => {
        const column = columnAt(made.X, j);
        return Float64Array.from({ length: count }, (_, i) => column[45 + i]! - few[provenance.base[45 + i]!]![j]!);
      });
      return moves.map((move) => [mean(move), deviation(move)]);
    };
    const width = (4 / (4 * 5)) ** (1 / 6);
    for (const shrinkage of [1, 0.5, 2]) {
      const moves = await run(shrinkage);
      [1, 10].forEach((scale, j) => {
        const expected = shrinkage * width * scale * Math.sqrt(2.5);
        expect(Math.abs(moves[j]![0]!)).toBeLessThan((5 * expected) / Math.sqrt(count));
        expect(Math.abs(moves[j]![1]! / expected - 1)).toBeLessThan(0.02);
      });
    }
  });

  it('draws the rows it would copy, keeps their weights and groups, and copies with shrinkage 0', async () => {
    const data = {
      ...gaussianDataset(
        [
          ['a', 30],
          ['b', 8],
          ['c', 11],
        ],
        3,
        5,
      ),
      weights: Float64Array.from({ length: 49 }, (_, i) => i / 7),
      groups: Int32Array.from({ length: 49 }, (_, i) => i % 5),
    };
    const copied = await randomOver({ seed: 3 }).resample(data);
    const moved = await randomOver({ seed: 3, shrinkage: 0.7 }).resample(data);
    expect(moved.provenance.base.subarray(49)).toEqual(copied.provenance.source.subarray(49));
    expect(new Set(moved.provenance.source.subarray(49))).toEqual(new Set([-1]));
    expect(moved.data.weights).toEqual(copied.data.weights);
    expect(moved.data.groups).toEqual(copied.data.groups);
    expect(await randomOver({ seed: 3, shrinkage: 0 }).resample(data)).toEqual(copied);
    const partly = await randomOver({ seed: 3, shrinkage: { b: 0, c: 1 } }).resample(data);
    expect(partly.provenance.source.subarray(49, 71)).toEqual(copied.provenance.source.subarray(49, 71));
    expect(new Set(partly.provenance.source.subarray(71))).toEqual(new Set([-1]));
  });

  it('leaves columns without spread alone, and copies the only row of a class', async () => {
    const X = rowsOf(Array.from({ length: 20 }, (_, i) => [i, 0.1, i < 4 ? 5 : i]));
    const y = labelsOf(Array.from({ length: 20 }, (_, i) => (i < 4 ? 'b' : i === 4 ? 'c' : 'a')));
    const { data: made, provenance } = await randomOver({ seed: 1, shrinkage: 1 }).resample({ X, y });
    for (const value of columnAt(made.X, 1)) expect(value).toBe(0.1);
    for (const value of columnAt(made.X, 2).subarray(20, 31)) expect(value).toBe(5);
    expect([...provenance.source.subarray(31)]).toEqual(new Array(14).fill(4));
  });

  it('refuses a shrinkage that makes no sense', async () => {
    const data = gaussianDataset(
      [
        ['a', 9],
        ['b', 3],
        ['c', 4],
      ],
      2,
      1,
    );
    expect(() => randomOver({ shrinkage: -1 })).toThrow('shrinkage must be a finite number of at least 0, got -1');
    expect(() => randomOver({ shrinkage: Number.NaN })).toThrow('shrinkage must be a finite number');
    const given = (shrinkage: object) => randomOver({ shrinkage: shrinkage as Record<string, number> }).resample(data);
    await expect(given({ b: 1 })).rejects.toThrow('shrinkage has no factor for class "c"');
    await expect(given({ b: 1, c: -2 })).rejects.toMatchObject({ code: 'bad-option', details: { class: 'c' } });
    await expect(given({ b: 1, c: 1, d: 1 })).rejects.toMatchObject({ code: 'unknown-class' });
    expect(() => randomOver({ shrinkage: 1 }).selectRows(data.y)).toThrow('with shrinkage the new rows are no copies');
    const X = rowsOf([[1], [2], [Number.NaN], [3]]);
    const bad = randomOver({ shrinkage: 1 }).resample({ X, y: labelsOf(['a', 'a', 'a', 'b']) });
    await expect(bad).rejects.toMatchObject({ code: 'not-finite', details: { row: 2 } });
  });
});

const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
const deviation = (values: Float64Array) => {
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
};
