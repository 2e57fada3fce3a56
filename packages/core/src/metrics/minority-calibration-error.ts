import type { BinningOptions } from './calibration-bins.ts';
import { type CalibrationErrors, calibrationError } from './calibration-error.ts';
import { columnOf } from './checks.ts';
import type { ClassScoredRows } from './one-vs-rest.ts';
import { requireClassProbabilities } from './probability-losses.ts';
import { topCalibrationError } from './top-calibration-error.ts';
import type { UndefinedOption } from './undefined-value.ts';

export interface MinorityCalibrationError {
  /** Code of the class with the least weight but some, the first of equals; -1 without rows. */
  readonly class: number;
  /** Errors of its column over all rows. */
  readonly all: CalibrationErrors;
  /** The same over the tenth of the rows with its highest probabilities; see `topCalibrationError`. */
  readonly topDecile: CalibrationErrors;
}

/**
 * Calibration errors of the rarest class: to stand beside every error of the top label, which a model can have small by
 * being right about the common class. Throws as `topLabelCalibrationError`.
 */
export function minorityCalibrationError(
  rows: ClassScoredRows & BinningOptions & UndefinedOption,
): MinorityCalibrationError {
  requireClassProbabilities(rows);
  const { probabilities, truth, weights } = rows;
  const sizes = new Float64Array(probabilities.columns);
  for (let row = 0; row < truth.length; row++) sizes[truth[row]!]! += weights ? weights[row]! : 1;
  let rarest = -1;
  sizes.forEach((size, label) => {
    if (size > 0 && (rarest < 0 || size < sizes[rarest]!)) rarest = label;
  });
  const column = { ...rows, scores: columnOf(probabilities, Math.max(0, rarest)), positive: Math.max(0, rarest) };
  return Object.freeze({
    class: rarest,
    all: calibrationError(column),
    topDecile: topCalibrationError({ ...column, share: 0.1 }),
  });
}
