import { CounterweightError } from '../runtime/errors.ts';
import { requireClass, requireCodes, requireLength, requireWeights } from './checks.ts';

/** How often each class was predicted for each class: `counts[true * classes + predicted]`, sums of weights. */
export interface Confusion {
  readonly classes: number;
  readonly counts: Float64Array;
}

/** One class against the rest, as counts or sums of weights. */
export interface BinaryCounts {
  readonly tp: number;
  readonly fp: number;
  readonly fn: number;
  readonly tn: number;
}

/**
 * Cross-tabulates true and predicted class codes (0 .. classes - 1). An integer weight equals that many copies of its row.
 *
 * Throws `bad-option`, `bad-labels`, `bad-weights` or `shape-mismatch`.
 */
export function confusionMatrix(
  truth: Int32Array,
  predicted: Int32Array,
  classes: number,
  weights?: Float64Array,
): Confusion {
  if (!Number.isInteger(classes) || classes < 1) {
    throw new CounterweightError('bad-option', `classes must be a positive integer, got ${classes}`);
  }
  requireLength('predicted', predicted.length, truth.length);
  requireCodes('truth', truth, classes);
  requireCodes('predicted', predicted, classes);
  requireWeights(weights, truth.length);
  const counts = new Float64Array(classes * classes);
  for (let row = 0; row < truth.length; row++) {
    const cell = truth[row]! * classes + predicted[row]!;
    counts[cell] = counts[cell]! + (weights ? weights[row]! : 1);
  }
  return Object.freeze({ classes, counts });
}

/** The four counts of one class against all others. Throws `bad-option` if `positive` is no class code. */
export function binaryCounts(confusion: Confusion, positive: number): BinaryCounts {
  const { classes, counts } = confusion;
  requireClass(positive, classes);
  const tp = counts[positive * classes + positive]!;
  let fp = 0;
  let fn = 0;
  let tn = 0;
  for (let truth = 0; truth < classes; truth++) {
    for (let predicted = 0; predicted < classes; predicted++) {
      const count = counts[truth * classes + predicted]!;
      if (truth !== positive && predicted !== positive) tn += count;
      else if (truth !== positive) fp += count;
      else if (predicted !== positive) fn += count;
    }
  }
  return { tp, fp, fn, tn };
}

/** Sums over the confusion matrix that the agreement measures share. */
export interface Margins {
  /** Weight of the rows of each class. */
  readonly truth: Float64Array;
  /** Weight of the rows predicted as each class. */
  readonly predicted: Float64Array;
  readonly correct: number;
  readonly total: number;
}

/** Row sums, column sums, diagonal and total of a confusion matrix. */
export function margins(confusion: Confusion): Margins {
  const { classes, counts } = confusion;
  const truth = new Float64Array(classes);
  const predicted = new Float64Array(classes);
  let correct = 0;
  let total = 0;
  for (let i = 0; i < classes; i++) {
    for (let j = 0; j < classes; j++) {
      const count = counts[i * classes + j]!;
      truth[i] = truth[i]! + count;
      predicted[j] = predicted[j]! + count;
      total += count;
      if (i === j) correct += count;
    }
  }
  return { truth, predicted, correct, total };
}
