import type { Matrix } from '../data/matrix.ts';
import { columnOf, requireCodes, requireLength } from './checks.ts';
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
