import { type ColumnTailsOptions, columnTailsDetector, columnTailsFromJSON, type TailRule } from './column-tails.ts';
import type { AnomalyModel, Detector } from './detector.ts';

export type CopodOptions = ColumnTailsOptions;

const rule: TailRule = {
  name: 'copod',
  perColumn: (left, right, skewed) => Math.max(skewed, (left + right) / 2),
};

export const COPOD = rule.name;

/**
 * COPOD: tail probabilities of columns under the empirical copula, as negative logarithms (Li, Zhao, Botta, Ionescu and Hu, ICDM 2020).
 *
 * A column counts the larger of the tail to which it is skewed and the mean of both tails, as in the authors' program, and fitted rows
 * score as in PyOD. Where the skewness is exactly 0 it counts the larger tail; PyOD adds both. By the paper, `aggregation: 'total'`, this is
 * the very formula of ECOD. New rows are held against the rows fitted to, as in `ecod`. Units of the columns change nothing.
 */
export const copod = (options: CopodOptions = {}): Detector => columnTailsDetector(rule, options);

/** Throws `bad-model`. */
export const copodFromJSON = (json: unknown): AnomalyModel => columnTailsFromJSON(rule, json);
