import { binomialUpperTail } from '../metrics/beta-quantile.ts';
import type { RankedScores } from '../metrics/ranked-scores.ts';

/** Metrics that can be bound, each a share of independent rows. */
export type BoundMetric = 'precision' | 'recall' | 'specificity';

/** Chains of tests; the chance of error is split among them. */
const chains = 10;
const testsPerChain = 12;

/**
 * The groups g of a ranking for which "flag the scores of at least `thresholds[g]`" (for precision and specificity, of more
 * than `thresholds[g + 1]`) keeps a metric at `least`, so that with the given confidence all of them do (Angelopoulos et
 * al., 2021, Learn then Test).
 *
 * Recall and specificity only fall or rise with the threshold, so one fixed sequence tests all thresholds at no price,
 * which is the exact tolerance limit of an order statistic. Precision does not: the ranks to be tested are fixed before
 * any label is seen, geometrically spaced; ten chains start along them, each at a tenth of the error, and each ends at the
 * first rank that fails. Given the score below the cut, the rows above are independent draws, so the binomial tail is a
 * valid p-value. Ascending; -1 is predicting none.
 */
export function certifiedGroups(ranked: RankedScores, metric: BoundMetric, least: number, error: number): number[] {
  if (metric === 'recall') return certifiedRecall(ranked, least, error);
  if (metric === 'specificity') return certifiedSpecificity(ranked, least, error);
  return certifiedPrecision(ranked, least, error);
}

function certifiedRecall({ truePositives, positives }: RankedScores, least: number, error: number): number[] {
  const certified: number[] = [];
  for (let group = truePositives.length - 1; group >= 0; group--) {
    if (binomialUpperTail(truePositives[group]!, positives, least) > error) break;
    certified.push(group);
  }
  return certified.reverse();
}

function certifiedSpecificity({ falsePositives, negatives }: RankedScores, least: number, error: number): number[] {
  const certified: number[] = [];
  for (let group = -1; group < falsePositives.length - 1; group++) {
    const kept = negatives - (group < 0 ? 0 : falsePositives[group]!);
    if (binomialUpperTail(kept, negatives, least) > error) break;
    certified.push(group);
  }
  return certified;
}

function certifiedPrecision(ranked: RankedScores, least: number, error: number): number[] {
  const groups = groupsAtRanks(ranked, fixedRanks(ranked, least, error / chains));
  const certified = new Set<number>();
  for (let start = 0; start < groups.length; start += testsPerChain) {
    for (let i = start; i < groups.length; i++) {
      const group = groups[i]!;
      if (group < 0) continue;
      const hits = ranked.truePositives[group]!;
      if (binomialUpperTail(hits, hits + ranked.falsePositives[group]!, least) > error / chains) break;
      certified.add(group);
    }
  }
  return [...certified].sort((a, b) => a - b);
}

/** From the fewest rows that could pass, all of them positive, to all rows but one. */
function fixedRanks({ positives, negatives }: RankedScores, least: number, error: number): number[] {
  const most = positives + negatives - 1;
  const fewest = Math.max(1, Math.ceil(Math.log(error) / Math.log(least)));
  if (!(fewest <= most)) return [];
  const count = chains * testsPerChain;
  return Array.from({ length: count }, (_, i) => Math.round(fewest * (most / fewest) ** (i / (count - 1))));
}

/** For each rank the last group that lies wholly above the score of the next row. */
function groupsAtRanks({ truePositives, falsePositives }: RankedScores, ranks: readonly number[]): number[] {
  let group = 0;
  return ranks.map((rank) => {
    while (truePositives[group]! + falsePositives[group]! <= rank) group++;
    return group - 1;
  });
}
