import type { Matrix } from '../data/matrix.ts';
import { columnOf, requireCodes, requireLength, requireWeights } from './checks.ts';
import { type RankedScores, rankScores } from './ranked-scores.ts';
import { type UndefinedOption, undefinedValue } from './undefined-value.ts';

/** Class probabilities (rows × classes) beside the true class codes. */
export interface ClassScoredRows {
  readonly probabilities: Matrix;
  readonly truth: Int32Array;
  readonly weights?: Float64Array | undefined;
}

/** One ranking a class, that class against the rest. Throws as `rankScores`, and `bad-labels`. */
export function rankEachClass(rows: ClassScoredRows): RankedScores[] {
  const { probabilities, truth, weights } = rows;
  requireLength('truth', truth.length, probabilities.rows);
  requireCodes('truth', truth, probabilities.columns);
  return Array.from({ length: probabilities.columns }, (_, positive) =>
    rankScores({ scores: columnOf(probabilities, positive), truth, positive, weights }),
  );
}

/**
 * How values of the classes become one. `macro`: their mean. `weighted`: weighted by the rows of each class. `micro`: one
 * value over all row-class cells, so scores must be comparable between classes.
 */
export type ClassAveraging = 'macro' | 'weighted' | 'micro';

/** A ranking metric of each class against the rest, averaged over the classes that have rows and for which it is defined. */
export function averageOverClasses(
  rows: ClassScoredRows,
  average: ClassAveraging,
  measure: (ranked: RankedScores) => number,
  options?: UndefinedOption,
): number {
  if (average === 'micro') {
    const value = measure(rankCells(rows));
    return Number.isNaN(value) ? undefinedValue(options) : value;
  }
  const rankings = rankEachClass(rows);
  if (average === 'macro') return meanOverPresent(rankings, measure, options);
  let sum = 0;
  let total = 0;
  for (const ranked of rankings) {
    const value = ranked.positives === 0 ? Number.NaN : measure(ranked);
    if (Number.isNaN(value)) continue;
    sum += ranked.positives * value;
    total += ranked.positives;
  }
  return total === 0 ? undefinedValue(options) : sum / total;
}

/** All row-class cells as one ranking, positive where the class is the true one. */
function rankCells({ probabilities, truth, weights }: ClassScoredRows): RankedScores {
  const { data, rows, columns } = probabilities;
  requireLength('truth', truth.length, rows);
  requireCodes('truth', truth, columns);
  requireWeights(weights, rows);
  const cells = new Int32Array(data.length);
  const cellWeights = weights && new Float64Array(data.length);
  for (let row = 0; row < rows; row++) {
    cells[row * columns + truth[row]!] = 1;
    cellWeights?.fill(weights![row]!, row * columns, (row + 1) * columns);
  }
  return rankScores({ scores: data, truth: cells, weights: cellWeights });
}

/** Unweighted mean of a ranking metric over the classes that have rows and for which it is defined. */
export function macroOverPresent(
  rows: ClassScoredRows,
  measure: (ranked: RankedScores) => number,
  options?: UndefinedOption,
): number {
  return meanOverPresent(rankEachClass(rows), measure, options);
}

/** The same from rankings that stand already. */
export function meanOverPresent(
  rankings: readonly RankedScores[],
  measure: (ranked: RankedScores) => number,
  options?: UndefinedOption,
): number {
  let sum = 0;
  let valued = 0;
  for (const ranked of rankings) {
    if (ranked.positives === 0) continue;
    const value = measure(ranked);
    if (Number.isNaN(value)) continue;
    sum += value;
    valued++;
  }
  return valued === 0 ? undefinedValue(options) : sum / valued;
}
