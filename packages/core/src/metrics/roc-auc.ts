import type { Matrix } from '../data/matrix.ts';
import { macroOverPresent } from './one-vs-rest.ts';
import { type RankedScores, rankScores, type ScoredRows } from './ranked-scores.ts';
import { type UndefinedOption, undefinedValue } from './undefined-value.ts';

/**
 * Area under the ROC curve: the chance that a positive row scores above a negative one, ties counting half.
 *
 * Undefined where one of the two has no rows. Throws as `rankScores`.
 */
export function rocAuc(rows: ScoredRows & UndefinedOption): number {
  return rocAucOfRanked(rankScores(rows), rows);
}

/** The same from ranked scores, by the trapezoid rule over the groups of equal scores. */
export function rocAucOfRanked(ranked: RankedScores, options?: UndefinedOption): number {
  const { truePositives, falsePositives, positives, negatives } = ranked;
  if (positives === 0 || negatives === 0) return undefinedValue(options);
  let doubled = 0;
  let hits = 0;
  let alarms = 0;
  for (let group = 0; group < truePositives.length; group++) {
    const nextHits = truePositives[group]!;
    const nextAlarms = falsePositives[group]!;
    doubled += (nextAlarms - alarms) * (nextHits + hits);
    hits = nextHits;
    alarms = nextAlarms;
  }
  return doubled / 2 / positives / negatives;
}

/**
 * Mean of the areas of each class against the rest, over the classes that have rows (and are not alone);
 * `probabilities` is rows × classes. scikit-learn refuses where a class is absent; otherwise it agrees.
 */
export function macroRocAuc(
  rows: { readonly probabilities: Matrix; readonly truth: Int32Array; readonly weights?: Float64Array | undefined },
  options?: UndefinedOption,
): number {
  return macroOverPresent(rows, (ranked) => rocAucOfRanked(ranked), options);
}
