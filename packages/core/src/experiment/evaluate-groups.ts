import type { RankedScores } from '../metrics/index.ts';

/**
 * Scores in groups of neighbours, best first: what a bootstrap replicate tells apart. Where there are few distinct scores
 * each is a group of its own and nothing is lost.
 */
export interface ScoreGroups {
  /** Smallest score of each group, descending. */
  readonly floors: Float64Array;
  /** Weight of the positive and the negative rows of each group. */
  readonly positives: Float64Array;
  readonly negatives: Float64Array;
  /** Whether some group holds several distinct scores. */
  readonly merged: boolean;
}

/**
 * At most about `most` groups, spread evenly along tp/P + fp/N, so that the few positive rows get half of them. Each of
 * `cuts` falls between two groups, so that counts at these thresholds stay exact.
 */
export function groupScores(ranked: RankedScores, most: number, cuts: readonly number[]): ScoreGroups {
  const ends = groupEnds(ranked, most, cuts);
  const { thresholds, truePositives, falsePositives } = ranked;
  const floors = new Float64Array(ends.length);
  const positives = new Float64Array(ends.length);
  const negatives = new Float64Array(ends.length);
  let hits = 0;
  let alarms = 0;
  ends.forEach((end, group) => {
    floors[group] = thresholds[end]!;
    positives[group] = truePositives[end]! - hits;
    negatives[group] = falsePositives[end]! - alarms;
    hits = truePositives[end]!;
    alarms = falsePositives[end]!;
  });
  return Object.freeze({ floors, positives, negatives, merged: ends.length < thresholds.length });
}

/** The last distinct score of each group. */
function groupEnds(ranked: RankedScores, most: number, cuts: readonly number[]): Int32Array {
  const { thresholds, truePositives, falsePositives, positives, negatives } = ranked;
  const size = thresholds.length;
  if (size <= most) return Int32Array.from({ length: size }, (_, i) => i);
  const sortedCuts = Float64Array.from(cuts).sort().reverse();
  const step = 2 / most;
  const ends: number[] = [];
  let next = step;
  let cut = 0;
  for (let i = 0; i < size; i++) {
    while (cut < sortedCuts.length && sortedCuts[cut]! > thresholds[i]!) cut++;
    const way = truePositives[i]! / positives + falsePositives[i]! / negatives;
    const crosses = i + 1 < size && cut < sortedCuts.length && thresholds[i + 1]! < sortedCuts[cut]!;
    if (i === size - 1 || crosses || way >= next) {
      ends.push(i);
      while (way >= next) next += step;
    }
  }
  return Int32Array.from(ends);
}

/** How many groups lie wholly at or above a threshold. */
export function groupsAtLeast(floors: Float64Array, threshold: number): number {
  let low = 0;
  let high = floors.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (floors[middle]! >= threshold) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The group of each score. */
export function groupOfScores(scores: Float64Array, floors: Float64Array): Int32Array | Uint16Array {
  const groups = floors.length <= 65536 ? new Uint16Array(scores.length) : new Int32Array(scores.length);
  const last = floors.length - 1;
  for (let row = 0; row < scores.length; row++) {
    const score = scores[row]!;
    let low = 0;
    let high = last;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (floors[middle]! <= score) high = middle;
      else low = middle + 1;
    }
    groups[row] = low;
  }
  return groups;
}

/** A ranking whose counts are filled anew for each replicate. */
export interface ReusableRanking {
  /** The ranking with these weights a group; the arrays are the same at every call. */
  fill(positives: Float64Array, negatives: Float64Array): RankedScores;
}

export function reusableRanking(thresholds: Float64Array): ReusableRanking {
  const truePositives = new Float64Array(thresholds.length);
  const falsePositives = new Float64Array(thresholds.length);
  return {
    fill(positives, negatives) {
      let hits = 0;
      let alarms = 0;
      for (let group = 0; group < thresholds.length; group++) {
        hits += positives[group]!;
        alarms += negatives[group]!;
        truePositives[group] = hits;
        falsePositives[group] = alarms;
      }
      return { thresholds, truePositives, falsePositives, positives: hits, negatives: alarms };
    },
  };
}
