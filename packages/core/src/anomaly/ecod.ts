import { type ColumnTailsOptions, columnTailsDetector, columnTailsFromJSON, type TailRule } from './column-tails.ts';
import type { AnomalyModel, Detector } from './detector.ts';

export type EcodOptions = ColumnTailsOptions;

const rule: TailRule = { name: 'ecod', perColumn: (left, right) => Math.max(left, right) };

export const ECOD = rule.name;

/**
 * ECOD: a row is strange that lies far out in the empirical distribution of its columns. The negative logarithms of the tail
 * probabilities are summed over columns: of the left tails, of the right tails, and of the tail to which each column is skewed
 * (to the right where it is not); the largest sum is the score (Li, Zhao, Hu, Botta, Ionescu and Chen, IEEE TKDE 35, 2023).
 *
 * The distributions are those of the rows fitted to: a new row's score does not depend on the rows scored beside it, as it does in
 * PyOD. A new row beyond all fitted ones has the probability 1 / (n + 1). With `aggregation: 'column'` fitted rows score as in PyOD.
 * Units of the columns change nothing.
 */
export const ecod = (options: EcodOptions = {}): Detector => columnTailsDetector(rule, options);

/** Throws `bad-model`. */
export const ecodFromJSON = (json: unknown): AnomalyModel => columnTailsFromJSON(rule, json);
