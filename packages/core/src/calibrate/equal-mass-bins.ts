import { midpointAbove } from '../metrics/threshold-sweep.ts';
import type { ScoreGroups } from './venn-abers-geometry.ts';

export interface MassBins {
  /** Between neighbouring bins, halfway between their nearest scores. */
  readonly edges: Float64Array;
  /** Weight and weight of label 1 in each bin. */
  readonly weights: Float64Array;
  readonly positives: Float64Array;
}

/**
 * At most `count` bins of about equal weight. Equal scores are never parted: a group of them goes to the bin in which the
 * middle of its weight falls, so neither the order of rows nor the direction of scores matters. A bin that no middle
 * falls into does not exist.
 */
export function equalMassBins({ scores, weights, positives }: ScoreGroups, count: number): MassBins {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const edges: number[] = [];
  const binWeights: number[] = [];
  const binPositives: number[] = [];
  let before = 0;
  let current = -1;
  for (let i = 0; i < scores.length; i++) {
    const bin = Math.min(count - 1, Math.floor((count * (before + weights[i]! / 2)) / total));
    before += weights[i]!;
    if (bin !== current) {
      if (i > 0) edges.push(midpointAbove(scores[i - 1]!, scores[i]!));
      binWeights.push(0);
      binPositives.push(0);
      current = bin;
    }
    binWeights[binWeights.length - 1]! += weights[i]!;
    binPositives[binPositives.length - 1]! += positives[i]!;
  }
  return {
    edges: Float64Array.from(edges),
    weights: Float64Array.from(binWeights),
    positives: Float64Array.from(binPositives),
  };
}
