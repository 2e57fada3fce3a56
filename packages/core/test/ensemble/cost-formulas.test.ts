import { describe, expect, it } from 'vitest';
import {
  adaC1Round,
  adaC2Round,
  adaC3Round,
  adaCostMoves,
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

  it('AsymBoost takes up the ratio of the costs over all rounds', () => {
    const even = Float64Array.of(1, 1, 1, 1);
    const plain = asymBoostRound(5)(weights, agrees, even).factors;
    const costly = asymBoostRound(5)(weights, agrees, costs).factors;
    expect((costly[0]! / plain[0]! / (costly[2]! / plain[2]!)) ** 5).toBeCloseTo(4, 9);
  });

  it('AdaCost is no help where costly rows are mostly wrong', () => {
    const r = adaCostMoves(agrees, costs).reduce((sum, move, i) => sum + move * weights[i]!, 0);
    expect(r).toBeCloseTo(-0.0625, 12);
    expect(adaCostRound(1)(weights, agrees, costs).alpha).toBe(0);
  });

  it('AdaCost of no costs to speak of is AdaBoost, of which each move is half as far', () => {
    const { alpha, factors } = adaCostRound(1e-12)(weights, agrees, costs);
    expect(alpha).toBeCloseTo(0.5493061443, 9);
    expect(factors[1]! / factors[0]!).toBeCloseTo(3, 9);
  });

  it('AdaCost raises a dear row further than a cheap one and lowers it less', () => {
    const mixed = Float64Array.of(1, 1, 1, 1, -1, -1);
    const dear = Float64Array.of(1, 0.2, 0.2, 0.2, 1, 0.2);
    const { alpha: half, factors } = adaCostRound(0.5)(new Float64Array(6).fill(1 / 6), mixed, dear);
    const alpha = 2 * half;
    // β of right rows is 0.25 and 0.45, of wrong ones 0.75 and 0.55; 0.25 e^(-α/4) + 1.35 e^(-0.45α) = 0.75 e^(0.75α) + 0.55 e^(0.55α).
    const slope = 0.25 * Math.exp(-alpha / 4) + 1.35 * Math.exp(-0.45 * alpha);
    expect(slope).toBeCloseTo(0.75 * Math.exp(0.75 * alpha) + 0.55 * Math.exp(0.55 * alpha), 12);
    [-0.25, -0.45, -0.45, -0.45, 0.75, 0.55].forEach((move, i) => {
      expect(factors[i]).toBeCloseTo(Math.exp(alpha * move), 12);
    });
  });

  it('members that are sure count for more', () => {
    const unsure = Float64Array.of(0.2, -0.2, 0.6, 0.6);
    const { alpha } = asymBoostRound(10)(weights, unsure, new Float64Array(4).fill(1));
    const slope = unsure.reduce((sum, move) => sum + move * Math.exp(-alpha * move), 0);
    expect(slope).toBeCloseTo(0, 12);
    expect(alpha).toBeGreaterThan(1);
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
