import type { NumericRows } from '../../data/dataset.ts';
import { type Matrix, matrix } from '../../data/matrix.ts';
import { readRow } from '../../data/read-row.ts';
import { uniqueRows } from '../../neighbors/unique-rows.ts';
import type { TrainingRows } from '../logistic-data.ts';

/** Training rows with equal cells taken together: a point, and how much weight of each class lies on it. */
export interface Voters {
  /** Distinct rows, in order of first appearance. */
  readonly points: Matrix;
  /** Point `i` has the entries `offsets[i] ... offsets[i + 1]` of the other two arrays. */
  readonly offsets: Int32Array;
  /** Place among the classes that occur. */
  readonly labels: Int32Array;
  readonly weights: Float64Array;
}

export function votersOf(X: NumericRows, { kept, count, present, labels, weights }: TrainingRows): Voters {
  const { columns } = X;
  const cells = new Float64Array(count * columns);
  for (let i = 0; i < count; i++) {
    readRow(X, kept ? kept[i]! : i, cells.subarray(i * columns, (i + 1) * columns));
  }
  const { count: distinct, first, pointOf } = uniqueRows(cells, count, columns);
  const points = new Float64Array(distinct * columns);
  for (let p = 0; p < distinct; p++) {
    points.set(cells.subarray(first[p]! * columns, (first[p]! + 1) * columns), p * columns);
  }
  const sums = new Float64Array(distinct * present.length);
  for (let i = 0; i < count; i++) sums[pointOf[i]! * present.length + labels[i]!]! += weights[i]!;
  return { points: matrix(points, distinct, columns), ...compact(sums, distinct, present.length) };
}

/** Leaves out the zeros: most points are of one class. */
function compact(sums: Float64Array, points: number, classes: number): Omit<Voters, 'points'> {
  const filled = sums.reduce((total, sum) => total + (sum > 0 ? 1 : 0), 0);
  const offsets = new Int32Array(points + 1);
  const labels = new Int32Array(filled);
  const weights = new Float64Array(filled);
  let at = 0;
  for (let p = 0; p < points; p++) {
    for (let k = 0; k < classes; k++) {
      const sum = sums[p * classes + k]!;
      if (!(sum > 0)) continue;
      labels[at] = k;
      weights[at++] = sum;
    }
    offsets[p + 1] = at;
  }
  return { offsets, labels, weights };
}
