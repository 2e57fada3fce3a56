import type { Classes, ClassLabel } from '../data/labels.ts';
import type { Matrix } from '../data/matrix.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { Notice } from '../runtime/notices.ts';
import { requireAlpha } from './rank-rule.ts';

/** A set of labels for each row. */
export interface PredictionSets {
  readonly rows: number;
  readonly classes: Classes;
  readonly alpha: number;
  /** `rows × classes`, 1 where the label is in the set. */
  readonly members: Uint8Array;
  /** Labels in each set. */
  readonly sizes: Int32Array;
  readonly notices: readonly Notice[];
}

export function predictionSets(
  members: Uint8Array,
  classes: Classes,
  alpha: number,
  notices: readonly Notice[] = [],
): PredictionSets {
  const columns = classes.length;
  const rows = members.length / columns;
  const sizes = new Int32Array(rows);
  for (let row = 0, at = 0; row < rows; row++) {
    let size = 0;
    for (const end = at + columns; at < end; at++) size += members[at]!;
    sizes[row] = size;
  }
  return Object.freeze({ rows, classes, alpha, members, sizes, notices: Object.freeze([...notices]) });
}

/** The labels of one row's set, in the order of the classes. */
export function labelsInSet(sets: PredictionSets, row: number): ClassLabel[] {
  const columns = sets.classes.length;
  return sets.classes.filter((_label, code) => sets.members[row * columns + code] === 1);
}

/**
 * The labels whose p-value is above alpha. With smoothed p-values coverage is 1 - alpha exactly instead of at least.
 * Throws `bad-option`, and `shape-mismatch` unless there is a column a class.
 */
export function setsFromPValues(pValues: Matrix, classes: Classes, alpha: number): PredictionSets {
  requireAlpha(alpha);
  if (pValues.columns !== classes.length) {
    throw new CounterweightError('shape-mismatch', `${pValues.columns} columns for ${classes.length} classes`);
  }
  return predictionSets(
    Uint8Array.from(pValues.data, (p) => (p > alpha ? 1 : 0)),
    classes,
    alpha,
  );
}
