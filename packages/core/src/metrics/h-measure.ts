import { CounterweightError } from '../runtime/errors.ts';
import { incompleteBeta } from './distributions.ts';
import { type RankedScores, rankScores, type ScoredRows } from './ranked-scores.ts';
import { rocHull } from './roc-hull.ts';
import { type UndefinedOption, undefinedValue } from './undefined-value.ts';

export interface HMeasureOptions extends UndefinedOption {
  /**
   * The Beta distribution of the relative cost of a false positive. `severity` (default): α = 2, β = 1 + 1 / SR, whose
   * mode lies where both classes weigh alike, with SR = `severityRatio`. `shares`: α = 1 + π₁, β = 1 + π₀ (Hand and
   * Anagnostopoulos, 2014). Or α and β themselves, both above 0.
   */
  readonly costs?: 'severity' | 'shares' | { readonly alpha: number; readonly beta: number };
  /** Cost of a false positive over that of a false negative; default π₁ / π₀. */
  readonly severityRatio?: number;
}

/**
 * The H-measure (Hand, 2009): 1 less the expected least cost over the least cost of the better constant decision, the
 * relative cost being drawn from one distribution for all classifiers (the area under the ROC curve draws it from
 * another for each). 0 is useless, 1 perfect.
 *
 * Scores that rank worse than chance are not turned round: their convex hull is the diagonal, the value 0 or nearly.
 * Undefined where a class has no rows. Throws `bad-option`, and as `rankScores`.
 */
export function hMeasure(rows: ScoredRows & HMeasureOptions): number {
  return hMeasureOfRanked(rankScores(rows), rows);
}

/** The same from ranked scores. */
export function hMeasureOfRanked(ranked: RankedScores, options: HMeasureOptions = {}): number {
  const { positives, negatives } = ranked;
  const { alpha, beta } = costShape(ranked, options);
  if (positives === 0 || negatives === 0) return undefinedValue(options);
  const share1 = positives / (positives + negatives);
  const share0 = negatives / (positives + negatives);
  // Moments up to c: of c itself, and of 1 - c.
  const low = (c: number) => (incompleteBeta(c, alpha + 1, beta) * alpha) / (alpha + beta);
  const high = (c: number) => (incompleteBeta(c, alpha, beta + 1) * beta) / (alpha + beta);
  const hull = rocHull(ranked);
  let loss = 0;
  let from = 0;
  // From predicting all positive (best while false positives are cheap) down the hull to predicting none.
  for (let i = hull.length - 1; i >= 0; i--) {
    const [alarms, hits] = hull[i]!;
    const next = hull[i - 1];
    const to = next ? (hits - next[1]) / (alarms - next[0] + (hits - next[1])) : 1;
    loss +=
      share0 * (alarms / negatives) * (low(to) - low(from)) +
      share1 * ((positives - hits) / positives) * (high(to) - high(from));
    from = to;
  }
  const worst = share0 * low(share1) + share1 * (high(1) - high(share1));
  return 1 - loss / worst;
}

function costShape(ranked: RankedScores, options: HMeasureOptions): { alpha: number; beta: number } {
  const { costs = 'severity', severityRatio } = options;
  if (severityRatio !== undefined && !(severityRatio > 0 && Number.isFinite(severityRatio))) {
    throw new CounterweightError('bad-option', `severityRatio must be a number above 0, got ${severityRatio}`);
  }
  if (costs === 'severity') return { alpha: 2, beta: 1 + 1 / (severityRatio ?? ranked.positives / ranked.negatives) };
  if (costs === 'shares') {
    const total = ranked.positives + ranked.negatives;
    return { alpha: 1 + ranked.positives / total, beta: 1 + ranked.negatives / total };
  }
  if (!(costs.alpha > 0 && costs.beta > 0 && Number.isFinite(costs.alpha + costs.beta))) {
    throw new CounterweightError('bad-option', `alpha and beta must be above 0, got ${costs.alpha} and ${costs.beta}`);
  }
  return costs;
}
