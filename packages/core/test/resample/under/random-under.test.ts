import { describe, expect, it } from 'vitest';
import { randomUnder } from '../../../src/resample/under/random-under.ts';
import { countsByLabel, gaussianDataset, labelsOf, rowAt, toSparse } from '../data.ts';

const y = labelsOf(['b', 'a', 'a', 'b', 'a', 'a', 'a', 'c', 'a', 'c', 'c']);

describe('randomUnder', () => {
  it('keeps the smallest class whole and draws the others down to it, in input order', () => {
    const { source, dropped } = randomUnder({ seed: 1 }).selectRows(y);
    expect([...source]).toEqual([...source].sort((a, b) => a - b));
    expect([...source]).toEqual(expect.arrayContaining([0, 3]));
    const codes = Int32Array.from(source, (row) => y.codes[row]!);
    expect(Object.fromEntries(countsByLabel({ ...y, codes }))).toEqual({ a: 2, b: 2, c: 2 });
    expect([...source, ...dropped].sort((a, b) => a - b)).toEqual([...y.codes.keys()]);
  });

  it('keeps every subset with the same probability', () => {
    // 2 of 4 rows: six pairs, chi-squared with 5 degrees of freedom, 99.9 % point 20.5.
    const small = labelsOf(['a', 'a', 'b', 'a', 'a', 'b']);
    const seen = new Map<string, number>();
    const runs = 6000;
    for (let seed = 0; seed < runs; seed++) {
      const { source } = randomUnder({ seed }).selectRows(small);
      const pair = [...source].filter((row) => small.codes[row] === 0).join();
      seen.set(pair, (seen.get(pair) ?? 0) + 1);
    }
    expect(seen.size).toBe(6);
    const expected = runs / 6;
    expect([...seen.values()].reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0)).toBeLessThan(20.5);
  });

  it('may keep a row twice with replacement only, and drops what it never drew', () => {
    const samplingStrategy = { a: 6 };
    const { source, dropped } = randomUnder({ samplingStrategy, replacement: true, seed: 2 }).selectRows(y);
    expect(source.length).toBe(11);
    expect(new Set(source).size).toBeLessThan(11);
    expect(dropped.length).toBe(11 - new Set(source).size);
    for (const row of dropped) expect(source.includes(row)).toBe(false);
    const without = randomUnder({ samplingStrategy, seed: 2 }).selectRows(y);
    expect([...without.source]).toEqual([...y.codes.keys()]);
    expect(without.notices.map(({ code }) => code)).toEqual(['nothing-to-resample']);
  });

  it('empties a class when asked to, and says so', () => {
    const { source, notices } = randomUnder({ samplingStrategy: { a: 0 } }).selectRows(y);
    expect([...source]).toEqual([0, 3, 7, 9, 10]);
    expect(notices).toMatchObject([{ code: 'class-emptied', severity: 'warning', class: 'a', numbers: { rows: 6 } }]);
  });

  it('takes weights and groups along, dense and sparse', async () => {
    const data = gaussianDataset(
      [
        ['a', 20],
        ['b', 5],
      ],
      2,
      4,
    );
    const weights = Float64Array.from({ length: 25 }, (_, i) => i + 1);
    const groups = Int32Array.from({ length: 25 }, (_, i) => 100 - i);
    for (const X of [data.X, toSparse(data.X)]) {
      const made = await randomUnder({ seed: 3 }).resample({ X, y: data.y, weights, groups });
      const { source } = made.provenance;
      expect(made.data.X.rows).toBe(10);
      source.forEach((row, i) => {
        expect(rowAt(made.data.X, i)).toEqual(rowAt(data.X, row));
        expect(made.data.weights![i]).toBe(row + 1);
        expect(made.data.groups![i]).toBe(100 - row);
      });
    }
  });

  it('refuses a replacement that is neither true nor false', () => {
    const options: object = { replacement: 'yes' };
    expect(() => randomUnder(options)).toThrow('replacement must be true or false, got yes');
  });
});
