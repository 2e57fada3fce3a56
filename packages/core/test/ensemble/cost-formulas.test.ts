import { describe, expect, it } from 'vitest';
import {
  adaC1Round,
  adaC2Round,
  adaC3Round,
  adaCostRound,
  adaUBoostRound,
  asymBoostRound,
  type CostRule,
} from '../../src/ensemble/cost-formulas.ts';

// Four rows of weight 1/4; y = 1, 1, -1, -1 and h = 1, -1, -1, -1; rows of the rarer class cost 1, the others 0.25.
const weights = new Float64Array(4).fill(0.25);
const agrees = Float64Array.of(1, -1, 1, 1);
const costs = Float64Array.of(1, 1, 0.25, 0.25);

function nextWeights(rule: CostRule): { alpha: number; next: number[] } {
  const { alpha, factors } = rule(weights, agrees, costs);
  const raised = factors.map((factor, i) => factor * weights[i]!);
  const total = raised.reduce((sum, weight) => sum + weight, 0);
  return { alpha, next: [...raised].map((weight) => weight / total) };
}

describe('cost-sensitive rounds', () => {
  it.each([
    ['AdaC1', adaC1Round, 0.1256572141, [0.223047, 0.286774, 0.24509, 0.24509]],
    ['AdaC2', adaC2Round, 0.2027325541, [0.333333, 0.5, 0.083333, 0.083333]],
    ['AdaC3', adaC3Round, 0.0500417293, [0.381042, 0.421151, 0.098904, 0.098904]],
  ] as const)('%s of the four rows', (_name, rule, alpha, next) => {
    const found = nextWeights(rule);
    expect(found.alpha).toBeCloseTo(alpha, 10);
    found.next.forEach((weight, i) => {
      expect(weight).toBeCloseTo(next[i]!, 6);
    });
  });

  it('AdaBoost without costs', () => {
    const ones = new Float64Array(4).fill(1);
    const { alpha, factors } = asymBoostRound(10)(weights, agrees, ones);
    expect(alpha).toBeCloseTo(0.5493061443, 10);
    const raised = [...factors].map((factor) => factor / 4);
    const total = raised.reduce((sum, weight) => sum + weight, 0);
    expect(raised.map((weight) => weight / total)).toEqual([1 / 6, 0.5, 1 / 6, 1 / 6].map((x) => expect.closeTo(x, 9)));
  });

  it('a member that beats chance among many classes has a say, as in SAMME', () => {
    // Two wrong of four, that is no better than chance of two classes, but than that of five.
    const half = Float64Array.of(1, -1, 1, -1);
    const ones = new Float64Array(4).fill(1);
    expect(asymBoostRound(10)(weights, half, ones).alpha).toBeCloseTo(0, 12);
    expect(2 * asymBoostRound(10, 5)(weights, half, ones).alpha).toBeCloseTo(Math.log(4), 12);
  });

  it('AsymBoost takes up the ratio of the costs over all rounds', () => {
    const even = Float64Array.of(1, 1, 1, 1);
    const plain = asymBoostRound(5)(weights, agrees, even).factors;
    const costly = asymBoostRound(5)(weights, agrees, costs).factors;
    expect((costly[0]! / plain[0]! / (costly[2]! / plain[2]!)) ** 5).toBeCloseTo(4, 9);
  });

  it('AdaCost is no help where costly rows are mostly wrong', () => {
    const { alpha } = adaCostRound(weights, agrees, costs);
    // r = -0.0625
    expect(alpha).toBeCloseTo(0.5 * Math.log(0.9375 / 1.0625), 12);
  });

  it('AdaUBoost takes the sum of the weights to its least', () => {
    // 0.25 exp(-α/4) - 0.25 exp(α/4) + 2 exp(-α) = 0, by a root finder.
    const { alpha, factors } = adaUBoostRound(weights, agrees, costs);
    expect(alpha).toBeCloseTo(2.024780675551512, 12);
    [-alpha / 4, alpha / 4, -alpha, -alpha].forEach((exponent, i) => {
      expect(factors[i]).toBeCloseTo(Math.exp(exponent), 12);
    });
    const even = new Float64Array(4).fill(1);
    expect(adaUBoostRound(weights, agrees, even).alpha).toBeCloseTo(0.5493061443, 9);
    expect(adaUBoostRound(weights, Float64Array.of(-1, -1, 1, -1), even).alpha).toBe(0);
  });
});
