import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { largestRemainder } from '../../src/resample/allocate.ts';

describe('largestRemainder', () => {
  it("divides seats as Hamilton's method does", () => {
    // 47,000 / 16,000 / 15,900 / 12,000 / 6,000 / 3,100 votes for ten seats: the textbook example.
    expect(largestRemainder(10, [47000, 16000, 15900, 12000, 6000, 3100])).toEqual([5, 2, 1, 1, 1, 0]);
  });

  it('gives units left over to the earlier of tied remainders', () => {
    expect(largestRemainder(1, [1, 1, 1])).toEqual([1, 0, 0]);
    expect(largestRemainder(5, [2, 2, 2])).toEqual([2, 2, 1]);
  });

  it('is exact, within one of the proportion, and never above the quota', () => {
    const quotas = fc.array(fc.integer({ min: 0, max: 2 ** 31 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(quotas, fc.double({ min: 0, max: 1, noNaN: true }), (wanted, share) => {
        const sum = wanted.reduce((a, b) => a + b, 0);
        const total = Math.floor(sum * share);
        const shares = largestRemainder(total, wanted);
        expect(shares.reduce((a, b) => a + b, 0)).toBe(sum === 0 ? 0 : total);
        shares.forEach((value, i) => {
          expect(value).toBeLessThanOrEqual(wanted[i]!);
          if (sum > 0) expect(Math.abs(value - (wanted[i]! * total) / sum)).toBeLessThan(1 + 1e-6);
        });
      }),
    );
  });
});
