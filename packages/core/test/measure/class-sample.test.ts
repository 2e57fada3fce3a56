import { describe, expect, it } from 'vitest';
import { levelledSample, proportionalSample } from '../../src/measure/class-sample.ts';
import { clouds } from './difficulty-sets.ts';

describe('samples of rows', () => {
  const { y } = clouds([900, 90, 10], 1, 1);
  const sizesIn = (rows: Int32Array) => [0, 1, 2].map((code) => rows.filter((row) => y.codes[row] === code).length);

  it('keep shares, with ten rows a class', () => {
    expect(sizesIn(proportionalSample(y, 200, 0))).toEqual([180, 18, 10]);
  });

  it('or are levelled from the top', () => {
    expect(sizesIn(levelledSample(y, 200, 0))).toEqual([100, 90, 10]);
    expect(sizesIn(levelledSample(y, 60, 0))).toEqual([25, 25, 10]);
    expect(levelledSample(y, 5000, 0)).toEqual(Int32Array.from(y.codes.keys()));
  });

  it('hold no row twice, in ascending order', () => {
    for (const rows of [proportionalSample(y, 200, 3), levelledSample(y, 200, 3)]) {
      for (let i = 1; i < rows.length; i++) expect(rows[i]!).toBeGreaterThan(rows[i - 1]!);
    }
  });
});
