import { CounterweightError } from '../runtime/errors.ts';

/**
 * The threshold on probabilities that hold at the prevalence `to` which decides every row like `threshold` on
 * probabilities that hold at the prevalence `from`, where only the class shares differ between the two:
 * odds' = odds × (to / (1 - to)) / (from / (1 - from)). Thresholds of 0, 1 and infinity stay.
 *
 * With a cost threshold p* and a model that still gives the probabilities of its old prevalence, the threshold for the
 * new one is `transferThreshold({ threshold: p*, from: new, to: old })`. With an undersampled model `from` and `to` are the
 * prevalences before and after. Throws `bad-option` unless both prevalences lie inside 0 .. 1 and the threshold is not
 * negative.
 */
export function transferThreshold(options: {
  readonly threshold: number;
  readonly from: number;
  readonly to: number;
}): number {
  const { threshold, from, to } = options;
  for (const [name, share] of [['from', from] as const, ['to', to] as const]) {
    if (!(share > 0 && share < 1)) {
      throw new CounterweightError('bad-option', `${name} must be a prevalence inside 0 .. 1, got ${share}`);
    }
  }
  if (!(threshold >= 0)) throw new CounterweightError('bad-option', `threshold must be at least 0, got ${threshold}`);
  if (threshold >= 1 || threshold === 0 || from === to) return threshold;
  const own = threshold * to * (1 - from);
  return own / (own + (1 - threshold) * (1 - to) * from);
}
