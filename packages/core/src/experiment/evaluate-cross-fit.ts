import { type BinaryCounts, bestThresholdOfRanked } from '../metrics/index.ts';
import { type RandomStream, randomStream } from '../runtime/random.ts';
import type { Stratum } from './evaluate-draws.ts';
import { groupsAtLeast, reusableRanking } from './evaluate-groups.ts';
import type { BootstrapModel } from './evaluate-statistics.ts';
import { countsAbove } from './evaluate-thresholds.ts';

const folds = 10;
/** Repeats even out the luck of one division; on many rows there is little of it. */
const repeatsUpTo = { rows: 100_000, repeats: 10 } as const;

/**
 * What tuning a threshold on other rows of this kind gives: ten folds of each class, the threshold tuned on nine and
 * applied to the tenth, the counts of all folds taken together; the mean over ten divisions up to 100,000 rows, one beyond.
 */
export function crossFittedValue(
  model: BootstrapModel,
  strata: readonly [negative: Stratum, positive: Stratum],
  carried: Float64Array | undefined,
  objective: (counts: BinaryCounts) => number,
  seed: number,
): number {
  const units = strata[0].units.length + strata[1].units.length;
  const repeats = units <= repeatsUpTo.rows ? repeatsUpTo.repeats : 1;
  let sum = 0;
  for (let repeat = 0; repeat < repeats; repeat++) {
    const held = strata.map((stratum, label) =>
      heldOutWeights(model, stratum, carried, randomStream(seed, 'evaluate-folds', repeat, label)),
    ) as [Float64Array[], Float64Array[]];
    sum += objective(pooledCounts(model, held, objective));
  }
  return sum / repeats;
}

/** Weight a group of the rows of each fold. */
function heldOutWeights(
  { floors, groupOfRow }: BootstrapModel,
  { units }: Stratum,
  carried: Float64Array | undefined,
  stream: RandomStream,
): Float64Array[] {
  const weights = Array.from({ length: folds }, () => new Float64Array(floors.length));
  // Folds of equal size where rows are few; drawn row by row where a permutation would cost more than it brings.
  const places = units.length <= repeatsUpTo.rows ? stream.permutation(units.length) : null;
  for (let unit = 0; unit < units.length; unit++) {
    const row = units[unit]!;
    const fold = weights[places ? places[unit]! % folds : stream.integer(folds)]!;
    const group = groupOfRow[row]!;
    fold[group] = fold[group]! + (carried ? carried[row]! : 1);
  }
  return weights;
}

function pooledCounts(
  { floors, negatives, positives }: BootstrapModel,
  [heldNegatives, heldPositives]: readonly [Float64Array[], Float64Array[]],
  objective: (counts: BinaryCounts) => number,
): BinaryCounts {
  const training = reusableRanking(floors);
  const testing = reusableRanking(floors);
  const total = { tp: 0, fp: 0, fn: 0, tn: 0 };
  heldPositives.forEach((own, fold) => {
    const others = heldNegatives[fold]!;
    const ranked = training.fill(
      positives.map((weight, group) => weight - own[group]!),
      negatives.map((weight, group) => weight - others[group]!),
    );
    const { threshold } = bestThresholdOfRanked(ranked, objective);
    const counts = countsAbove(testing.fill(own, others), groupsAtLeast(floors, threshold));
    total.tp += counts.tp;
    total.fp += counts.fp;
    total.fn += counts.fn;
    total.tn += counts.tn;
  });
  return total;
}
