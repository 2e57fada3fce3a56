import { requireOptions } from '../../data/check-option-names.ts';
import type { Resampler } from '../resampler.ts';
import { type MixOptions, mixer } from './mix-rows.ts';

export interface MixupOptions extends MixOptions {
  /** Both parameters of the Beta distribution of the mixing share. Above 0, default 0.2. */
  readonly alpha?: number | undefined;
}

const name = 'mixup';

/**
 * Mixup for tables: a new example is λ times one row and 1 - λ times another, features and labels alike, with λ from
 * Beta(alpha, alpha).
 *
 * The first row is of the class that is to get examples, each of its rows as often; the second is drawn among all other
 * rows. **Labels are soft**: an example of two classes becomes two rows on the same spot, one of each class, whose weights are λ
 * and 1 - λ (times the weight mixed of its parents', where the data have weights), so that the weights of an example add
 * up. The strategy's counts are numbers of examples: a class gets as many examples that start from it, and shares of
 * others. The result has weights, and a learner has to be given them (notice `soft-labels`).
 *
 * Output: all input rows in their order, with weight 1 or their own, then the examples class after class; provenance names both
 * parents and the gap, 1 - λ from a row's own parent. Every cell must be finite.
 *
 * Zhang, Cisse, Dauphin and Lopez-Paz, "mixup: beyond empirical risk minimization", ICLR 2018. Throws what `planSampling`
 * throws, `not-finite`, `shape-mismatch`; `bad-option`.
 */
export function mixup(options: MixupOptions = {}): Resampler {
  requireOptions(name, options);
  return mixer({ name, options, known: [], alpha: options.alpha ?? 0.2, labelShare: (lambda) => lambda });
}
