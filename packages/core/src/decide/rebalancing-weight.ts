import { CounterweightError } from '../runtime/errors.ts';

/**
 * The weight of negative rows (or the factor of their number) that makes the threshold `used` on the reweighted table
 * decide as `wanted` does on the table itself: p* / (1 - p*) × (1 - p0) / p0 with p* wanted and p0 used, a half unless
 * told (Elkan, IJCAI 2001, theorem 1).
 *
 * With p* a cost threshold (`costThreshold`) it says how far a learner that knows no costs has to be rebalanced:
 * weight 1 / 4 for the negatives where a miss costs four times a false alarm. Below 1 it can be done by leaving out
 * negative rows. Throws `bad-option` unless both lie inside 0 .. 1.
 */
export function rebalancingWeight(options: { readonly wanted: number; readonly used?: number }): number {
  const { wanted, used = 0.5 } = options;
  for (const [name, threshold] of [['wanted', wanted] as const, ['used', used] as const]) {
    if (!(threshold > 0 && threshold < 1)) {
      throw new CounterweightError('bad-option', `${name} must be a threshold inside 0 .. 1, got ${threshold}`);
    }
  }
  return (wanted / (1 - wanted)) * ((1 - used) / used);
}
