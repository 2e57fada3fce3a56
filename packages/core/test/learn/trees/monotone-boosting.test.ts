import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gradientBoosting, gradientBoostingRegression } from '../../../src/learn/index.ts';
import { overlapping } from '../helpers.ts';
import { greatestBreach, noise, second, type Ways } from './monotone-data.ts';

/** Scores that differ by rounding alone. */
const ROUNDING = 1e-12;

const constrained = fc.record({
  seed: fc.nat(1e6),
  ways: fc.dictionary(fc.constantFrom('0', '1', '2', '3'), fc.constantFrom(1 as const, -1 as const), { minKeys: 1 }),
  missing: fc.constantFrom(0, 0.2),
  growth: fc.constantFrom('leaf-wise' as const, 'depth-wise' as const),
  l1Regularization: fc.constantFrom(0, 2),
  subsample: fc.constantFrom(1, 0.7),
});
const options = { maxIterations: 12, minSamplesLeaf: 3, learningRate: 0.5 };

describe('monotone boosting', () => {
  it('of two classes never falls along a column, whatever the others and missing values are', async () => {
    const property = fc.asyncProperty(constrained, async ({ seed, ways, missing, ...rest }) => {
      const data = noise(120, 4, seed, missing);
      const model = await gradientBoosting({ ...options, ...rest, seed, monotonicConstraints: ways }).fit(data);
      expect(await greatestBreach(second(model), data.X, ways, 3)).toBeLessThan(ROUNDING);
    });
    await fc.assert(property, { numRuns: 15, seed: 3 });
  });

  it('of numbers never falls along a column, whatever the others and missing values are', async () => {
    const property = fc.asyncProperty(constrained, async ({ seed, ways, missing, ...rest }) => {
      const { X, y, weights } = noise(120, 4, seed, missing);
      const targets = Float64Array.from(y.codes, (code, i) => 5 * code + (X.data[4 * i + 2] || 0));
      const learner = gradientBoostingRegression({ ...options, ...rest, seed, monotonicConstraints: ways });
      const model = await learner.fit({ X, targets, weights });
      expect(await greatestBreach(model.predict, X, ways, 3)).toBeLessThan(ROUNDING);
    });
    await fc.assert(property, { numRuns: 15, seed: 4 });
  });

  it('would fall without the constraint', async () => {
    const data = noise(300, 4, 2);
    const ways: Ways = { 0: 1 };
    const free = await gradientBoosting(options).fit(data);
    expect(await greatestBreach(second(free), data.X, ways)).toBeGreaterThan(0.1);
    const targets = Float64Array.from(data.y.codes);
    const numbers = await gradientBoostingRegression(options).fit({ X: data.X, targets });
    expect(await greatestBreach(numbers.predict, data.X, ways)).toBeGreaterThan(0.1);
  });

  it('is refused for more than two classes, for categories and for what is no map of columns', async () => {
    const refused = expect.objectContaining({ code: 'bad-option' });
    for (const make of [gradientBoosting, gradientBoostingRegression]) {
      for (const wrong of [{ 0: 2 }, { '-1': 1 }, { x: 1 }, 'rising', 1, null, { 0.5: 1 }]) {
        expect(() => make({ monotonicConstraints: wrong as never })).toThrow(refused);
      }
      expect(() => make({ monotonicConstraints: { 1: 1 }, categoricalFeatures: [1] })).toThrow(refused);
    }
    const three = gradientBoosting({ monotonicConstraints: { 0: 1 } }).fit(overlapping(60, 3, 3, 1));
    await expect(three).rejects.toThrow(/for two classes, and 3 have rows/);
  });
});
