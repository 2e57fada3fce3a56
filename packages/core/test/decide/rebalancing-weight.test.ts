import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binaryCosts, costThreshold, rebalancingWeight } from '../../src/decide/index.ts';

const inside = fc.double({ min: 0.001, max: 0.999, noNaN: true });

describe('rebalancingWeight', () => {
  it('makes the used threshold decide as the wanted one (Elkan, theorem 1)', () => {
    fc.assert(
      fc.property(inside, inside, inside, (wanted, used, p) => {
        fc.pre(Math.abs(p - wanted) > 1e-9);
        const weight = rebalancingWeight({ wanted, used });
        // The posterior where negatives weigh `weight` times as much.
        const reweighted = p / (p + weight * (1 - p));
        expect(reweighted >= used).toBe(p >= wanted);
      }),
    );
  });

  it('is the ratio of the costs at a half, and 1 where nothing has to change', () => {
    const wanted = costThreshold(binaryCosts({ falseNegative: 4, falsePositive: 1 }));
    expect(rebalancingWeight({ wanted })).toBeCloseTo(1 / 4, 15);
    expect(rebalancingWeight({ wanted: 0.2, used: 0.2 })).toBeCloseTo(1, 15);
    expect(rebalancingWeight({ wanted: 0.9 })).toBeCloseTo(9, 13);
  });

  it('refuses thresholds that no weight reaches', () => {
    for (const wrong of [0, 1, -1, Number.NaN]) {
      expect(() => rebalancingWeight({ wanted: wrong })).toThrow(/wanted/);
      expect(() => rebalancingWeight({ wanted: 0.5, used: wrong })).toThrow(/used/);
    }
  });
});
