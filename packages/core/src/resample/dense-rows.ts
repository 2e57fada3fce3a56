import type { NumericRows } from '../data/dataset.ts';
import { type Matrix, matrix } from '../data/matrix.ts';

/** The given rows as dense rows, in the given order; all of them without `rows`. Dense input given whole is not copied. */
export function denseRows(X: NumericRows, rows?: Int32Array): Matrix {
  const { columns } = X;
  if (X.kind === 'dense' && !rows) return X;
  const count = rows ? rows.length : X.rows;
  const data = new Float64Array(count * columns);
  for (let i = 0; i < count; i++) {
    const row = rows ? rows[i]! : i;
    if (X.kind === 'dense') data.set(X.data.subarray(row * columns, (row + 1) * columns), i * columns);
    else {
      for (let e = X.offsets[row]!; e < X.offsets[row + 1]!; e++) data[i * columns + X.indices[e]!] = X.values[e]!;
    }
  }
  return matrix(data, count, columns);
}
