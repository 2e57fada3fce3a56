import type { NumericRows } from './dataset.ts';
import { matrix } from './matrix.ts';
import { sparseMatrix } from './sparse.ts';

/** A copy of the given rows, in the given order; a row may be asked for more than once. */
export function selectNumericRows(X: NumericRows, rows: Int32Array): NumericRows {
  if (X.kind === 'dense') {
    const data = new Float64Array(rows.length * X.columns);
    copyDenseRows(X.data, X.columns, rows, data);
    return matrix(data, rows.length, X.columns);
  }
  const offsets = new Int32Array(rows.length + 1);
  for (let i = 0; i < rows.length; i++) {
    offsets[i + 1] = offsets[i]! + X.offsets[rows[i]! + 1]! - X.offsets[rows[i]!]!;
  }
  const indices = new Int32Array(offsets[rows.length]!);
  const values = new Float64Array(offsets[rows.length]!);
  for (let i = 0; i < rows.length; i++) {
    const from = X.offsets[rows[i]!]!;
    const to = X.offsets[rows[i]! + 1]!;
    indices.set(X.indices.subarray(from, to), offsets[i]!);
    values.set(X.values.subarray(from, to), offsets[i]!);
  }
  return sparseMatrix(offsets, indices, values, X.columns);
}

/** Numbers from which on one call copies them faster than a loop. */
const WORTH_A_CALL = 64;

/** Copies rows of row-major data; those that follow one another are copied together. */
function copyDenseRows(from: Float64Array, columns: number, rows: Int32Array, to: Float64Array): void {
  for (let i = 0; i < rows.length; ) {
    const first = rows[i]!;
    let end = i + 1;
    while (end < rows.length && rows[end] === first + end - i) end++;
    const start = first * columns;
    const size = (end - i) * columns;
    const at = i * columns;
    if (size >= WORTH_A_CALL) to.set(from.subarray(start, start + size), at);
    else for (let j = 0; j < size; j++) to[at + j] = from[start + j]!;
    i = end;
  }
}
