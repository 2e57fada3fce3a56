import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matrix } from '../../src/data/matrix.ts';
import { binaryCosts, costThreshold, expectedCost, savings, totalCost } from '../../src/decide/index.ts';
import {
  accuracy,
  allMetrics,
  averagePrecision,
  averagePrecisionOneVsRest,
  balancedAccuracy,
  bestClassWeights,
  bestThreshold,
  brierScore,
  calibrationError,
  calibrationRegression,
  classReport,
  classWiseCalibrationError,
  compareRocAuc,
  confusionMatrix,
  corpDecomposition,
  cumulativeCalibration,
  d2Brier,
  d2LogLoss,
  decisionCurve,
  detectionErrorCurve,
  fBeta,
  gainAt,
  gainsCurve,
  geometricMean,
  hMeasure,
  informedness,
  integratedCalibration,
  kolmogorovSmirnov,
  liftAt,
  logLoss,
  macroAveragePrecision,
  minorityCalibrationError,
  multiLabelReport,
  netBenefit,
  normalisedDiscountedGain,
  partialRocAuc,
  precisionAtK,
  precisionRecallArea,
  precisionRecallGainArea,
  rankScores,
  recall,
  recallAtK,
  reliabilityCurve,
  rocAuc,
  rocAucInterval,
  rocAucOneVsOne,
  rocAucOneVsRest,
  rocCurve,
  rocHullAreaOfRanked,
  type ScoredRows,
  specificity,
  spiegelhalterTest,
  topCalibrationError,
  topKAccuracy,
  topLabelCalibrationError,
  weightedDecisions,
} from '../../src/metrics/index.ts';
import { randomStream } from '../../src/runtime/random.ts';

/** Rows with several classes: probabilities in tenths, decisions, further scores, costs of each row, weights. */
interface Rows {
  readonly classes: number;
  readonly truth: Int32Array;
  readonly decisions: Int32Array;
  readonly tenths: Float64Array;
  readonly second: Float64Array;
  readonly costs: Float64Array;
  readonly weights?: Float64Array | undefined;
}

const rowsOf = (classes: number) =>
  fc
    .array(
      fc.record({
        label: fc.nat(classes - 1),
        decision: fc.nat(classes - 1),
        parts: fc.array(fc.nat(4), { minLength: classes, maxLength: classes }),
        second: fc.nat(5),
        cost: fc.nat(9),
        weight: fc.nat(3),
      }),
      { minLength: 6, maxLength: 30 },
    )
    .map((list): Rows & { weights: Float64Array } => ({
      classes,
      truth: Int32Array.from(list, ({ label }) => label),
      decisions: Int32Array.from(list, ({ decision }) => decision),
      tenths: Float64Array.from(
        list.flatMap(({ parts }) => {
          const total = parts.reduce((sum, part) => sum + part + 1, 0);
          return parts.map((part) => (part + 1) / total);
        }),
      ),
      second: Float64Array.from(list, ({ second }) => second / 5),
      costs: Float64Array.from(list, ({ cost }) => cost + 1),
      weights: Float64Array.from(list, ({ weight }) => weight),
    }));

function picked(rows: Rows, chosen: readonly number[], weights?: Float64Array): Rows {
  const { classes } = rows;
  return {
    classes,
    truth: Int32Array.from(chosen, (row) => rows.truth[row]!),
    decisions: Int32Array.from(chosen, (row) => rows.decisions[row]!),
    tenths: Float64Array.from(chosen.flatMap((row) => [...rows.tenths.subarray(row * classes, (row + 1) * classes)])),
    second: Float64Array.from(chosen, (row) => rows.second[row]!),
    costs: Float64Array.from(chosen, (row) => rows.costs[row]!),
    weights,
  };
}

const repeated = (rows: Rows) =>
  picked(
    rows,
    [...rows.weights!].flatMap((count, row) => new Array<number>(count).fill(row)),
  );

const shuffled = (rows: Rows, seed: number) => {
  const order = [...randomStream(seed, 'rows').permutation(rows.truth.length)];
  return picked(rows, order, rows.weights && Float64Array.from(order, (row) => rows.weights![row]!));
};

/** All numbers in an answer, in their order. */
function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  if (value instanceof Float64Array || Array.isArray(value)) return Array.from<unknown>(value).flatMap(numbersIn);
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(numbersIn) : [];
}

type Measure = (rows: Rows) => unknown;

/** Of the scores of class 1. */
const ofScores = (measure: (rows: ScoredRows) => unknown): Measure => {
  return ({ tenths, classes, truth, weights }) =>
    measure({ scores: tenths.filter((_, at) => at % classes === 1), truth, weights });
};

type ClassRows = Parameters<typeof rocAucOneVsRest>[0];
/** Of the probabilities of all classes. */
const ofClasses = (measure: (rows: ClassRows) => unknown): Measure => {
  return ({ tenths, classes, truth, weights }) =>
    measure({ probabilities: matrix(tenths, truth.length, classes), truth, weights });
};

const weightOf = ({ truth, weights }: Pick<Rows, 'truth' | 'weights'>) =>
  weights ? weights.reduce((sum, weight) => sum + weight, 0) : truth.length;

const measures: Record<string, Measure> = {
  'every metric of the registry': ({ tenths, classes, truth, decisions, weights }) =>
    [null, 0, 1].map((positive) =>
      allMetrics({ probabilities: matrix(tenths, truth.length, classes), truth, decisions, weights, positive }),
    ),
  'class report': ({ truth, decisions, classes, weights }) =>
    classReport(confusionMatrix(truth, decisions, classes, weights)),
  'multi-label report': ({ costs, classes, truth, decisions, weights }) => {
    const cells = (of: Int32Array, every: number) =>
      Array.from(of, (code, row) =>
        Array.from({ length: classes }, (_, label) => Number((code * (label + 1) + costs[row]!) % every === 0)),
      ).flat();
    return multiLabelReport({ truth: cells(truth, 3), predicted: cells(decisions, 2), labels: classes, weights });
  },
  'ROC-AUC': ofScores(rocAuc),
  'partial ROC-AUC': ofScores((rows) => partialRocAuc({ ...rows, maxFpr: 0.3 })),
  'ROC hull': ofScores((rows) => rocHullAreaOfRanked(rankScores(rows))),
  'ROC curve': ofScores((rows) => rocCurve(rankScores(rows))),
  'DET curve': ofScores((rows) => detectionErrorCurve(rankScores(rows))),
  'average precision': ofScores(averagePrecision),
  'precision-recall area': ofScores((rows) => precisionRecallArea(rows)),
  'precision-recall area by trapezoids': ofScores((rows) =>
    precisionRecallArea({ ...rows, interpolation: 'trapezoid' }),
  ),
  'precision-recall-gain area': ofScores(precisionRecallGainArea),
  'Kolmogorov-Smirnov': ofScores(kolmogorovSmirnov),
  'H-measure': ofScores((rows) => [hMeasure(rows), hMeasure({ ...rows, costs: 'shares' })]),
  'gains and lift': ofScores((rows) => [
    gainAt({ ...rows, share: 0.37 }),
    liftAt({ ...rows, share: 0.37 }),
    gainsCurve(rankScores(rows)),
  ]),
  'at k': ofScores((rows) => {
    const k = Math.min(3, weightOf(rows));
    return [precisionAtK({ ...rows, k }), recallAtK({ ...rows, k }), normalisedDiscountedGain({ ...rows, k })];
  }),
  'CORP of both scores': ofScores((rows) => [corpDecomposition(rows), corpDecomposition({ ...rows, score: 'log' })]),
  'calibration regression': ofScores(calibrationRegression),
  Spiegelhalter: ofScores(spiegelhalterTest),
  'cumulative calibration': ofScores(cumulativeCalibration),
  'calibration errors': ofScores((rows) =>
    (['guo', 'sklearn', 'netcal', 'adaptive', 'mapie'] as const).map((preset) => calibrationError({ ...rows, preset })),
  ),
  'top calibration error': ofScores((rows) => topCalibrationError({ ...rows, share: 0.3 })),
  'integrated calibration': ofScores((rows) =>
    (['interpolate', 'direct'] as const).map((surface) => {
      const { ici, e50, e90, eMax } = integratedCalibration({ ...rows, surface, span: 0.9 });
      return [ici, e50, e90, eMax];
    }),
  ),
  'reliability curve': ofScores((rows) => reliabilityCurve({ ...rows, bins: 4 })),
  'decision curve': ofScores((rows) => [
    decisionCurve({ ...rows, thresholds: [0.1, 0.4, 0.8] }),
    netBenefit({ ...rows, threshold: 0.3, prevalence: 0.1 }),
  ]),
  'DeLong interval': ofScores(rocAucInterval),
  'DeLong comparison': ({ tenths, classes, truth, second, weights }) =>
    compareRocAuc({ first: tenths.filter((_, at) => at % classes === 1), second, truth, weights }),
  'best threshold': ofScores((rows) => bestThreshold({ ...rows, objective: (counts) => fBeta(counts, 1) })),
  'best class weights': ofClasses((rows) => bestClassWeights({ ...rows, objective: balancedAccuracy }).value),
  'ROC-AUC of several classes': ofClasses((rows) => [
    ...(['macro', 'weighted', 'micro'] as const).map((average) => rocAucOneVsRest({ ...rows, average })),
    ...(['macro', 'weighted'] as const).map((average) => rocAucOneVsOne({ ...rows, average })),
  ]),
  'average precision of several classes': ofClasses((rows) => [
    macroAveragePrecision(rows),
    ...(['macro', 'weighted', 'micro'] as const).map((average) => averagePrecisionOneVsRest({ ...rows, average })),
  ]),
  'losses and what is explained of them': ofClasses((rows) => [
    brierScore({ ...rows, positive: null }),
    brierScore({ ...rows, positive: 1 }),
    logLoss(rows),
    d2Brier(rows),
    d2LogLoss(rows),
  ]),
  'calibration errors of classes': ofClasses((rows) => [
    topLabelCalibrationError(rows),
    classWiseCalibrationError(rows),
    minorityCalibrationError(rows),
  ]),
  'top-k accuracy': ofClasses((rows) => topKAccuracy({ ...rows, k: 1 })),
  'costs and savings': ({ truth, decisions, costs, weights }) => {
    const rows = {
      truth,
      decisions: decisions.map((label) => Number(label === 1)),
      costs: { falsePositive: 2, falseNegative: costs },
      weights,
    };
    return [totalCost(rows), savings(rows)];
  },
};

function expectSame(first: unknown, second: unknown): void {
  const [some, others] = [numbersIn(first), numbersIn(second)];
  expect(some).toHaveLength(others.length);
  some.forEach((value, i) => {
    const other = others[i]!;
    if (Number.isNaN(value) || !Number.isFinite(value)) expect(value).toBe(other);
    else expect(Math.abs(value - other)).toBeLessThan(1e-8 * Math.max(1, Math.abs(other)));
  });
}

describe.each(Object.entries(measures))('%s', (_, measure) => {
  const rows = fc.integer({ min: 2, max: 4 }).chain(rowsOf);

  it('takes integer weights for repeated rows', () => {
    fc.assert(
      fc.property(rows, (one) => {
        fc.pre(weightOf(one) > 0);
        expectSame(measure(one), measure(repeated(one)));
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  it('does not depend on the order of the rows, tied ones included', () => {
    fc.assert(
      fc.property(rows, fc.nat(1000), (one, seed) => {
        fc.pre(weightOf(one) > 0);
        expectSame(measure(shuffled(one, seed)), measure(one));
      }),
      { numRuns: 40, seed: 2 },
    );
  });
});

const scored = fc
  .array(fc.tuple(fc.nat(12), fc.nat(1), fc.oneof(fc.constant(0), fc.double({ min: 1e-6, max: 3, noNaN: true }))), {
    minLength: 2,
    maxLength: 40,
  })
  .map((list) => ({
    scores: Float64Array.from(list, ([score]) => score / 12),
    truth: Int32Array.from(list, ([, label]) => label),
    weights: Float64Array.from(list, ([, , weight]) => weight),
  }));

describe('identities', () => {
  it('score = miscalibration - discrimination + uncertainty, to 1e-15 a unit', () => {
    fc.assert(
      fc.property(scored, fc.constantFrom('brier' as const, 'log' as const), (rows, score) => {
        const parts = corpDecomposition({ ...rows, score });
        fc.pre(!Number.isNaN(parts.score));
        const gap = parts.score - (parts.miscalibration - parts.discrimination + parts.uncertainty);
        expect(Math.abs(gap)).toBeLessThanOrEqual(1e-15 * Math.max(1, parts.score));
      }),
    );
  });

  it('an area is 1 less that of the scores turned round, and of the classes turned round', () => {
    fc.assert(
      fc.property(scored, (rows) => {
        const area = rocAuc(rows);
        fc.pre(!Number.isNaN(area));
        expect(rocAuc({ ...rows, scores: rows.scores.map((score) => -score) })).toBeCloseTo(1 - area, 13);
        expect(rocAuc({ ...rows, positive: 0 })).toBeCloseTo(1 - area, 13);
      }),
    );
  });
});

/**
 * A population without noise: at each probability p of a grid as many rows as `density` says, a share p of them positive.
 * So the probabilities are exactly right.
 */
function calibratedPopulation(density: (p: number) => number) {
  const grid = Array.from({ length: 499 }, (_, i) => (i + 1) / 500);
  return {
    scores: Float64Array.from(grid.flatMap((p) => [p, p])),
    truth: Int32Array.from(grid.flatMap(() => [1, 0])),
    weights: Float64Array.from(grid.flatMap((p) => [density(p) * p, density(p) * (1 - p)])),
  };
}

describe('best thresholds on right probabilities', () => {
  const populations = [
    calibratedPopulation((p) => (1 - p) ** 6),
    calibratedPopulation((p) => p ** 0.3 * (1 - p) ** 20),
    calibratedPopulation((p) => 1 + Math.sin(9 * p) ** 2),
  ];
  const prevalenceOf = ({ truth, weights }: (typeof populations)[number]) =>
    weights.reduce((sum, weight, row) => sum + weight * truth[row]!, 0) /
    weights.reduce((sum, weight) => sum + weight, 0);

  /** Every score from the threshold on is at least `bound`, every other at most. */
  const expectCut = ({ scores }: { scores: Float64Array }, threshold: number, bound: number) => {
    for (const score of scores) {
      if (score >= threshold) expect(score).toBeGreaterThanOrEqual(bound - 1e-9);
      else expect(score).toBeLessThanOrEqual(bound + 1e-9);
    }
  };

  it.each(populations.map((rows, i) => [i, rows] as const))('population %i', (_, rows) => {
    const prevalence = prevalenceOf(rows);
    const youden = bestThreshold({ ...rows, objective: (counts) => informedness(counts) });
    expectCut(rows, youden.threshold, prevalence);
    const balanced = bestThreshold({ ...rows, objective: (counts) => (recall(counts) + specificity(counts)) / 2 });
    expectCut(rows, balanced.threshold, prevalence);
    const { statistic, threshold } = kolmogorovSmirnov(rows);
    expect(statistic).toBeCloseTo(youden.value, 12);
    expectCut(rows, threshold, prevalence);

    const f1 = bestThreshold({ ...rows, objective: (counts) => fBeta(counts, 1) });
    expectCut(rows, f1.threshold, f1.value / 2);
    const f2 = bestThreshold({ ...rows, objective: (counts) => fBeta(counts, 2) });
    expectCut(rows, f2.threshold, f2.value / 5);

    const total = rows.weights.reduce((sum, weight) => sum + weight, 0);
    const right = bestThreshold({ ...rows, objective: ({ tp, tn }) => (tp + tn) / total });
    expectCut(rows, right.threshold, 0.5);
    for (const falseNegative of [0.3, 1, 7, 60]) {
      const cheapest = bestThreshold({ ...rows, objective: ({ fp, fn }) => -(fp + falseNegative * fn) });
      expectCut(rows, cheapest.threshold, costThreshold(binaryCosts({ falseNegative, falsePositive: 1 })));
    }
  });

  it('the geometric mean is best where the ROC curve has slope (TPR / TNR) (N / P) and lies at no other threshold', () => {
    for (const rows of populations) {
      const found = bestThreshold({ ...rows, objective: (c) => Math.sqrt(recall(c) * specificity(c)) });
      const { tp, fn, fp, tn } = found.counts;
      // From the derivative: flag p where p / π × TNR >= (1 - p) / (1 - π) × TPR.
      const [tpr, tnr] = [tp / (tp + fn), tn / (tn + fp)];
      const odds = (tpr / tnr) * ((tp + fn) / (tn + fp));
      expect(found.value).toBeGreaterThan(0.5);
      const bound = odds / (1 + odds);
      for (const score of rows.scores) {
        if (score >= found.threshold) expect(score).toBeGreaterThan(bound - 0.01);
        else expect(score).toBeLessThan(bound + 0.01);
      }
    }
  });

  it('of several classes the balanced accuracy is best by p / π, the accuracy by p, the cost by its expectation', () => {
    // Every composition of 1 in fortieths, weighted towards class 0; each cell has its shares of all three classes.
    const cells: [number, number, number][] = [];
    for (let a = 1; a < 40; a++) for (let b = 1; a + b < 40; b++) cells.push([a / 40, b / 40, (40 - a - b) / 40]);
    const density = ([a, b]: readonly [number, number, number]) => a ** 3 * (b + 0.05);
    const probabilities = matrix(Float64Array.from(cells.flatMap((p) => [...p, ...p, ...p])), 3 * cells.length, 3);
    const truth = Int32Array.from(cells.flatMap(() => [0, 1, 2]));
    const weights = Float64Array.from(cells.flatMap((p) => p.map((share) => share * density(p))));
    const shares = [0, 1, 2].map((label) => weights.reduce((sum, w, row) => sum + (truth[row] === label ? w : 0), 0));
    const confusionOf = (decisions: Int32Array) => confusionMatrix(truth, decisions, 3, weights);
    const byPrior = confusionOf(
      weightedDecisions(
        probabilities,
        shares.map((share) => 1 / share),
      ),
    );
    const found = bestClassWeights({ probabilities, truth, weights, objective: balancedAccuracy });
    expect(found.value).toBeLessThanOrEqual(balancedAccuracy(byPrior) + 1e-12);
    expect(found.value).toBeGreaterThan(balancedAccuracy(byPrior) - 1e-6);
    const likeliest = confusionOf(weightedDecisions(probabilities));
    const best = bestClassWeights({ probabilities, truth, weights, objective: accuracy });
    expect(best.value).toBeLessThanOrEqual(accuracy(likeliest) + 1e-12);
    expect(accuracy(likeliest)).toBeGreaterThan(accuracy(byPrior));
    expect(geometricMean(byPrior)).toBeGreaterThan(geometricMean(likeliest));
    // A cost that hangs on the true class alone is a weight of that class.
    const misses = [1, 3, 8];
    const byClass = misses.map((_, i) => misses.map((miss, j) => (i === j ? 0 : miss)));
    const atCost = bestClassWeights({
      probabilities,
      truth,
      weights,
      objective: (confusion) => -expectedCost(confusion, byClass),
    });
    const leastByClass = expectedCost(confusionOf(weightedDecisions(probabilities, misses)), byClass);
    expect(-atCost.value).toBeGreaterThanOrEqual(leastByClass - 1e-12);
    expect(-atCost.value).toBeLessThan(leastByClass * 1.001);
    const even = bestClassWeights({ probabilities, truth, weights, objective: (one) => geometricMean(one) });
    expect(even.value).toBeGreaterThanOrEqual(geometricMean(byPrior));
    const costs = [
      [0, 3, 9],
      [1, 0, 4],
      [2, 2, 0],
    ];
    const cheapest = Int32Array.from(truth, (_, row) => {
      const p = probabilities.data.subarray(3 * row, 3 * row + 3);
      const expected = costs.map((line) => line.reduce((sum, cost, label) => sum + cost * p[label]!, 0));
      return expected.indexOf(Math.min(...expected));
    });
    const least = expectedCost(confusionOf(cheapest), costs);
    for (const other of [byPrior, likeliest, found.confusion])
      expect(least).toBeLessThanOrEqual(expectedCost(other, costs));
  });
});
