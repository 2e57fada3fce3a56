import { averagePrecisionOfRanked } from './average-precision.ts';
import { columnOf, requireClass, requireLength } from './checks.ts';
import { confusionMatrix } from './confusion.ts';
import { decisionMetrics } from './decision-metrics.ts';
import { expectedCalibrationError } from './expected-calibration.ts';
import type { MetricName } from './metric-info.ts';
import { type ClassScoredRows, meanOverPresent, rankEachClass } from './one-vs-rest.ts';
import { brierLosses, logLosses, requireClassProbabilities, weightedMean } from './probability-losses.ts';
import { type RankedScores, rankScores } from './ranked-scores.ts';
import { rocAucOfRanked } from './roc-auc.ts';
import type { UndefinedOption } from './undefined-value.ts';

/** Everything that all metrics together need of a set of rows. */
export interface PredictedRows extends ClassScoredRows {
  /** Predicted class codes. */
  readonly decisions: Int32Array;
  /** The class that binary metrics speak of; null for macro averages over the classes. */
  readonly positive: number | null;
}

/**
 * Every metric at once, from one sort a class: keys are `metricNames`. With `positive` null the ranking metrics are means
 * over the classes that have rows, each against the rest. Undefined values are NaN unless `undefinedAs` is given.
 *
 * Throws `bad-scores`, `bad-labels`, `bad-weights`, `shape-mismatch`, `bad-option`.
 */
export function allMetrics(rows: PredictedRows & UndefinedOption): Record<MetricName, number> {
  const { probabilities, truth, decisions, positive, weights } = rows;
  requirePredictedRows(rows);
  const rankings = rankingsOf(rows);
  return {
    ...rankingMetrics(rankings, rows),
    brierScore: weightedMean(brierLosses(probabilities, truth, positive), weights, rows),
    logLoss: weightedMean(logLosses(probabilities, truth), weights, rows),
    expectedCalibrationError: expectedCalibrationError(rows),
    ...decisionMetrics(confusionMatrix(truth, decisions, probabilities.columns, weights), positive, rows),
  };
}

/** Throws unless the rows fit together. */
export function requirePredictedRows(rows: PredictedRows): void {
  requireClassProbabilities(rows);
  requireLength('decisions', rows.decisions.length, rows.truth.length);
  if (rows.positive !== null) requireClass(rows.positive, rows.probabilities.columns);
}

/** The one ranking of the positive class, or one a class. */
function rankingsOf(rows: ClassScoredRows & { readonly positive: number | null }): RankedScores[] {
  const { probabilities, truth, positive, weights } = rows;
  if (positive === null) return rankEachClass(rows);
  return [rankScores({ scores: columnOf(probabilities, positive), truth, positive, weights })];
}

/** The metrics of order, averaged over the given rankings. */
export function rankingMetrics(rankings: readonly RankedScores[], options?: UndefinedOption) {
  return {
    rocAuc: meanOverPresent(rankings, (ranked) => rocAucOfRanked(ranked), options),
    averagePrecision: meanOverPresent(rankings, (ranked) => averagePrecisionOfRanked(ranked), options),
  };
}
