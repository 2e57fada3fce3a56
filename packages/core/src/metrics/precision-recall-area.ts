import { CounterweightError } from '../runtime/errors.ts';
import { type RankedScores, rankScores, type ScoredRows } from './ranked-scores.ts';
import { type UndefinedOption, undefinedValue } from './undefined-value.ts';

export interface PrecisionRecallAreaOptions extends UndefinedOption {
  /**
   * Between two thresholds: `davis-goadrich` (default) is what the line between the two ROC points gives; `trapezoid`
   * draws a straight line in the precision-recall plane, which nobody can reach, and is kept for comparison.
   */
  readonly interpolation?: 'davis-goadrich' | 'trapezoid';
}

/**
 * Area under the precision-recall curve, with the interpolation of Davis and Goadrich (2006) integrated exactly over
 * each segment (Boyd, Eng and Page, 2013; Keilwagen, Grosse and Grau, 2014) rather than sampled.
 *
 * Undefined where there are no positive rows. Throws as `rankScores`.
 */
export function precisionRecallArea(rows: ScoredRows & PrecisionRecallAreaOptions): number {
  return precisionRecallAreaOfRanked(rankScores(rows), rows);
}

/** The same from ranked scores. */
export function precisionRecallAreaOfRanked(ranked: RankedScores, options: PrecisionRecallAreaOptions = {}): number {
  const { truePositives, falsePositives, positives } = ranked;
  if (positives === 0) return undefinedValue(options);
  const segment = options.interpolation === 'trapezoid' ? straightSegment : exactSegment;
  let area = 0;
  let hits = 0;
  let alarms = 0;
  for (let group = 0; group < truePositives.length; group++) {
    if (truePositives[group]! > hits) {
      area += segment(hits, alarms, truePositives[group]!, falsePositives[group]!);
      hits = truePositives[group]!;
    }
    alarms = falsePositives[group]!;
  }
  return area / positives;
}

/** ∫ t / (t + f(t)) dt over true positives t, the false positives f growing linearly: f = f0 + h (t - t0). */
function exactSegment(hits: number, alarms: number, nextHits: number, nextAlarms: number): number {
  const slope = (nextAlarms - alarms) / (nextHits - hits);
  const a = 1 + slope;
  const b = alarms - slope * hits;
  const width = nextHits - hits;
  return width / a - (b === 0 ? 0 : (b / (a * a)) * Math.log1p((a * width) / (a * hits + b)));
}

/** The curve starts at precision 1, as in scikit-learn. */
function straightSegment(hits: number, alarms: number, nextHits: number, nextAlarms: number): number {
  const before = hits + alarms === 0 ? 1 : hits / (hits + alarms);
  return ((nextHits - hits) * (before + nextHits / (nextHits + nextAlarms))) / 2;
}

/**
 * The least area that any ranking can have at a prevalence π, 1 + (1 - π) ln(1 - π) / π: that of the ranking which puts
 * every negative row first (Boyd, Santos Costa, Davis and Page, 2012). Throws `bad-option` unless π lies in 0 .. 1.
 */
export function leastPrecisionRecallArea(prevalence: number): number {
  if (!(prevalence >= 0 && prevalence <= 1)) {
    throw new CounterweightError('bad-option', `prevalence must lie in 0 .. 1, got ${prevalence}`);
  }
  if (prevalence === 0 || prevalence === 1) return prevalence;
  return 1 + ((1 - prevalence) * Math.log1p(-prevalence)) / prevalence;
}
