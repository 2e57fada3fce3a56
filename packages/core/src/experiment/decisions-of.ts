import type { PriorCorrection } from '../calibrate/index.ts';
import { matrix } from '../data/matrix.ts';
import type { Decision } from './decision.ts';
import type { Task } from './settle-task.ts';

/**
 * The decision at one half of the model's own, uncorrected probabilities, the customary one, expressed on corrected
 * ones; with more than two classes the largest uncorrected probability.
 */
export function customaryDecision(correction: PriorCorrection, classes: number, positive: number | null): Decision {
  if (positive !== null) return { name: 'half', kind: 'threshold', threshold: correction.thresholdToCorrected(0.5) };
  const even = correction.apply(matrix(new Float64Array(classes).fill(1 / classes), 1, classes)).data;
  return { name: 'half', kind: 'weights', weights: Array.from(even, (p) => (p > 0 ? 1 / (classes * p) : 1)) };
}

/** Decisions in the order of the report; the operating point last. */
export function decisionsOf(
  correction: PriorCorrection,
  tuned: Decision,
  { costDecision, positive }: Task,
  classes: number,
): Decision[] {
  const half = customaryDecision(correction, classes, positive);
  return costDecision ? [half, tuned, costDecision] : [half, tuned];
}
