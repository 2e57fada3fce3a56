import { type ColumnTailsOptions, columnTailsDetector, columnTailsFromJSON, type TailRule } from './column-tails.ts';
import type { AnomalyModel, Detector } from './detector.ts';

export type CopodOptions = ColumnTailsOptions;

const rule: TailRule = {
  name: 'copod',
  perColumn: (left, right, skewed) => Math.max(skewed, (left + right) / 2),
};

export const COPOD = rule.name;

/**
 * COPOD: tail probabilities under the empirical copula, the left ones, the right ones and those to which each column is skewed; the
 * largest of the three sums of negative logarithms is the score (Li, Zhao, Botta, Ionescu and Hu, ICDM 2020).
 *
 * With `aggregation: 'total'` this is ECOD's formula; with `column`, as in the authors' program, a column counts the larger of its
 * skewed tail and the mean of both, and fitted rows score as in PyOD where no column's skewness is exactly 0. New rows are held
 * against the rows fitted to, as in `ecod`. Units of the columns change nothing.
 */
export const copod = (options: CopodOptions = {}): Detector => columnTailsDetector(rule, options);

/** Throws `bad-model`. */
export const copodFromJSON = (json: unknown): AnomalyModel => columnTailsFromJSON(rule, json);
