import { describe, expect, it } from 'vitest';
import {
  binaryCounts,
  confusionMatrix,
  decisionMetrics,
  fBeta,
  geometricMean,
  specificity,
} from '../../src/metrics/index.ts';

const truth = Int32Array.of(0, 1, 2, 0, 1, 2, 0, 0, 1, 2, 2, 1, 0, 0, 2);
const predicted = Int32Array.of(0, 2, 1, 0, 0, 2, 0, 1, 1, 2, 2, 1, 0, 2, 2);

describe('decisionMetrics', () => {
  it('gives the published multi-class values', () => {
    const values = decisionMetrics(confusionMatrix(truth, predicted, 3), null);
    expect(values.matthewsCorrcoef).toBeCloseTo(0.5, 14);
    expect(values.cohenKappa).toBeCloseTo(0.4966442953020135, 14);
    expect(values.balancedAccuracy).toBeCloseTo(0.6555555555555556, 14);
    expect(values.f1).toBeCloseTo(0.6515151515151514, 14);
  });

  it('does not change when classes are renamed', () => {
    const rename = (codes: Int32Array) => codes.map((code) => [2, 0, 1][code]!);
    const before = decisionMetrics(confusionMatrix(truth, predicted, 3), null);
    const after = decisionMetrics(confusionMatrix(rename(truth), rename(predicted), 3), null);
    for (const [name, value] of Object.entries(before)) expect(after[name as 'f1'], name).toBeCloseTo(value, 14);
  });

  it('swaps recall and specificity when the other class is called positive', () => {
    const confusion = confusionMatrix(Int32Array.of(0, 0, 0, 1, 1), Int32Array.of(0, 1, 1, 1, 0), 2);
    const one = decisionMetrics(confusion, 1);
    const zero = decisionMetrics(confusion, 0);
    expect([one.recall, one.specificity]).toEqual([zero.specificity, zero.recall]);
    expect(one.recall).toBe(0.5);
    expect(one.specificity).toBeCloseTo(1 / 3, 15);
    expect(one.geometricMean).toBeCloseTo(Math.sqrt(1 / 6), 15);
  });

  it('counts a class that is never predicted as precision 0 in the macro average', () => {
    const confusion = confusionMatrix(Int32Array.of(0, 0, 1), Int32Array.of(0, 0, 0), 2);
    expect(decisionMetrics(confusion, null).precision).toBeCloseTo((2 / 3 + 0) / 2, 15);
    expect(decisionMetrics(confusion, 1).precision).toBeNaN();
    expect(decisionMetrics(confusion, 1).matthewsCorrcoef).toBe(0);
  });
});

describe('specificity', () => {
  it('stays a share when rows are weighted, where imbalanced-learn 0.14 leaves 0 .. 1', () => {
    const weights = Float64Array.of(1, 2, 3, 4, 5);
    const confusion = confusionMatrix(Int32Array.of(0, 0, 0, 1, 1), Int32Array.of(0, 0, 1, 1, 0), 2, weights);
    expect(specificity(binaryCounts(confusion, 1))).toBe(0.5);
  });
});

describe('geometricMean', () => {
  it('is the K-th root of the product of recalls over classes that have rows', () => {
    const confusion = { classes: 3, counts: Float64Array.of(8, 1, 1, 2, 6, 2, 5, 0, 5) };
    expect(geometricMean(confusion)).toBeCloseTo((0.8 * 0.6 * 0.5) ** (1 / 3), 15);
    const onlyPredicted = { classes: 3, counts: Float64Array.of(9, 0, 1, 6, 4, 0, 0, 0, 0) };
    expect(geometricMean(onlyPredicted)).toBeCloseTo(Math.sqrt(0.9 * 0.4), 15);
  });
});

describe('fBeta', () => {
  it('weighs recall beta times as much as precision', () => {
    const counts = { tp: 30, fp: 10, fn: 20, tn: 40 };
    const [p, r] = [0.75, 0.6];
    for (const beta of [0.5, 1, 2])
      expect(fBeta(counts, beta)).toBeCloseTo(((1 + beta ** 2) * p * r) / (beta ** 2 * p + r), 14);
    expect(fBeta({ tp: 0, fp: 0, fn: 5, tn: 5 }, 1)).toBe(0);
  });
});
