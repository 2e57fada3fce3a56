import { type ColumnTailsOptions, columnTailsDetector, columnTailsFromJSON, type TailRule } from './column-tails.ts';
import type { AnomalyModel, Detector } from './detector.ts';

export type EcodOptions = ColumnTailsOptions;

const rule: TailRule = { name: 'ecod', perColumn: (left, right) => Math.max(left, right) };

export const ECOD = rule.name;

/**
 * ECOD: a row is strange that lies far out in the empirical distribution of its columns; the negative logarithms of tail probabilities
 * are summed over columns (Li, Zhao, Hu, Botta, Ionescu and Chen, IEEE TKDE 35, 2023).
 *
 * A column counts the larger of its two tails. The paper says otherwise: with `aggregation: 'total'` the left tails, the right tails and
 * the tails to which each column is skewed (to the right where it is not) are summed, and the largest sum is the score. Rows strange to
 * the left in some columns and to the right in others are missed so, and it finds less on most real sets.
 *
 * The distributions are those of the rows fitted to: a new row's score does not depend on the rows scored beside it, as it does in
 * PyOD. A share of 0, beyond all fitted rows, counts as 1 / (n + 1). Fitted rows score as in PyOD, but for columns whose skewness is exactly
 * 0, where PyOD adds both tails. Units of the columns change nothing.
 */
export const ecod = (options: EcodOptions = {}): Detector => columnTailsDetector(rule, options);

/** Throws `bad-model`. */
export const ecodFromJSON = (json: unknown): AnomalyModel => columnTailsFromJSON(rule, json);
