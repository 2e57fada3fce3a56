import { CounterweightError } from '../../runtime/errors.ts';
import { classOrder } from '../class-ranks.ts';
import type { ConformalScore } from './score.ts';

export interface SapsOptions {
  /** What each rank beyond the first weighs; 0.2 unless told. */
  readonly weight?: number | undefined;
  /** True unless told. False: u = 1, the largest score. */
  readonly randomised?: boolean | undefined;
}

/**
 * SAPS: u p_max for the likeliest class, else p_max + (rank - 2 + u) weight: of the probabilities only the largest counts.
 * Huang, Xi, Zhang, Yao, Qiu, Wei (2024). Throws `bad-option` unless the weight is finite and at least 0.
 */
export function saps(options: SapsOptions = {}): ConformalScore {
  const { weight = 0.2, randomised = true } = options;
  if (!(weight >= 0 && weight < Number.POSITIVE_INFINITY)) {
    throw new CounterweightError('bad-option', `weight must be finite and at least 0, got ${weight}`);
  }
  return Object.freeze({
    name: 'saps',
    randomised,
    largest: (classes: number) => 1 + Math.max(0, classes - 1) * weight,
    requireClasses: () => {},
    scoreRows: (p: Float64Array, classes: number, begin: number, end: number, u: Float64Array, out: Float64Array) => {
      const order = classOrder(classes);
      for (let row = begin, to = 0; row < end; row++, to += classes) {
        const ranked = order.of(p, row * classes);
        const share = randomised ? u[row]! : 1;
        const top = p[row * classes + ranked[0]!]!;
        out[to + ranked[0]!] = share * top;
        for (let rank = 2; rank <= classes; rank++) out[to + ranked[rank - 1]!] = top + (rank - 2 + share) * weight;
      }
    },
    toJSON: () => ({ kind: 'saps', weight, randomised }),
  });
}
