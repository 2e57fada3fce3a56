import { describe, expect, it } from 'vitest';
import { distanceScale } from '../../../src/resample/audit/distance-scale.ts';
import { rowsOf } from '../data.ts';

describe('distanceScale', () => {
  const original = rowsOf([
    [1, 0, 7, 1e300],
    [2, 0, 7, -1e300],
    [3, 0, 7, 1e300],
    [4, 0, 7, -1e300],
    [10, 5, 7, 0],
  ]);
  const ones = rowsOf([[1, 1, 1, 1e300]]);

  it('divides by the population standard deviation, that of huge values too, and leaves constant columns', () => {
    // numpy.std of 1 2 3 4 10 is 3.1622776601683795, of 0 0 0 0 5 is 2.
    const [a, b, c, d] = distanceScale(original, 'standard')(ones).data;
    expect(a).toBeCloseTo(1 / 3.1622776601683795, 14);
    expect(b).toBeCloseTo(0.5, 14);
    expect(c).toBe(1);
    expect(d).toBeCloseTo(1 / Math.sqrt(0.8), 14);
  });

  it('divides by the interquartile range, or the standard deviation where that is 0', () => {
    const [a, b, c] = distanceScale(original, 'robust')(ones).data;
    expect(a).toBe(0.5);
    expect(b).toBeCloseTo(0.5, 14);
    expect(c).toBe(1);
  });

  it('takes what rounding leaves of a constant column for no spread', () => {
    const tenths = rowsOf(Array.from({ length: 7 }, () => [0.1]));
    expect(distanceScale(tenths, 'standard')(rowsOf([[0.3]])).data[0]).toBe(0.3);
  });
});
