import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conformalQuantile, conformalRank, rowsNeeded } from '../../src/conformal/index.ts';
import { firstAbove, firstAtLeast } from '../../src/conformal/rank-rule.ts';

describe('conformalRank', () => {
  it('takes a whole (n + 1)(1 - alpha) as it is, where a quantile routine takes one rank more', () => {
    expect(conformalRank(99, 0.1)).toBe(90);
    expect(conformalRank(19, 0.05)).toBe(19);
    expect(conformalRank(199, 0.2)).toBe(160);
    expect(conformalRank(999, 0.01)).toBe(990);
  });

  it('is not led astray by rounding', () => {
    expect((99 + 1) * (1 - 0.42)).toBeGreaterThan(58);
    expect(conformalRank(99, 0.42)).toBe(58);
  });

  it('equals exact rational arithmetic for every alpha of two decimals', () => {
    for (let n = 0; n <= 1000; n++) {
      for (let hundredths = 1; hundredths < 100; hundredths++) {
        const exact = Number((BigInt(n + 1) * BigInt(100 - hundredths) + 99n) / 100n);
        if (conformalRank(n, hundredths / 100) !== exact) throw new Error(`n ${n}, alpha ${hundredths} / 100`);
      }
    }
  });

  it('asks for 1 / alpha - 1 rows', () => {
    expect([0.1, 0.05, 0.01, 0.3, 0.5].map(rowsNeeded)).toEqual([9, 19, 99, 3, 1]);
    for (let hundredths = 1; hundredths < 100; hundredths++) {
      const alpha = hundredths / 100;
      const needed = rowsNeeded(alpha);
      expect(conformalRank(needed, alpha)).toBeLessThanOrEqual(needed);
      if (needed > 1) expect(conformalRank(needed - 1, alpha)).toBe(needed);
    }
  });

  it('refuses levels that cannot be', () => {
    for (const alpha of [0, 1, -0.1, 2, Number.NaN]) expect(() => conformalRank(9, alpha)).toThrow(/alpha/);
  });
});

describe('conformalQuantile', () => {
  const scores = Float64Array.of(0.1, 0.2, 0.2, 0.3, 0.45, 0.5, 0.6, 0.7, 0.9);

  it('is the score of that rank, infinite where there are too few', () => {
    expect(conformalQuantile(scores, 0.1)).toBe(0.9);
    expect(conformalQuantile(scores, 0.25)).toBe(0.7);
    expect(conformalQuantile(scores, 0.05)).toBe(Number.POSITIVE_INFINITY);
    expect(conformalQuantile(scores, 0.9999999999)).toBe(Number.NEGATIVE_INFINITY);
    expect(conformalQuantile(new Float64Array(0), 0.5)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('binary search', () => {
  it('finds what counting finds', () => {
    const values = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 40 });
    fc.assert(
      fc.property(values, fc.integer({ min: -1, max: 10 }), (list, value) => {
        const sorted = Float64Array.from(list).sort();
        expect(firstAtLeast(sorted, value, 0, sorted.length)).toBe(list.filter((one) => one < value).length);
        expect(firstAbove(sorted, value, 0, sorted.length)).toBe(list.filter((one) => one <= value).length);
      }),
      { seed: 1 },
    );
  });
});
