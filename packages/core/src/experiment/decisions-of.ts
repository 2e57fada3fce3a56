import type { Recalibration } from '../calibrate/index.ts';
import { matrix } from '../data/matrix.ts';
import type { Decision } from './decision.ts';
import type { Task } from './settle-task.ts';

/**
 * The customary decision: at one half of the model's own probabilities, as they are, expressed on calibrated ones; with
 * more than two classes the largest of the model's own.
 */
function customaryDecision(recalibration: Recalibration, positive: number | null): Decision {
  if (positive === null) return { name: 'half', kind: 'own' };
  const { correction, calibration } = recalibration;
  const corrected = correction ? correction.thresholdToCorrected(0.5) : 0.5;
  return {
    name: 'half',
    kind: 'threshold',
    threshold: calibration ? calibratedPositive(recalibration, 0.5, positive) : corrected,
  };
}

/** The threshold on the model's own probabilities that decides like `threshold` on calibrated ones. Binary tasks only. */
export function thresholdToRaw(recalibration: Recalibration, threshold: number, positive: number): number {
  const { correction, calibration } = recalibration;
  if (!calibration) return correction ? correction.thresholdToRaw(threshold) : threshold;
  if (threshold <= 0 || threshold > 1) return threshold;
  let [low, high] = [0, 1];
  if (calibratedPositive(recalibration, high, positive) < threshold) return 1 + Number.EPSILON;
  // The map never falls; halving finds the smallest probability that reaches the threshold, to the last digit.
  for (let step = 0; step < 1100 && low < high; step++) {
    const middle = low + (high - low) / 2;
    if (middle === low || middle === high) break;
    if (calibratedPositive(recalibration, middle, positive) >= threshold) high = middle;
    else low = middle;
  }
  return high;
}

function calibratedPositive(recalibration: Recalibration, p: number, positive: number): number {
  const row = positive === 1 ? [1 - p, p] : [p, 1 - p];
  return recalibration.apply(matrix(Float64Array.from(row), 1, 2)).data[positive]!;
}

/** Decisions in the order of the report; the operating point last. */
export function decisionsOf(
  recalibration: Recalibration,
  tuned: Decision,
  { costDecision, positive }: Task,
): Decision[] {
  const half = customaryDecision(recalibration, positive);
  return costDecision ? [half, tuned, costDecision] : [half, tuned];
}
