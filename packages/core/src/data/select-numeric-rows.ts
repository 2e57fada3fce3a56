import type { NumericRows } from './dataset.ts';
import { matrix } from './matrix.ts';
import { sparseMatrix } from './sparse.ts';

/** A copy of the given rows, in the given order; a row may be asked for more than once. */
export function selectNumericRows(X: NumericRows, rows: Int32Array): NumericRows {
  if (X.kind === 'dense') {
    const { columns } = X;
    const data = new Float64Array(rows.length * columns);
    for (let i = 0; i < rows.length; i++) {
      const start = rows[i]! * columns;
      data.set(X.data.subarray(start, start + columns), i * columns);
    }
    return matrix(data, rows.length, columns);
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
