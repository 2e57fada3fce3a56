import { CounterweightError } from '../runtime/errors.ts';

/**
 * How two Venn-Abers probabilities become one: `log` has the least worst-case log loss, `brier` the least worst-case
 * Brier loss, both against the choice of the true one of the two (Vovk, Petej and Fedorova, 2015, section 4).
 */
export type VennAbersMerge = 'log' | 'brier';

/** Throws `bad-option` unless it is a merge. */
export function requireMerge(merge: VennAbersMerge): void {
  if (merge !== 'log' && merge !== 'brier') {
    throw new CounterweightError('bad-option', `merge must be "log" or "brier", got ${JSON.stringify(merge)}`);
  }
}

/**
 * log: p1 / (1 - p0 + p1). brier: p1 + p0² / 2 - p1² / 2.
 * Since p0 < 1 and p1 > 0, both lie strictly inside 0 .. 1 but for rounding.
 */
export function mergedProbability(p0: number, p1: number, merge: VennAbersMerge): number {
  return merge === 'log' ? p1 / (1 - p0 + p1) : p1 + (p0 * p0 - p1 * p1) / 2;
}
