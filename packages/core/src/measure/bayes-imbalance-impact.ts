import { classCounts, classIndex } from '../data/label-views.ts';
import type { ClassLabel, Labels } from '../data/labels.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import { checkDifficultyInput, type DifficultyInput } from './difficulty-input.ts';
import { enemyCounts, type FindNeighbours, type Neighbourhoods } from './neighbourhoods.ts';
import { ranksOfNearestFriend } from './rank-of-friend.ts';

export interface BayesImbalanceImpact {
  /** BI3: mean of the rows' impacts. */
  readonly value: number;
  readonly minority: ClassLabel;
  /** Rows of the minority that were looked at, ascending. */
  readonly rows: Int32Array;
  /** IBI3 of each of them. */
  readonly perRow: Float64Array;
}

/**
 * Bayes imbalance impact index (Lu, Cheung, Tang 2019): how much the chance of a minority row to be recognised falls
 * because its class is outnumbered, rather than because it overlaps with others.
 *
 * With p2 the share of other classes among the k neighbours, p1 = 1 - p2 and r = n_others / n_minority, the impact on a row is
 * `r p1 / (p2 + r p1) - p1`. If no neighbour is of the minority, p2 = (rank - 1) / rank with the rank of the nearest minority
 * row among all others. A row that is the only one of its class has p1 = 0 and impact 0. The authors' program takes the
 * first neighbour for the row itself, which is wrong with duplicates; here rows are left out by index.
 *
 * `minority` is by default the rarest class, the first of equals; all other classes together are the majority. If it
 * outnumbers them, impacts are negative. Throws `one-class`, `shape-mismatch`, `no-such-class`.
 */
export async function bayesImbalanceImpact(
  data: DifficultyInput,
  around: Neighbourhoods,
  request: { readonly find: FindNeighbours; readonly minority?: ClassLabel | undefined },
  options?: RunOptions,
): Promise<BayesImbalanceImpact> {
  checkDifficultyInput(data);
  const { y } = data;
  const code = request.minority === undefined ? rarestClass(y) : classIndex(y, request.minority);
  const size = classCounts(y)[code]!;
  const ratio = (y.codes.length - size) / size;
  const { k } = around;
  const enemies = enemyCounts(around);
  const chosen = Array.from(around.rows.keys()).filter((i) => y.codes[around.rows[i]!] === code);
  const p1 = Float64Array.from(chosen, (i) => (k - enemies[i]!) / k);
  const p2 = Float64Array.from(chosen, (i) => enemies[i]! / k);
  const alone = chosen.flatMap((i, at) => (enemies[i] === k ? [at] : []));
  const lonely = Int32Array.from(alone, (at) => around.rows[chosen[at]!]!);
  const ranks = await ranksOfNearestFriend(data, lonely, k, request.find, options);
  for (const [i, at] of alone.entries()) {
    // The rank is infinite where there is no other row of the class.
    p2[at] = ranks[i]! < Number.POSITIVE_INFINITY ? (ranks[i]! - 1) / ranks[i]! : 1;
    p1[at] = 1 - p2[at]!;
  }
  const perRow = p1.map((p, at) => (ratio * p) / (p2[at]! + ratio * p) - p);
  const value = perRow.length > 0 ? perRow.reduce((sum, impact) => sum + impact, 0) / perRow.length : 0;
  const rows = Int32Array.from(chosen, (i) => around.rows[i]!);
  return Object.freeze({ value, minority: y.classes[code]!, rows, perRow });
}

/** Code of the class with the fewest rows but some, the first of equals. */
function rarestClass(y: Labels): number {
  const counts = classCounts(y);
  let rarest = -1;
  for (let code = 0; code < counts.length; code++) {
    if (counts[code]! > 0 && (rarest < 0 || counts[code]! < counts[rarest]!)) rarest = code;
  }
  return rarest;
}
