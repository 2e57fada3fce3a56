import { describe, expect, it } from 'vitest';
import { adaBoost, adaC2, adaUBoost, asymBoost } from '../../src/ensemble/index.ts';
import { levelFactors } from '../../src/ensemble/samme.ts';
import { costSensitiveTree } from '../../src/learn/trees/index.ts';
import { largestGap, overlapping } from '../learn/helpers.ts';

const data = overlapping(300, 3, 2, 5, 0);
const weighted = (factor: number) => ({
  ...data,
  weights: Float64Array.from(data.y.codes, (_code, i) => factor * (1 + (i % 3))),
});

describe('boosting by weights', () => {
  it.each([adaBoost(), adaC2(), adaUBoost(), asymBoost()])(
    '$name hears the ratios of weights alone',
    async (learner) => {
      const chances = async (factor: number) => (await (await learner.fit(weighted(factor))).predictProba(data.X)).data;
      const plain = await chances(1);
      for (const factor of [1e-50, 1e3, 1e7, 1e13, 1e50]) {
        expect(largestGap(plain, await chances(factor))).toBeLessThan(1e-4);
      }
    },
  );

  it.each([1, 1e10, 1e60])('levels factors to a mean of 1 where weights are %f', (weight) => {
    const factors = Float64Array.of(0.5, 1, 2.5, 8);
    levelFactors(factors, new Float64Array(4).fill(weight));
    [1 / 6, 1 / 3, 5 / 6, 8 / 3].forEach((factor, i) => {
      expect(factors[i]).toBeCloseTo(factor, 5);
    });
  });
});

describe('cost-sensitive tree', () => {
  it('counts weights as rows in smoothed shares, and not in plain ones', async () => {
    const gap = async (shares: 'laplace' | 'plain') => {
      const learner = costSensitiveTree({ shares });
      const [a, b] = await Promise.all([1, 1000].map((factor) => learner.fit(weighted(factor))));
      return largestGap((await a!.predictProba(data.X)).data, (await b!.predictProba(data.X)).data);
    };
    expect(await gap('laplace')).toBeGreaterThan(0.01);
    expect(await gap('plain')).toBeLessThan(1e-9);
  });
});
