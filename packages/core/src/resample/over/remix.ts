import { requireOptions } from '../../data/check-option-names.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import type { Resampler } from '../resampler.ts';
import { type MixOptions, mixer } from './mix-rows.ts';

export interface RemixOptions extends MixOptions {
  /** Both parameters of the Beta distribution of the mixing share. Above 0, default 1: every share is as likely. */
  readonly alpha?: number | undefined;
  /** How many times larger one class must be for the label to go to the other. At least 1, default 3. */
  readonly kappa?: number | undefined;
  /** The larger class's share of the features up to which the label goes to the smaller one. From 0 to 1, default 0.5. */
  readonly tau?: number | undefined;
}

const name = 'remix';

/**
 * Remix: mixup whose label goes wholly to the smaller class where it is `kappa` times smaller and the larger one's share of
 * the features is below `tau`.
 *
 * So the border moves towards the larger class. Other labels are soft as in `mixup`, with the same rows and weights for them.
 * With the share λ of the first row, sizes n and m of the two classes: the share of the first class is 1 where
 * m ≥ kappa · n and 1 - λ < tau, 0 where n ≥ kappa · m and λ < tau, else λ.
 *
 * Chou, Chang, Pan, Wei and Juan, "Remix: rebalanced mixup", ECCV 2020 workshops. Throws what `mixup` throws.
 */
export function remix(options: RemixOptions = {}): Resampler {
  requireOptions(name, options);
  const { alpha = 1, kappa = 3, tau = 0.5 } = options;
  if (!(typeof kappa === 'number' && kappa >= 1 && kappa < Number.POSITIVE_INFINITY)) {
    throw new CounterweightError('bad-option', `kappa must be a number of at least 1, got ${String(kappa)}`);
  }
  if (!(typeof tau === 'number' && tau >= 0 && tau <= 1)) {
    throw new CounterweightError('bad-option', `tau must be a number from 0 to 1, got ${String(tau)}`);
  }
  return mixer({
    name,
    options,
    known: ['kappa', 'tau'],
    alpha,
    labelShare: (lambda, [first, second]) => {
      if (second >= kappa * first && 1 - lambda < tau) return 1;
      if (first >= kappa * second && lambda < tau) return 0;
      return lambda;
    },
  });
}
