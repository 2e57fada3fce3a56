import { type Confusion, margins } from './confusion.ts';
import { type UndefinedOption, undefinedValue } from './undefined-value.ts';

/** How a disagreement between classes i and j counts: 1, |i - j| or (i - j)². */
export type KappaWeighting = 'none' | 'linear' | 'quadratic';

/**
 * Cohen's weighted kappa (1968) for classes in order: 1 - Σ w O / Σ w E, observed over expected disagreement.
 *
 * The codes are the order: classes 0 and 2 are two steps apart, also if no row has class 1. Undefined where the expected
 * disagreement is 0, that is where truth and predictions hold one and the same class only.
 */
export function weightedKappa(confusion: Confusion, weighting: KappaWeighting, options?: UndefinedOption): number {
  const { classes, counts } = confusion;
  const { truth, predicted, total } = margins(confusion);
  let observed = 0;
  let expected = 0;
  for (let i = 0; i < classes; i++) {
    for (let j = 0; j < classes; j++) {
      const weight = disagreement(i - j, weighting);
      observed += weight * counts[i * classes + j]!;
      expected += weight * truth[i]! * predicted[j]!;
    }
  }
  return expected === 0 ? undefinedValue(options) : 1 - (observed * total) / expected;
}

function disagreement(gap: number, weighting: KappaWeighting): number {
  if (weighting === 'linear') return Math.abs(gap);
  return weighting === 'quadratic' ? gap * gap : Number(gap !== 0);
}
