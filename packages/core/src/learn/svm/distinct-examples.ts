import { hashNumber, mixBits } from '../../data/cell-hash.ts';
import type { NumericRows } from '../../data/dataset.ts';
import { type Matrix, matrix } from '../../data/matrix.ts';
import { readRow } from '../../data/read-row.ts';
import { uniqueRows } from '../../neighbors/unique-rows.ts';
import type { TrainingRows } from '../logistic-data.ts';

/** Training rows with equal cells and label taken together, so that a weight and as many copies are one and the same. */
export interface Examples {
  readonly X: Matrix;
  /** Place among the classes that occur, one an example. */
  readonly labels: Int32Array;
  /** Sum of the weights of the copies. */
  readonly weights: Float64Array;
  /** First row of the data that is such a copy. */
  readonly source: Int32Array;
  /** 32 bits that depend on the cells alone. */
  readonly hashes: Int32Array;
}

/** In order of first appearance, whatever the classes are called. */
export function distinctExamples(X: NumericRows, training: TrainingRows): Examples {
  const { kept, count, present, labels, weights } = training;
  const { columns } = X;
  const cells = new Float64Array(count * columns);
  for (let i = 0; i < count; i++) {
    readRow(X, kept ? kept[i]! : i, cells.subarray(i * columns, (i + 1) * columns));
  }
  const { pointOf, count: points } = uniqueRows(cells, count, columns);
  const place = new Int32Array(points * present.length).fill(-1);
  const first: number[] = [];
  const sums: number[] = [];
  for (let i = 0; i < count; i++) {
    const key = pointOf[i]! * present.length + labels[i]!;
    if (place[key]! < 0) {
      place[key] = first.length;
      first.push(i);
      sums.push(0);
    }
    sums[place[key]!]! += weights[i]!;
  }
  const distinct = new Float64Array(first.length * columns);
  const hashes = new Int32Array(first.length);
  for (const [e, i] of first.entries()) {
    const row = cells.subarray(i * columns, (i + 1) * columns);
    distinct.set(row, e * columns);
    let hash = 0;
    for (let j = 0; j < columns; j++) hash = Math.imul(hash, 31) + hashNumber(row[j]!);
    hashes[e] = mixBits(hash);
  }
  return {
    X: matrix(distinct, first.length, columns),
    labels: Int32Array.from(first, (i) => labels[i]!),
    weights: Float64Array.from(sums),
    source: Int32Array.from(first, (i) => (kept ? kept[i]! : i)),
    hashes,
  };
}
