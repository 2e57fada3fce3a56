import {
  averagePrecisionOfRanked,
  hMeasureOfRanked,
  kolmogorovSmirnovOfRanked,
  partialRocAucOfRanked,
  precisionRecallAreaOfRanked,
  precisionRecallGainAreaOfRanked,
  type RankedScores,
  rocAucOfRanked,
} from '../metrics/index.ts';
import { positivesAtTop } from '../metrics/top-k.ts';
import { partialMaxFpr, type RankingName } from './evaluate-metrics.ts';
import type { StatisticBlock } from './evaluate-statistics.ts';

const formulas: Readonly<Record<RankingName, (ranked: RankedScores) => number>> = {
  rocAuc: (ranked) => rocAucOfRanked(ranked),
  averagePrecision: (ranked) => averagePrecisionOfRanked(ranked),
  precisionRecallAuc: (ranked) => precisionRecallAreaOfRanked(ranked),
  precisionRecallGainAuc: (ranked) => precisionRecallGainAreaOfRanked(ranked),
  partialRocAuc: (ranked) => partialRocAucOfRanked(ranked, { maxFpr: partialMaxFpr }),
  kolmogorovSmirnov: (ranked) => kolmogorovSmirnovOfRanked(ranked).statistic,
  hMeasure: (ranked) => hMeasureOfRanked(ranked),
};

export const rankingNames = Object.freeze(Object.keys(formulas) as RankingName[]);

/** All numbers of order from one ranking, in the order of `rankingNames`. */
export const rankingBlock: StatisticBlock = {
  names: rankingNames,
  fill({ ranked }, out, at) {
    for (const name of rankingNames) out[at++] = formulas[name](ranked);
  },
};

/** Shares of the rows that are looked at from the top. */
const topShares = [0.01, 0.05, 0.1, 0.2] as const;

/** How many rows from the top: the positives themselves, and shares of all that come to a row at least. */
export function topSizes({ positives, negatives }: RankedScores): number[] {
  const total = positives + negatives;
  const sizes = [...topShares.map((share) => Math.round(share * total)), Math.round(positives)];
  return [...new Set(sizes.filter((size) => size >= 1 && size <= total))].sort((a, b) => a - b);
}

/** Precision, recall and lift among the rows at the top, three a size. `share` of the rows, so that weights may vary. */
export function topBlock(sizes: readonly number[], total: number): StatisticBlock {
  return {
    names: sizes.flatMap((size) => ['precision', 'recall', 'lift'].map((name) => `top${size}.${name}`)),
    fill({ ranked }, out, at) {
      const all = ranked.positives + ranked.negatives;
      for (const size of sizes) {
        const k = Math.min((size / total) * all, all);
        const hits = positivesAtTop(ranked, k);
        out[at++] = hits / k;
        out[at++] = hits / ranked.positives;
        out[at++] = hits / k / (ranked.positives / all);
      }
    },
  };
}
