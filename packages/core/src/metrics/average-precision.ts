import type { Matrix } from '../data/matrix.ts';
import { macroOverPresent } from './one-vs-rest.ts';
import { type RankedScores, rankScores, type ScoredRows } from './ranked-scores.ts';
import { type UndefinedOption, undefinedValue } from './undefined-value.ts';

/**
 * Average precision: Σ (R_i - R_{i-1}) P_i over the distinct scores, the step-wise area under the precision-recall
 * curve without the optimism of interpolating. A random ranking gives the share of positive rows.
 *
 * Undefined where there are no positive rows (scikit-learn gives 0). Throws as `rankScores`.
 */
export function averagePrecision(rows: ScoredRows & UndefinedOption): number {
  return averagePrecisionOfRanked(rankScores(rows), rows);
}

/** The same from ranked scores. */
export function averagePrecisionOfRanked(ranked: RankedScores, options?: UndefinedOption): number {
  const { truePositives, falsePositives, positives } = ranked;
  if (positives === 0) return undefinedValue(options);
  let sum = 0;
  let hits = 0;
  for (let group = 0; group < truePositives.length; group++) {
    const nextHits = truePositives[group]!;
    if (nextHits === hits) continue;
    sum += (nextHits - hits) * (nextHits / (nextHits + falsePositives[group]!));
    hits = nextHits;
  }
  return sum / positives;
}

/** Mean of the average precisions of each class against the rest, over the classes that have rows. */
export function macroAveragePrecision(
  rows: { readonly probabilities: Matrix; readonly truth: Int32Array; readonly weights?: Float64Array | undefined },
  options?: UndefinedOption,
): number {
  return macroOverPresent(rows, (ranked) => averagePrecisionOfRanked(ranked), options);
}
