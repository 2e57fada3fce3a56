import { describe, expect, it } from 'vitest';
import {
  balancedAccuracy,
  binaryCounts,
  cohenKappa,
  confusionMatrix,
  decisionCurve,
  macroFBeta,
  matthewsCorrcoef,
  netBenefit,
  rowCostDecisions,
  savings,
  totalCost,
  weightedKappa,
} from '../../src/index.ts';
import { expectAllPrinted, expectPrinted, half, twenty } from './golden.ts';

describe('decisions of the twenty points at a half', () => {
  it('counts, and the agreement they have', () => {
    const confusion = confusionMatrix(twenty.truth, half, 2);
    expect(binaryCounts(confusion, 1)).toEqual({ tn: 7, fp: 3, fn: 3, tp: 7 });
    expectPrinted(matthewsCorrcoef(confusion), '.4');
    expectPrinted(cohenKappa(confusion), '.4');
    expectPrinted(balancedAccuracy(confusion), '.7');
  });

  it('net benefit, and that of treating all', () => {
    const { netBenefit: model, treatAll } = decisionCurve({ ...twenty, thresholds: [0.1, 0.2, 0.5] });
    expectAllPrinted(model, '.45 .35 .2');
    expectAllPrinted(treatAll, '.4444444444444444 .375 0');
    expectPrinted(netBenefit({ ...twenty, threshold: 0.2 }), '.35');
  });
});

describe('decisions of three classes', () => {
  it('have the published agreement', () => {
    const confusion = confusionMatrix(
      Int32Array.of(0, 1, 2, 0, 1, 2, 0, 0, 1, 2, 2, 1, 0, 0, 2),
      Int32Array.of(0, 2, 1, 0, 0, 2, 0, 1, 1, 2, 2, 1, 0, 2, 2),
      3,
    );
    expectPrinted(matthewsCorrcoef(confusion), '.5');
    expectPrinted(cohenKappa(confusion), '.4966442953020135');
    expectPrinted(weightedKappa(confusion, 'linear'), '.5714285714285714');
    expectPrinted(weightedKappa(confusion, 'quadratic'), '.6385542168674698');
    expectPrinted(balancedAccuracy(confusion), '.6555555555555556');
    expectPrinted(macroFBeta(confusion, 1), '.6515151515151514');
  });
});

describe('costs of each row', () => {
  const rows = {
    truth: Int32Array.of(0, 1, 1, 0),
    costs: { falsePositive: Float64Array.of(4, 1, 2, 2), falseNegative: Float64Array.of(1, 3, 3, 1) },
  };

  it('add up to 3 and save a half', () => {
    const decisions = Int32Array.of(0, 1, 0, 0);
    expect(totalCost({ ...rows, decisions })).toBe(3);
    expect(savings({ ...rows, decisions })).toBe(0.5);
  });

  it('decide at (FP - TN) / (FN - TN - TP + FP), reached', () => {
    // 4 / 5, 1 / 4, 2 / 5, 2 / 3.
    const decide = (scores: number[]) => [...rowCostDecisions(Float64Array.from(scores), rows.costs)];
    expect(decide([0.8, 0.25, 0.4, 2 / 3])).toEqual([1, 1, 1, 1]);
    expect(decide([0.79, 0.24, 0.39, 0.66])).toEqual([0, 0, 0, 0]);
  });
});
