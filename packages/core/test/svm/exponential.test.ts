import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exponentiate } from '../../src/svm/exponential.ts';

const of = (x: number): number => {
  const values = Float64Array.of(7, x, 7);
  exponentiate(values, 1, 2);
  expect([values[0], values[2]]).toEqual([7, 7]);
  return values[1]!;
};

describe('exponentiate', () => {
  it('is e^x to a few units in the last place', () => {
    fc.assert(
      fc.property(fc.double({ min: -700, max: 1e-6, noNaN: true }), (x) => {
        expect(Math.abs(of(x) / Math.exp(x) - 1)).toBeLessThan(1e-15);
      }),
      { numRuns: 20_000 },
    );
  });

  it('is exact at 0 and fades to 0', () => {
    expect(of(0)).toBe(1);
    expect(of(-0)).toBe(1);
    expect(Math.abs(of(-740) / Math.exp(-740) - 1)).toBeLessThan(0.02);
    expect(of(-746)).toBe(0);
    expect(of(-1e300)).toBe(0);
    expect(of(Number.NEGATIVE_INFINITY)).toBe(0);
  });
});
