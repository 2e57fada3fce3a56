import { requireCodes, requireLength, requireWeights } from './checks.ts';
import { averageOverClasses, type ClassAveraging, type ClassScoredRows } from './one-vs-rest.ts';
import { rankScores } from './ranked-scores.ts';
import { rocAucOfRanked } from './roc-auc.ts';
import { type UndefinedOption, undefinedValue } from './undefined-value.ts';

export interface OneVsRestOptions extends UndefinedOption {
  /** Default `macro`. */
  readonly average?: ClassAveraging;
}

/**
 * ROC-AUC of each class against the rest, averaged over the classes for which it is defined. Throws as `rankScores`, and
 * `bad-labels`.
 */
export function rocAucOneVsRest(rows: ClassScoredRows & OneVsRestOptions): number {
  return averageOverClasses(rows, rows.average ?? 'macro', (ranked) => rocAucOfRanked(ranked), rows);
}

export interface OneVsOneOptions extends UndefinedOption {
  /** `macro` (default): the mean over pairs, which ignores the class shares. `weighted`: by the rows of each pair. */
  readonly average?: 'macro' | 'weighted';
}

/**
 * The M measure of Hand and Till (2001): the mean over pairs of classes (a, b), among the rows of the two alone, of
 * (AUC(a against b by the scores of a) + AUC(b against a by the scores of b)) / 2.
 *
 * Insensitive to the class shares. Pairs in which a class has no rows are left out. Honours weights, which
 * scikit-learn refuses here. Throws as `rankScores`, and `bad-labels`.
 */
export function rocAucOneVsOne(rows: ClassScoredRows & OneVsOneOptions): number {
  const { probabilities, truth, average = 'macro' } = rows;
  requireLength('truth', truth.length, probabilities.rows);
  requireCodes('truth', truth, probabilities.columns);
  requireWeights(rows.weights, truth.length);
  let sum = 0;
  let total = 0;
  for (let a = 0; a < probabilities.columns; a++) {
    for (let b = a + 1; b < probabilities.columns; b++) {
      const { area, weight } = pairArea(rows, a, b);
      if (Number.isNaN(area)) continue;
      const share = average === 'weighted' ? weight : 1;
      sum += share * area;
      total += share;
    }
  }
  return total === 0 ? undefinedValue(rows) : sum / total;
}

function pairArea({ probabilities, truth, weights }: ClassScoredRows, a: number, b: number) {
  const { data, columns } = probabilities;
  const members: number[] = [];
  truth.forEach((label, row) => {
    if (label === a || label === b) members.push(row);
  });
  const pairTruth = Int32Array.from(members, (row) => truth[row]!);
  const pairWeights = weights && Float64Array.from(members, (row) => weights[row]!);
  const ranked = [a, b].map((positive) =>
    rankScores({
      scores: Float64Array.from(members, (row) => data[row * columns + positive]!),
      truth: pairTruth,
      positive,
      weights: pairWeights,
    }),
  );
  const area = (rocAucOfRanked(ranked[0]!) + rocAucOfRanked(ranked[1]!)) / 2;
  return { area, weight: ranked[0]!.positives + ranked[0]!.negatives };
}
