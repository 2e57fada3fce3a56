import { describe, expect, it } from 'vitest';
import { randomOver } from '../../../src/resample/over/random-over.ts';
import { rose } from '../../../src/resample/over/rose.ts';
import { columnAt, countsByLabel, gaussianDataset, labelsOf, rowAt, rowsOf, toSparse } from '../data.ts';

const sets = (many = 200, few = 12, columns = 3) =>
  gaussianDataset(
    [
      ['a', many],
      ['b', few],
      ['c', 30],
    ],
    columns,
    8,
  );
const counts = (y: Parameters<typeof countsByLabel>[0]) => Object.fromEntries(countsByLabel(y));

describe('rose', () => {
  it('draws every class anew, majority included', async () => {
    const data = sets();
    const { data: made, provenance, notices } = await rose({ seed: 1 }).resample(data);
    expect(counts(made.y)).toEqual({ a: 200, b: 200, c: 200 });
    expect(new Set(provenance.source)).toEqual(new Set([-1]));
    expect(provenance.dropped.length).toBe(242);
    for (let i = 0; i < 600; i += 7) expect(made.y.codes[i]).toBe(data.y.codes[provenance.base[i]!]);
    expect(notices).toEqual([]);
  });

  it('makes as many rows as asked, in the proportion of the classes', async () => {
    const { data: made } = await rose({ rows: 242 }).resample(sets());
    expect(Object.values(counts(made.y)).sort()).toEqual([80, 81, 81]);
    const half = await rose({ rows: 100, samplingStrategy: { b: 100, c: 100 } }).resample(sets());
    expect(counts(half.data.y)).toEqual({ a: 50, b: 25, c: 25 });
  });

  it('draws from a kernel density: the variance is that of the rows and of the kernel together', async () => {
    // R's rule: h = (4 / ((p + 2) n))^(1 / (p + 4)) times the sample deviation, n the rows of the class.
    const values = [-3, -1, 0, 0.5, 1, 2, 7];
    const X = rowsOf([...values.map((value) => [value, -2 * value]), ...Array.from({ length: 60 }, (_, i) => [i, i])]);
    const y = labelsOf(Array.from({ length: 67 }, (_, i) => (i < 7 ? 'few' : 'many')));
    const { data: made } = await rose({ seed: 5, samplingStrategy: { few: 60_000 } }).resample({ X, y });
    const drawn = columnAt(made.X, 0).subarray(0, 60_000);
    const centre = values.reduce((sum, value) => sum + value, 0) / 7;
    const squares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
    const width = (4 / (4 * 7)) ** (1 / 6);
    const expected = squares / 7 + (width ** 2 * squares) / 6;
    const mean = drawn.reduce((sum, value) => sum + value, 0) / 60_000;
    const variance = drawn.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 60_000;
    expect(Math.abs(mean - centre)).toBeLessThan(0.07);
    expect(Math.abs(variance / expected - 1)).toBeLessThan(0.03);
    // Columns move on their own: the drawn rows leave the line that the data lie on.
    const off = columnAt(made.X, 1)
      .subarray(0, 60_000)
      .map((value, i) => value + 2 * drawn[i]!);
    const around = off.reduce((sum, value) => sum + value ** 2, 0) / 60_000;
    expect(Math.abs(around / ((8 * width ** 2 * squares) / 6) - 1)).toBeLessThan(0.03);
  });

  it('draws only what is asked: the targeted classes, or only the rows to add', async () => {
    const data = sets();
    const targeted = await rose({ redraw: 'targeted', samplingStrategy: { b: 50 }, seed: 2 }).resample(data);
    expect(counts(targeted.data.y)).toEqual({ a: 200, b: 50, c: 30 });
    expect(targeted.provenance.source.filter((row) => row >= 0).length).toBe(230);
    expect([...targeted.provenance.dropped].every((row) => data.y.codes[row] === 1)).toBe(true);
    const added = await rose({ redraw: 'none', seed: 2 }).resample(data);
    expect(added.provenance.dropped.length).toBe(0);
    expect([...added.provenance.source.subarray(0, 242)]).toEqual([...data.y.codes.keys()]);
    expect(counts(added.data.y)).toEqual({ a: 200, b: 200, c: 200 });
    const smoothed = await randomOver({ shrinkage: 1, seed: 2 }).resample(data);
    expect(smoothed.provenance.base.length).toBe(added.provenance.base.length);
  });

  it('takes a factor on the kernel for each class, 0 for copies', async () => {
    const data = sets();
    const { data: made, provenance } = await rose({ shrinkage: { a: 0, b: 1, c: 1 }, seed: 3 }).resample(data);
    for (let i = 0; i < 200; i += 9) {
      expect(provenance.source[i]).toBeGreaterThanOrEqual(0);
      expect(rowAt(made.X, i)).toEqual(rowAt(data.X, provenance.source[i]!));
    }
    await expect(rose({ shrinkage: { a: 1 } }).resample(data)).rejects.toThrow('shrinkage has no factor for class "b"');
  });

  it('copies a class without spread, with a notice', async () => {
    const X = rowsOf([[4, 4], ...Array.from({ length: 6 }, (_, i) => [i, i * i])]);
    const { notices, data } = await rose({ seed: 1 }).resample({ X, y: labelsOf(['b', 'a', 'a', 'a', 'a', 'a', 'a']) });
    expect(notices).toMatchObject([{ code: 'copied-instead', class: 'b', numbers: { rows: 1 } }]);
    for (const value of columnAt(data.X, 0).subarray(6)) expect(value).toBe(4);
  });

  it('keeps empty columns of sparse rows empty', async () => {
    const data = sets(40, 9);
    for (let i = 0; i < data.X.data.length; i += 3) data.X.data[i] = 0;
    const { data: made } = await rose({ seed: 1 }).resample({ ...data, X: toSparse(data.X) });
    expect(made.X.kind === 'csr' && made.X.indices.every((column) => column > 0)).toBe(true);
  });

  it('refuses options that make no sense', () => {
    const make = (options: object) => () => rose(options);
    expect(make({ redraw: 'some' })).toThrow('redraw must be one of all, targeted, none');
    expect(make({ redraw: 'none', rows: 5 })).toThrow('rows is for redraw "all"');
    expect(make({ rows: 0 })).toThrow('rows must be a whole number of at least 1');
    expect(make({ p: 0.5 })).toThrow('rose has no option "p"');
  });
});
