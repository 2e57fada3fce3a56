import { requireLabels } from '../data/check-dataset.ts';
import { checkOptionNames, requireOptions } from '../data/check-option-names.ts';
import { classIndex, positiveClass } from '../data/label-views.ts';
import type { ClassLabel, Labels } from '../data/labels.ts';
import { binaryCosts } from '../decide/costs.ts';
import { nextUp } from '../decide/next-up.ts';
import type { BinaryCounts } from '../metrics/confusion.ts';
import { bestThreshold, type CountsObjective } from '../metrics/threshold-sweep.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { Notice } from '../runtime/notices.ts';
import { sortedScores } from './anomaly-p-values.ts';
import { requireScoreList } from './check-use.ts';

/** Scores of rows that were not fitted, most of them ordinary, and how many of such rows may be called strange. */
export interface AlarmRateOptions {
  readonly scores: Float64Array;
  /** Above 0 and below 1. */
  readonly alarmRate: number;
}

/** Scores of rows that were not fitted, their labels, and what a decision is worth: costs of both mistakes, or any function of the counts. */
export interface LabelledThresholdOptions {
  readonly scores: Float64Array;
  readonly labels: Labels;
  /** The class of strange rows; the rarer of two unless named. */
  readonly positive?: ClassLabel | undefined;
  readonly costs?: { readonly falsePositive: number; readonly falseNegative: number } | undefined;
  /** To be made large, such as `(counts) => fBeta(counts, 2)`. */
  readonly objective?: CountsObjective | undefined;
}

export type AnomalyThresholdOptions = AlarmRateOptions | LabelledThresholdOptions;

export interface AnomalyThreshold {
  /** A row is strange iff its score is at least this; infinity calls none strange. */
  readonly threshold: number;
  readonly basis: 'alarm-rate' | 'labels';
  /** Share of the given rows that it calls strange. */
  readonly flagged: number;
  /** The objective (minus the mean cost, where costs were given) at the threshold; absent for an alarm rate. */
  readonly value?: number;
  readonly notices: readonly Notice[];
}

/**
 * The score from which a row is called strange. No share of strange rows is ever assumed: it follows from labels and what decisions are
 * worth, or from the rate of alarms that one will bear.
 *
 * With `alarmRate` a: the rows whose conformal p-value is at most a, so that of new rows drawn as the given ones no more than the share a is
 * called strange, on average over calibration rows. That needs 1 / a - 1 rows; with fewer none can be called strange, and the notice
 * `too-few-calibration-rows` says so. With labels: the best of all thresholds, see `bestThreshold`. The rows must not be those the
 * detector was fitted to. Throws `bad-option`, `bad-scores`, `too-few-rows`, `shape-mismatch`, `no-such-class`, `not-binary`,
 * `bad-costs`, `one-class`.
 */
export function anomalyThreshold(options: AnomalyThresholdOptions): AnomalyThreshold {
  requireOptions('anomalyThreshold', options);
  const rated = 'alarmRate' in options;
  checkOptionNames('anomalyThreshold', options, rated ? ofRates : ofLabels);
  requireScoreList('scores', options.scores);
  return rated ? fromAlarmRate(options) : fromLabels(options);
}

const ofRates = ['scores', 'alarmRate'];
const ofLabels = ['scores', 'labels', 'positive', 'costs', 'objective'];

function fromAlarmRate({ scores, alarmRate }: AlarmRateOptions): AnomalyThreshold {
  checkRate(alarmRate);
  const sorted = sortedScores(scores);
  const n = sorted.length;
  // p <= a while at most this many calibration scores are as large.
  const above = largestCount(alarmRate, n) - 1;
  const threshold = above < 0 ? Number.POSITIVE_INFINITY : above >= n ? sorted[0]! : nextUp(sorted[n - 1 - above]!);
  return Object.freeze({
    threshold,
    basis: 'alarm-rate',
    flagged: shareAtLeast(scores, threshold),
    notices: Object.freeze(above < 0 ? [tooFew(alarmRate, n)] : []),
  });
}

/** The largest c with c / (n + 1) <= rate, by the same division as the p-values. */
function largestCount(rate: number, n: number): number {
  let count = Math.floor(rate * (n + 1));
  if ((count + 1) / (n + 1) <= rate) count++;
  if (count / (n + 1) > rate) count--;
  return count;
}

/** Throws `bad-option` unless the rate is above 0 and below 1. */
export function checkRate(alarmRate: number): void {
  if (alarmRate > 0 && alarmRate < 1) return;
  throw new CounterweightError('bad-option', `alarmRate must be above 0 and below 1, got ${String(alarmRate)}`);
}

function tooFew(alarmRate: number, rows: number): Notice {
  const needed = Math.ceil(1 / alarmRate) - 1;
  return Object.freeze({
    code: 'too-few-calibration-rows',
    severity: 'warning',
    message: `an alarm rate of ${alarmRate} needs ${needed} calibration rows, there are ${rows}: no row is called strange`,
    numbers: Object.freeze({ rows, needed, alarmRate }),
  });
}

function fromLabels(options: LabelledThresholdOptions): AnomalyThreshold {
  const { scores, labels, costs, objective } = options;
  if ((costs === undefined) === (objective === undefined)) {
    throw new CounterweightError('bad-option', 'a threshold from labels needs either costs or an objective');
  }
  requireLabels(labels);
  const positive = strangeClass(labels, options.positive);
  const strange = labels.codes.reduce((sum, code) => sum + (code === positive ? 1 : 0), 0);
  if (strange === 0 || strange === labels.codes.length) {
    throw new CounterweightError('one-class', 'a threshold from labels needs strange rows and ordinary ones');
  }
  const worth = objective ?? negativeCost(costs!);
  const found = bestThreshold({ scores, truth: labels.codes, positive, objective: worth });
  return Object.freeze({
    threshold: found.threshold,
    basis: 'labels',
    flagged: shareAtLeast(scores, found.threshold),
    value: found.value,
    notices: Object.freeze([]),
  });
}

function negativeCost(costs: { readonly falsePositive: number; readonly falseNegative: number }): CountsObjective {
  binaryCosts(costs); // throws for costs that lead to no decision
  return ({ tp, fp, fn, tn }: BinaryCounts) =>
    -(costs.falsePositive * fp + costs.falseNegative * fn) / (tp + fp + fn + tn);
}

/** Code of the class of strange rows; of more than two classes it must be named. Throws `no-such-class`, `not-binary`. */
export function strangeClass(labels: Labels, named: ClassLabel | undefined): number {
  return named === undefined ? positiveClass(labels) : classIndex(labels, named);
}

function shareAtLeast(scores: Float64Array, threshold: number): number {
  return scores.reduce((sum, score) => sum + (score >= threshold ? 1 : 0), 0) / scores.length;
}
