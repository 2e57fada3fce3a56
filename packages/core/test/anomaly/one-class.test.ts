import { describe, expect, it } from 'vitest';
import { oneClassSvm, randomFeatureSvm } from '../../src/anomaly/index.ts';
import { correlation, dense, golden, goldenFresh, goldenRows, heap, largestGap } from './helpers.ts';

describe('one-class svm', () => {
  it.each(golden.oneClass as { nu: number; gamma: number; fresh: number[]; support: number[]; offset: number }[])(
    'equals scikit-learn at nu $nu',
    async ({ nu, gamma, fresh, support, offset }) => {
      const model = await oneClassSvm({ nu, gamma, tolerance: 1e-9 }).fit(goldenRows);
      expect(largestGap(await model.score(goldenFresh), fresh)).toBeLessThan(1e-6);
      expect(model.offset).toBeCloseTo(offset, 6);
      expect([...model.support]).toEqual(support);
    },
  );

  it('has at most a share nu outside and at least a share nu as support vectors', async () => {
    const X = heap(200, 3, 5);
    for (const nu of [0.03, 0.2, 0.71, 1]) {
      const model = await oneClassSvm({ nu, tolerance: 1e-8 }).fit(X);
      const scores = await model.score(X);
      expect(scores.filter((score) => score > 1e-6).length).toBeLessThanOrEqual(nu * 200 + 1e-9);
      expect(model.support.length).toBeGreaterThanOrEqual(nu * 200 - 1e-9);
      expect(model.weights.reduce((a, b) => a + b)).toBeCloseTo(nu * 200, 8);
    }
  });

  it('lets a row far from all others hold the boundary itself', async () => {
    const X = dense([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 10], 1);
    const scores = await (await oneClassSvm({ nu: 0.2, gamma: 1 }).fit(X)).score(X);
    expect(scores[9]).toBeCloseTo(-0.00025, 4);
    expect(scores[9]).toBeLessThan(0);
  });

  it('says that it was stopped short, and refuses nonsense', async () => {
    const model = await oneClassSvm({ maxIter: 2 }).fit(heap(100, 3, 5));
    expect(model.notices.map(({ code }) => code)).toEqual(['not-converged']);
    for (const nu of [0, 1.1, Number.NaN]) expect(() => oneClassSvm({ nu })).toThrow(/nu must be/);
    expect(() => oneClassSvm({ gamma: 0 })).toThrow(/gamma/);
    expect(() => oneClassSvm({ tolerance: 0 })).toThrow(/tolerance/);
  });
});

describe('random-feature svm', () => {
  it('scores as the exact machine does, the better the more features and steps', async () => {
    const X = heap(400, 3, 8);
    const fresh = heap(200, 3, 20, 7);
    const exact = await (await oneClassSvm({ nu: 0.2, gamma: 0.3 }).fit(X)).score(fresh);
    const close = await (
      await randomFeatureSvm({ nu: 0.2, gamma: 0.3, nComponents: 1024, steps: 20_000 }).fit(X)
    ).score(fresh);
    const rough = await (await randomFeatureSvm({ nu: 0.2, gamma: 0.3, nComponents: 8, steps: 500 }).fit(X)).score(
      fresh,
    );
    expect(correlation(close, exact)).toBeGreaterThan(0.99);
    expect(correlation(close, exact)).toBeGreaterThan(correlation(rough, exact));
    // The exact machine's weights sum to nu n, this one's to 1.
    const factor = 0.2 * 400;
    expect(
      largestGap(
        close.map((score) => score * factor),
        exact,
      ) / factor,
    ).toBeLessThan(0.08);
  });

  it('takes a row that the kernel sees nothing of for neither near nor far: its score is the offset', async () => {
    const model = await randomFeatureSvm({ nu: 0.2, nComponents: 6 }).fit(heap(200, 3, 0));
    const { offset } = model.toJSON() as unknown as { offset: number };
    expect([...(await model.score(dense([1e9, 1e9, 1e9, -1e300, 1e300, 0], 3)))]).toEqual([offset, offset]);
    expect(offset).toBeGreaterThan(0);
  });

  it('maps rows by cosines and sines of their products with the frequencies, whatever the number of features', async () => {
    for (const nComponents of [2, 6, 7]) {
      const model = await randomFeatureSvm({ nComponents, steps: 50 }).fit(heap(90, 3, 4));
      const { means, frequencies, weights, offset } = model.toJSON() as unknown as Record<string, number[]> & {
        offset: number;
      };
      const waves = Math.ceil(nComponents / 2);
      const X = heap(13, 3, 2, 8);
      const scores = await model.score(X);
      for (let i = 0; i < 13; i++) {
        let product = 0;
        for (let k = 0; k < waves; k++) {
          let angle = 0;
          for (let j = 0; j < 3; j++) angle += frequencies![3 * k + j]! * (X.data[3 * i + j]! - means![j]!);
          product += weights![k]! * Math.cos(angle) + weights![waves + k]! * Math.sin(angle);
        }
        expect(scores[i]).toBeCloseTo(offset - product / Math.sqrt(waves), 12);
      }
    }
  });

  it('leaves the share nu of the fitted rows outside', async () => {
    const X = heap(500, 3, 8);
    for (const nu of [0.05, 0.3]) {
      const scores = await (await randomFeatureSvm({ nu }).fit(X)).score(X);
      expect(scores.filter((score) => score > 0)).toHaveLength(nu * 500);
    }
  });
});
