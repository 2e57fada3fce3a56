import { describe, expect, it } from 'vitest';
import {
  adjustedBalancedAccuracy,
  type BinaryCounts,
  binaryCounts,
  classGeometricMean,
  classReport,
  cohenKappa,
  confusionMatrix,
  fBeta,
  geometricMean,
  indexBalancedAccuracy,
  informedness,
  jaccard,
  macroAbsoluteError,
  markedness,
  matthewsCorrcoef,
  multiLabelCounts,
  multiLabelReport,
  negativeLikelihoodRatio,
  negativePredictiveValue,
  positiveLikelihoodRatio,
  precision,
  prevalenceAdjustedPrecision,
  weightedKappa,
} from '../../src/metrics/index.ts';
import { binaryCases, moreCases, moreFixture } from './more-fixture.ts';

const three = confusionMatrix(
  Int32Array.of(0, 1, 2, 0, 1, 2, 0, 0, 1, 2, 2, 1, 0, 0, 2),
  Int32Array.of(0, 2, 1, 0, 0, 2, 0, 1, 1, 2, 2, 1, 0, 2, 2),
  3,
);
const half: BinaryCounts = { tp: 7, fp: 3, fn: 3, tn: 7 };

describe('weightedKappa', () => {
  it('has the published values of the fifteen points', () => {
    expect(weightedKappa(three, 'none')).toBeCloseTo(0.4966442953020135, 15);
    expect(weightedKappa(three, 'linear')).toBeCloseTo(0.5714285714285714, 15);
    expect(weightedKappa(three, 'quadratic')).toBeCloseTo(0.6385542168674698, 15);
  });

  it('agrees with scikit-learn, and unweighted with cohenKappa', () => {
    for (const { confusion, expected } of moreCases) {
      expect(weightedKappa(confusion, 'linear')).toBeCloseTo(expected['kappaLinear']!, 12);
      expect(weightedKappa(confusion, 'quadratic')).toBeCloseTo(expected['kappaQuadratic']!, 12);
      expect(weightedKappa(confusion, 'none')).toBeCloseTo(cohenKappa(confusion), 12);
    }
  });

  it('is undefined where all is one class', () => {
    const one = confusionMatrix(Int32Array.of(0, 0), Int32Array.of(0, 0), 3);
    expect(weightedKappa(one, 'linear')).toBeNaN();
    expect(weightedKappa(one, 'linear', { undefinedAs: 1 })).toBe(1);
  });
});

describe('adjustedBalancedAccuracy', () => {
  it('agrees with scikit-learn', () => {
    for (const { confusion, expected } of moreCases) {
      expect(adjustedBalancedAccuracy(confusion)).toBeCloseTo(expected['adjustedBalancedAccuracy']!, 12);
    }
  });

  it('is 0 for a constant prediction and undefined for one class', () => {
    const constant = confusionMatrix(Int32Array.of(0, 1, 2, 2), Int32Array.of(1, 1, 1, 1), 3);
    expect(adjustedBalancedAccuracy(constant)).toBeCloseTo(0, 15);
    expect(adjustedBalancedAccuracy(confusionMatrix(Int32Array.of(0), Int32Array.of(0), 2))).toBeNaN();
  });
});

describe('macroAbsoluteError', () => {
  it('agrees with imbalanced-learn', () => {
    for (const { confusion, expected } of moreCases) {
      expect(macroAbsoluteError(confusion)).toBeCloseTo(expected['macroAbsoluteError']!, 12);
    }
  });

  it('takes distances between given grades', () => {
    const wrong = confusionMatrix(Int32Array.of(0, 0, 2), Int32Array.of(0, 1, 0), 3);
    expect(macroAbsoluteError(wrong)).toBe((0.5 + 2) / 2);
    expect(macroAbsoluteError(wrong, { values: [1, 10, 100] })).toBe((4.5 + 99) / 2);
    expect(() => macroAbsoluteError(wrong, { values: [1] })).toThrow(/3 entries/);
  });
});

describe('measures of four counts', () => {
  it('agree with scikit-learn', () => {
    for (const { confusion, expected } of binaryCases) {
      const counts = binaryCounts(confusion, 1);
      const ratios = [positiveLikelihoodRatio(counts), negativeLikelihoodRatio(counts)];
      const truths = [expected['positiveLikelihoodRatio'], expected['negativeLikelihoodRatio']];
      ratios.forEach((ratio, i) => {
        if (truths[i] === null) expect(ratio).toBeNaN();
        else expect(Math.abs(ratio - truths[i]!)).toBeLessThan(1e-12 * Math.max(1, truths[i]!));
      });
      expect(jaccard(counts, { undefinedAs: 0 })).toBeCloseTo(expected['jaccard']!, 12);
    }
  });

  it('are tied together: informedness × markedness = MCC²', () => {
    for (const { confusion } of binaryCases) {
      const counts = binaryCounts(confusion, 1);
      if (Number.isNaN(markedness(counts))) continue;
      expect(informedness(counts) * markedness(counts)).toBeCloseTo(matthewsCorrcoef(confusion) ** 2, 12);
    }
    expect(informedness(half)).toBeCloseTo(0.4, 15);
    expect(negativePredictiveValue(half)).toBe(0.7);
  });

  it('adjust precision to another prevalence, and leave it at its own', () => {
    expect(prevalenceAdjustedPrecision(half, 0.5)).toBeCloseTo(precision(half), 15);
    // 70 % found and 30 % flagged of one positive in a hundred.
    expect(prevalenceAdjustedPrecision(half, 0.01)).toBeCloseTo(0.007 / (0.007 + 0.297), 15);
    const balanced = { tp: 70, fp: 30, fn: 30, tn: 70 };
    const real = { tp: 70, fp: 2970, fn: 30, tn: 6930 };
    expect(prevalenceAdjustedPrecision(balanced, 100 / 10000)).toBeCloseTo(precision(real), 15);
    expect(prevalenceAdjustedPrecision({ tp: 0, fp: 0, fn: 1, tn: 1 }, 0.1)).toBeNaN();
    expect(() => prevalenceAdjustedPrecision(half, 2)).toThrow(/prevalence/);
  });

  it('stay in range with weights, where a count of rows in place of true negatives would not', () => {
    const weighted = confusionMatrix(
      Int32Array.of(1, 0, 0, 0, 1),
      Int32Array.of(1, 1, 0, 0, 0),
      2,
      Float64Array.of(1, 2, 3, 1, 4),
    );
    const counts = binaryCounts(weighted, 1);
    expect(counts.tn / (counts.tn + counts.fp)).toBeCloseTo(2 / 3, 15);
    expect(indexBalancedAccuracy(counts)).toBeCloseTo((1 + 0.1 * (0.2 - 2 / 3)) * 0.2 * (2 / 3), 15);
  });

  it('are undefined where a formula is 0 / 0', () => {
    const nothing = { tp: 0, fp: 0, fn: 0, tn: 5 };
    for (const measure of [jaccard, informedness, markedness, classGeometricMean, positiveLikelihoodRatio]) {
      expect(measure(nothing)).toBeNaN();
      expect(measure(nothing, { undefinedAs: 0 })).toBe(0);
    }
    expect(indexBalancedAccuracy(nothing, { undefinedAs: 0 })).toBe(0);
  });
});

describe('fBeta', () => {
  it('is the precision at 0 and the recall at infinity', () => {
    const counts = { tp: 3, fp: 1, fn: 6, tn: 2 };
    expect(fBeta(counts, 0)).toBe(0.75);
    expect(fBeta(counts, Number.POSITIVE_INFINITY)).toBeCloseTo(1 / 3, 15);
    expect(fBeta(counts, 1e9)).toBeCloseTo(1 / 3, 12);
    expect(fBeta({ tp: 0, fp: 1, fn: 0, tn: 2 }, Number.POSITIVE_INFINITY)).toBeNaN();
  });
});

describe('indexBalancedAccuracy', () => {
  it('prefers the side that serves the positive class, by alpha', () => {
    const positiveSide = { tp: 9, fp: 3, fn: 1, tn: 7 };
    const negativeSide = { tp: 7, fp: 1, fn: 3, tn: 9 };
    expect(indexBalancedAccuracy(positiveSide)).toBeCloseTo(1.02 * 0.63, 15);
    expect(indexBalancedAccuracy(negativeSide)).toBeCloseTo(0.98 * 0.63, 15);
    expect(indexBalancedAccuracy(positiveSide, { alpha: 0, squared: false })).toBeCloseTo(Math.sqrt(0.63), 15);
    expect(indexBalancedAccuracy(positiveSide, { score: () => 0.5, alpha: 1 })).toBeCloseTo(1.2 * 0.25, 15);
  });
});

describe('geometricMean', () => {
  it('takes a correction for missed classes', () => {
    const missed = confusionMatrix(Int32Array.of(0, 1, 2), Int32Array.of(0, 1, 1), 3);
    expect(geometricMean(missed)).toBe(0);
    expect(geometricMean(missed, { correction: 0.001 })).toBeCloseTo(0.1, 14);
  });
});

describe('classReport', () => {
  it('averages as scikit-learn', () => {
    for (const { confusion, averages } of moreCases) {
      const report = classReport(confusion, { beta: 0.5, undefinedAs: 0 });
      for (const average of ['micro', 'macro', 'weighted'] as const) {
        for (const [name, value] of Object.entries(averages[average])) {
          expect(report[average][name as 'precision'], `${average} ${name}`).toBeCloseTo(value, 12);
        }
      }
    }
  });

  it('has the specificity, geometric mean and index balanced accuracy of imbalanced-learn a class', () => {
    for (const { truth, decisions, classes, report: expected } of moreCases) {
      const { classes: lines } = classReport(confusionMatrix(truth, decisions, classes), { undefinedAs: 0 });
      lines
        .filter(({ support }) => support > 0)
        .forEach(({ specificity, geometricMean: mean, indexBalancedAccuracy: balanced }, i) => {
          expect(specificity).toBeCloseTo(expected[i]![0], 12);
          expect(mean).toBeCloseTo(expected[i]![1], 12);
          expect(balanced).toBeCloseTo(expected[i]![2], 12);
        });
    }
  });

  it('leaves out classes that never occur and counts precision 0 for a class never predicted', () => {
    const report = classReport(confusionMatrix(Int32Array.of(0, 0, 1, 3), Int32Array.of(0, 0, 0, 3), 5));
    expect(report.classes.map((line) => [line.class, line.support, line.predicted])).toEqual([
      [0, 2, 3],
      [1, 1, 0],
      [3, 1, 1],
    ]);
    expect(report.classes[1]!.precision).toBeNaN();
    expect(report.macro.precision).toBeCloseTo((2 / 3 + 0 + 1) / 3, 15);
    expect(report.macro.recall).toBeCloseTo(2 / 3, 15);
  });
});

describe('multiLabelReport', () => {
  it('averages as scikit-learn, samples included', () => {
    for (const { labels, truth, predicted, weights, averages, subsetAccuracy, hammingLoss } of moreFixture.multiLabel) {
      const report = multiLabelReport({
        truth,
        predicted,
        labels,
        ...(weights ? { weights: Float64Array.from(weights) } : {}),
        beta: 0.5,
        undefinedAs: 0,
      });
      for (const average of ['micro', 'macro', 'weighted', 'samples'] as const) {
        for (const [name, value] of Object.entries(averages[average])) {
          expect(report[average][name as 'precision'], `${average} ${name}`).toBeCloseTo(value, 12);
        }
      }
      expect(report.subsetAccuracy).toBeCloseTo(subsetAccuracy, 12);
      expect(report.hammingLoss).toBeCloseTo(hammingLoss, 12);
    }
  });

  it('leaves rows without any label out of the samples average', () => {
    const rows = { truth: [1, 0, 0, 0, 1, 1], predicted: [1, 0, 0, 0, 1, 0], labels: 2 };
    const report = multiLabelReport(rows);
    expect(report.samples.recall).toBe(0.75);
    expect(report.samples.precision).toBe(1);
    expect(report.subsetAccuracy).toBeCloseTo(2 / 3, 15);
    expect(multiLabelCounts(rows)[1]).toEqual({ tp: 0, fp: 0, fn: 1, tn: 2 });
  });

  it('refuses cells that are no labels', () => {
    expect(() => multiLabelReport({ truth: [0, 2], predicted: [0, 1], labels: 2 })).toThrow(/0 and 1/);
    expect(() => multiLabelReport({ truth: [0, 1, 1], predicted: [0, 1, 1], labels: 2 })).toThrow(/labels/);
    expect(multiLabelReport({ truth: [], predicted: [], labels: 2 }).samples.recall).toBeNaN();
  });
});
