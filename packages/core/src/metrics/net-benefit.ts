import { CounterweightError } from '../runtime/errors.ts';
import { requireProbabilities } from './checks.ts';
import { type RankedScores, rankScores, type ScoredRows } from './ranked-scores.ts';

export interface DecisionCurveOptions {
  /** Threshold probabilities in [0, 1); default 0, 0.01, .. 0.99. */
  readonly thresholds?: ArrayLike<number>;
  /** Prevalence where the model is used, if other than that of the rows (a case-control sample, a balanced table). */
  readonly prevalence?: number;
  /** What the test itself costs, in units of net benefit; default 0. */
  readonly harm?: number;
}

/** Parallel arrays, one entry a threshold. Treating nobody has the net benefit 0. */
export interface DecisionCurve {
  readonly thresholds: Float64Array;
  readonly netBenefit: Float64Array;
  /** Net benefit of treating everybody. */
  readonly treatAll: Float64Array;
  /** Net benefit over the prevalence, its largest possible value. */
  readonly standardised: Float64Array;
  /** Interventions a row that are spared against treating everybody at no loss; NaN at the threshold 0. */
  readonly interventionsAvoided: Float64Array;
}

/**
 * Decision curve (Vickers and Elkin, 2006): NB(t) = TPR π - FPR (1 - π) t / (1 - t) - harm, flagging the rows whose
 * probability is at least t, which is right where a false alarm weighs t / (1 - t) as much as a miss.
 *
 * NaN where a class has no rows, unless it has no part in the result. Throws `bad-scores` outside 0 .. 1, `bad-option`,
 * and as `rankScores`.
 */
export function decisionCurve(rows: ScoredRows & DecisionCurveOptions): DecisionCurve {
  requireProbabilities('scores', rows.scores);
  return decisionCurveOfRanked(rankScores(rows), rows);
}

/** The same from ranked probabilities. */
export function decisionCurveOfRanked(ranked: RankedScores, options: DecisionCurveOptions = {}): DecisionCurve {
  const total = ranked.positives + ranked.negatives;
  const { prevalence = ranked.positives / total, harm = 0 } = options;
  requireOptions(options.prevalence, harm);
  const thresholds = Float64Array.from(options.thresholds ?? Array.from({ length: 100 }, (_, i) => i / 100));
  const odds = thresholds.map((threshold) => {
    if (!(threshold >= 0 && threshold < 1)) {
      throw new CounterweightError('bad-option', `thresholds must lie at 0 or above and below 1, got ${threshold}`);
    }
    return threshold / (1 - threshold);
  });
  const netBenefit = thresholds.map((threshold, i) => {
    const { hits, alarms } = flaggedAt(ranked, threshold);
    const trueShare = prevalence === 0 ? 0 : (hits / ranked.positives) * prevalence;
    const falseShare = prevalence === 1 ? 0 : (alarms / ranked.negatives) * (1 - prevalence);
    return trueShare - falseShare * odds[i]! - harm;
  });
  const treatAll = odds.map((value) => prevalence - (1 - prevalence) * value);
  return Object.freeze({
    thresholds,
    netBenefit,
    treatAll,
    standardised: netBenefit.map((value) => value / prevalence),
    interventionsAvoided: netBenefit.map((value, i) =>
      odds[i] === 0 ? Number.NaN : (value - treatAll[i]!) / odds[i]!,
    ),
  });
}

/** Net benefit at one threshold; see `decisionCurve`. */
export function netBenefit(
  rows: ScoredRows & Omit<DecisionCurveOptions, 'thresholds'> & { readonly threshold: number },
): number {
  return decisionCurve({ ...rows, thresholds: [rows.threshold] }).netBenefit[0]!;
}

function requireOptions(prevalence: number | undefined, harm: number): void {
  if (prevalence !== undefined && !(prevalence >= 0 && prevalence <= 1)) {
    throw new CounterweightError('bad-option', `prevalence must lie in 0 .. 1, got ${prevalence}`);
  }
  if (!Number.isFinite(harm)) throw new CounterweightError('bad-option', `harm must be a number, got ${harm}`);
}

/** Weight of the rows whose score is at least the threshold. */
function flaggedAt({ thresholds, truePositives, falsePositives }: RankedScores, threshold: number) {
  let low = 0;
  let high = thresholds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (thresholds[middle]! >= threshold) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? { hits: 0, alarms: 0 } : { hits: truePositives[low - 1]!, alarms: falsePositives[low - 1]! };
}
