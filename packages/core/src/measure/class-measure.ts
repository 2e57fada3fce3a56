import { classCounts } from '../data/label-views.ts';
import type { Labels } from '../data/labels.ts';

/** A number for all rows together and one for each class. */
export interface ClassMeasure {
  readonly value: number;
  /** In the order of `classes`; null for a class of which nothing can be said (no rows, mostly). */
  readonly perClass: readonly (number | null)[];
}

/**
 * Means over the rows looked at, for each class and for the whole set. Where only some rows of a class were looked at, its
 * mean stands for the class, and the whole is the mean over classes weighted by their true numbers of rows: an estimate
 * without bias whatever the shares of the classes among the rows looked at.
 *
 * `values[i]` belongs to row `rows[i]`.
 */
export function classMeans(y: Labels, rows: Int32Array, values: ArrayLike<number>): ClassMeasure {
  const seen = new Int32Array(y.classes.length);
  const sums = new Float64Array(y.classes.length);
  let total = 0;
  for (let i = 0; i < rows.length; i++) {
    const code = y.codes[rows[i]!]!;
    seen[code]!++;
    sums[code]! += values[i]!;
    total += values[i]!;
  }
  const perClass = Array.from(seen, (count, code) => (count > 0 ? sums[code]! / count : null));
  if (rows.length === y.codes.length) return frozenMeasure(rows.length > 0 ? total / rows.length : 0, perClass);
  const counts = classCounts(y);
  let weighted = 0;
  let weight = 0;
  for (const [code, mean] of perClass.entries()) {
    if (mean === null) continue;
    weighted += counts[code]! * mean;
    weight += counts[code]!;
  }
  return frozenMeasure(weight > 0 ? weighted / weight : 0, perClass);
}

export function frozenMeasure(value: number, perClass: readonly (number | null)[]): ClassMeasure {
  return Object.freeze({ value, perClass: Object.freeze([...perClass]) });
}
