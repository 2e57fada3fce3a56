import { type RankedScores, rankScores, type ScoredRows } from './ranked-scores.ts';
import { type UndefinedOption, undefinedValue } from './undefined-value.ts';

export interface KolmogorovSmirnov {
  /** The largest difference of true and false positive rate, which is also the best informedness (Youden's J). */
  readonly statistic: number;
  /** The score where it is reached, predicting positive from it on; the highest of several; infinity where it is 0. */
  readonly threshold: number;
}

/**
 * The two-sample Kolmogorov-Smirnov statistic of the scores of the positive rows being larger: max(TPR - FPR), at least 0.
 * Undefined where a class has no rows. Throws as `rankScores`.
 */
export function kolmogorovSmirnov(rows: ScoredRows & UndefinedOption): KolmogorovSmirnov {
  return kolmogorovSmirnovOfRanked(rankScores(rows), rows);
}

/** The same from ranked scores. */
export function kolmogorovSmirnovOfRanked(ranked: RankedScores, options?: UndefinedOption): KolmogorovSmirnov {
  const { thresholds, truePositives, falsePositives, positives, negatives } = ranked;
  if (positives === 0 || negatives === 0) {
    return { statistic: undefinedValue(options), threshold: Number.POSITIVE_INFINITY };
  }
  let statistic = 0;
  let threshold = Number.POSITIVE_INFINITY;
  for (let group = 0; group < thresholds.length; group++) {
    const gap = truePositives[group]! / positives - falsePositives[group]! / negatives;
    if (gap > statistic) {
      statistic = gap;
      threshold = thresholds[group]!;
    }
  }
  return { statistic, threshold };
}
