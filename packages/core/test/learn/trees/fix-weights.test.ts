import { expect, it } from 'vitest';
import { fixWeights } from '../../../src/learn/trees/fix-weights.ts';

it('keeps whole weights as they are, which count as rows', () => {
  const weights = Float64Array.of(1, 3, 0x7fffffff);
  expect(fixWeights(weights)).toEqual({ fixed: weights, scale: 1, whole: true });
});

it('makes other weights whole numbers whose sums are the same in any order', () => {
  const weights = Float64Array.from({ length: 5000 }, (_, i) => 0.1 * (1 + ((i * 7919) % 997)));
  const { fixed, scale, whole } = fixWeights(weights);
  expect(whole).toBe(false);
  expect(Math.log2(scale) % 1).toBe(0);
  const forward = fixed.reduce((sum, weight) => sum + weight, 0);
  expect(fixed.reduceRight((sum, weight) => sum + weight, 0)).toBe(forward);
  fixed.forEach((weight, i) => {
    expect(Math.abs(weight - scale * weights[i]!)).toBeLessThanOrEqual(0.5);
  });
  // With room for sixteen times the sum below 2^53.
  expect(forward).toBeLessThanOrEqual(2 ** 49);
  expect(forward).toBeGreaterThan(2 ** 47);
});

it.each([2 ** 48 + 0.5, 2 ** 49 - 0.25])('rounds fractions also where their sum needs no factor (%f)', (large) => {
  const { fixed } = fixWeights(Float64Array.of(large, 0.125));
  expect(fixed.every(Number.isInteger)).toBe(true);
  expect(fixed[1]).toBe(1);
});
