import { checkOptionNames } from '../data/check-option-names.ts';
import type { Matrix } from '../data/matrix.ts';
import { calibrationRegression } from '../metrics/calibration-regression.ts';
import { columnOf } from '../metrics/checks.ts';
import { normalQuantile } from '../metrics/distributions.ts';
import type { Interval } from '../metrics/intervals.ts';
import { requireClassProbabilities } from '../metrics/probability-losses.ts';
import { CounterweightError } from '../runtime/errors.ts';
import { requireMatrix } from './check-input.ts';
import { clippedLogit, sigmoid } from './logistic-fit.ts';

export interface CalibrationCheckOptions {
  /** `rows × classes`, of rows that the model has not seen. */
  readonly probabilities: Matrix;
  /** Class codes. */
  readonly truth: Int32Array;
  /** One a row, as copies of the row. */
  readonly weights?: Float64Array | undefined;
  /** Confidence of the intervals, default 0.95; with more than two classes 1 - (1 - level) / classes for each. */
  readonly level?: number | undefined;
}

/** A value with its Wald interval. */
export interface EstimatedValue extends Interval {
  readonly value: number;
}

/** What the check says of one class against the rest. */
export interface ClassCalibrationCheck {
  /** Class code. */
  readonly class: number;
  /** Calibration in the large, right at 0; null where the class has all or none of the rows. */
  readonly inTheLarge: EstimatedValue | null;
  /** Calibration slope, right at 1; null where it does not exist (separated or equal probabilities). */
  readonly slope: EstimatedValue | null;
  readonly passes: boolean;
}

export interface CalibrationCheck {
  readonly level: number;
  /** Two classes: the second alone, since the first mirrors it. */
  readonly classes: readonly ClassCalibrationCheck[];
  /** Whether every class passes. */
  readonly passes: boolean;
}

/**
 * Whether probabilities can be taken at their word, by weak calibration (Cox, 1958): a class passes if the interval of its
 * calibration in the large holds 0 and that of its slope holds 1. What cannot be estimated is not held against it, so
 * few rows pass easily: the check finds errors that the rows can show. Intervals are Wald's, from the Fisher information.
 * Throws `bad-scores`, `bad-labels`, `bad-weights`, `shape-mismatch`, `bad-option`.
 */
export function calibrationCheck(options: CalibrationCheckOptions): CalibrationCheck {
  checkOptionNames('calibrationCheck', options, ['probabilities', 'truth', 'weights', 'level']);
  requireMatrix('probabilities', options.probabilities);
  const { probabilities, truth, weights, level = 0.95 } = options;
  requireClassProbabilities({ probabilities, truth, ...(weights ? { weights } : {}) });
  if (!(level > 0 && level < 1)) {
    throw new CounterweightError('bad-option', `level must be between 0 and 1, got ${level}`);
  }
  const count = probabilities.columns;
  const codes = count === 2 ? [1] : Array.from({ length: count }, (_, code) => code);
  const z = normalQuantile(1 - (1 - level) / codes.length / 2);
  const classes = codes.map((code) => checkedClass(columnOf(probabilities, code), truth, code, weights, z));
  return Object.freeze({ level, classes: Object.freeze(classes), passes: classes.every(({ passes }) => passes) });
}

function checkedClass(
  scores: Float64Array,
  truth: Int32Array,
  code: number,
  weights: Float64Array | undefined,
  z: number,
): ClassCalibrationCheck {
  const rows = { scores, truth, positive: code, ...(weights ? { weights } : {}) };
  const { slope, intercept, calibrationInTheLarge } = calibrationRegression(rows);
  const large = information(scores, weights, 1, calibrationInTheLarge);
  const line = information(scores, weights, slope, intercept);
  const determinant = line.h00 * line.h11 - line.h01 * line.h01;
  const inTheLarge = estimated(calibrationInTheLarge, 1 / large.h00, z);
  const steepness = estimated(slope, line.h00 / determinant, z);
  return Object.freeze({
    class: code,
    inTheLarge,
    slope: steepness,
    passes: holds(inTheLarge, 0) && holds(steepness, 1),
  });
}

function holds(estimate: EstimatedValue | null, value: number): boolean {
  return estimate === null || (estimate.low <= value && value <= estimate.high);
}

function estimated(value: number, variance: number, z: number): EstimatedValue | null {
  if (!Number.isFinite(value) || !(variance >= 0 && variance < Number.POSITIVE_INFINITY)) return null;
  const half = z * Math.sqrt(variance);
  return Object.freeze({ value, low: value - half, high: value + half });
}

/** Fisher information of intercept and slope of the logit. */
function information(scores: Float64Array, weights: Float64Array | undefined, slope: number, intercept: number) {
  let h00 = 0;
  let h01 = 0;
  let h11 = 0;
  for (let row = 0; row < scores.length; row++) {
    const x = clippedLogit(scores[row]!);
    const p = sigmoid(intercept + slope * x);
    const curvature = (weights ? weights[row]! : 1) * p * (1 - p);
    h00 += curvature;
    h01 += curvature * x;
    h11 += curvature * x * x;
  }
  return { h00, h01, h11 };
}
