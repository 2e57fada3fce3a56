import { checkOptionNames } from '../data/check-option-names.ts';
import { poolSums } from '../metrics/pool-adjacent-violators.ts';
import type { Calibration, Calibrator, ScoreInput } from './calibrator.ts';
import { type BinaryMap, type BinaryRows, oneVersusRestCalibrator, oneVersusRestFromJSON } from './one-vs-rest.ts';
import { groupScores } from './score-groups.ts';

export interface IsotonicOptions {
  /** `scores` for any numbers; default `probabilities`. */
  readonly input?: ScoreInput;
}

/**
 * Isotonic calibration (Zadrozny and Elkan, 2002): the non-decreasing step function nearest to the labels, interpolated
 * linearly between its steps and constant beyond the ends, as scikit-learn's `IsotonicRegression(out_of_bounds="clip")`.
 *
 * It can answer exactly 0 and 1. Only equal scores are merged; scikit-learn also merges scores within 1e-15, which joins
 * different tiny probabilities of a rare class. Throws `bad-option`.
 */
export function isotonicCalibrator(options: IsotonicOptions = {}): Calibrator {
  checkOptionNames('the isotonic calibrator', options, ['input']);
  const { input = 'probabilities' } = options;
  const fit = (rows: BinaryRows) => ({ map: fitIsotonic(rows), notices: [] });
  return oneVersusRestCalibrator({ name: 'isotonic', needsBothLabels: false, fit }, input);
}

/** Reads what `toJSON` wrote. Throws `bad-model`. */
export function isotonicFromJSON(json: unknown): Calibration {
  return oneVersusRestFromJSON('isotonic', json, (fields) => {
    const scores = fields.numbers('scores');
    const values = fields.numbers('values', scores.length);
    fields.require('scores', scores.length > 0 && scores.every((score, i) => i === 0 || score > scores[i - 1]!));
    fields.require(
      'values',
      values.every((value, i) => value >= (i === 0 ? 0 : values[i - 1]!) && value <= 1),
    );
    return isotonicMap(scores, values);
  });
}

function fitIsotonic({ scores, labels, weights }: BinaryRows): BinaryMap {
  const groups = groupScores(scores, labels, weights);
  const fitted = poolSums(groups.positives, groups.weights);
  // Inside a level only its ends matter to the interpolation.
  const ends = Int32Array.from(fitted.keys()).filter(
    (i) => i === 0 || i === fitted.length - 1 || fitted[i] !== fitted[i - 1] || fitted[i] !== fitted[i + 1],
  );
  return isotonicMap(
    Float64Array.from(ends, (i) => groups.scores[i]!),
    Float64Array.from(ends, (i) => Math.min(1, fitted[i]!)),
  );
}

function isotonicMap(scores: Float64Array, values: Float64Array): BinaryMap {
  return {
    values: (asked) => asked.map((score) => interpolated(scores, values, score)),
    toJSON: () => ({ scores: [...scores], values: [...values] }),
  };
}

function interpolated(scores: Float64Array, values: Float64Array, score: number): number {
  let low = 0;
  let high = scores.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (scores[middle]! < score) low = middle + 1;
    else high = middle;
  }
  if (low === scores.length) return values[low - 1]!;
  if (low === 0 || scores[low] === score) return values[low]!;
  const left = scores[low - 1]!;
  const share = (score - left) / (scores[low]! - left);
  const bottom = values[low - 1]!;
  return Math.min(values[low]!, bottom + (values[low]! - bottom) * share);
}
