import { CounterweightError } from '../runtime/errors.ts';
import type { BinningOptions } from './calibration-bins.ts';
import { type CalibrationErrors, calibrationError } from './calibration-error.ts';
import { rankScores, type ScoredRows } from './ranked-scores.ts';
import type { UndefinedOption } from './undefined-value.ts';

/**
 * Calibration errors among the rows with the highest probabilities alone, where decisions are made and where a rare class
 * lives: over all rows its errors drown in the many that are rightly near 0.
 *
 * `share` of the rows from the top (default a tenth), and with them all that have the probability of the last of these.
 * Throws as `calibrationError`, and `bad-option` unless the share lies above 0 and at most at 1.
 */
export function topCalibrationError(
  rows: ScoredRows & BinningOptions & UndefinedOption & { readonly share?: number },
): CalibrationErrors {
  const { scores, truth, weights, positive = 1, share = 0.1 } = rows;
  if (!(share > 0 && share <= 1)) {
    throw new CounterweightError('bad-option', `share must lie above 0 and at most at 1, got ${share}`);
  }
  const { thresholds, truePositives, falsePositives, positives, negatives } = rankScores(rows);
  const needed = share * (positives + negatives) * (1 - 1e-12);
  const group = thresholds.findIndex((_, i) => truePositives[i]! + falsePositives[i]! >= needed);
  const cut = thresholds[group] ?? Number.POSITIVE_INFINITY;
  const kept = Int32Array.from(scores.keys()).filter((row) => scores[row]! >= cut);
  return calibrationError({
    ...rows,
    scores: Float64Array.from(kept, (row) => scores[row]!),
    truth: Int32Array.from(kept, (row) => truth[row]!),
    positive,
    weights: weights && Float64Array.from(kept, (row) => weights[row]!),
  });
}
