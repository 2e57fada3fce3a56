import { type RankedScores, rankScores, type ScoredRows } from './ranked-scores.ts';
import { type UndefinedOption, undefinedValue } from './undefined-value.ts';

/** Parallel arrays by descending threshold; the first point is where the recall gain is 0. */
export interface PrecisionRecallGainCurve {
  readonly precisionGain: Float64Array;
  readonly recallGain: Float64Array;
}

/**
 * The precision-recall-gain curve (Flach and Kull, 2015): precision and recall on the harmonic scale on which always
 * predicting positive is 0 and perfection 1. The part with negative recall gain, worse than that baseline, is left out.
 *
 * A line between two ROC points is a line here too, so the curve starts with the point at recall gain 0 interpolated in
 * counts, and the trapezoid rule is exact. Empty where a class has no rows.
 */
export function precisionRecallGainCurve(ranked: RankedScores): PrecisionRecallGainCurve {
  const { truePositives, falsePositives, positives, negatives } = ranked;
  const empty = { precisionGain: new Float64Array(0), recallGain: new Float64Array(0) };
  if (positives === 0 || negatives === 0) return empty;
  const odds = positives / negatives;
  // Recall gain 0: misses are to hits as negatives to positives.
  const baseline = (positives * positives) / (positives + negatives);
  const precisionGain: number[] = [];
  const recallGain: number[] = [];
  let hits = 0;
  let alarms = 0;
  for (let group = 0; group < truePositives.length; group++) {
    const nextHits = truePositives[group]!;
    const nextAlarms = falsePositives[group]!;
    if (nextHits >= baseline) {
      if (precisionGain.length === 0 && nextHits > baseline) {
        const atBaseline = alarms + ((nextAlarms - alarms) * (baseline - hits)) / (nextHits - hits);
        precisionGain.push(1 - (odds * atBaseline) / baseline);
        recallGain.push(0);
      }
      precisionGain.push(1 - (odds * nextAlarms) / nextHits);
      recallGain.push(nextHits === baseline ? 0 : 1 - (odds * (positives - nextHits)) / nextHits);
    }
    hits = nextHits;
    alarms = nextAlarms;
  }
  return { precisionGain: Float64Array.from(precisionGain), recallGain: Float64Array.from(recallGain) };
}

/**
 * Area under the precision-recall-gain curve over recall gains from 0 to 1; 0 for predicting positive always, negative
 * for worse. Undefined where a class has no rows. Throws as `rankScores`.
 */
export function precisionRecallGainArea(rows: ScoredRows & UndefinedOption): number {
  return precisionRecallGainAreaOfRanked(rankScores(rows), rows);
}

/** The same from ranked scores. */
export function precisionRecallGainAreaOfRanked(ranked: RankedScores, options?: UndefinedOption): number {
  const { precisionGain, recallGain } = precisionRecallGainCurve(ranked);
  if (recallGain.length === 0) return undefinedValue(options);
  let area = 0;
  for (let i = 1; i < recallGain.length; i++) {
    area += ((recallGain[i]! - recallGain[i - 1]!) * (precisionGain[i]! + precisionGain[i - 1]!)) / 2;
  }
  return area;
}
