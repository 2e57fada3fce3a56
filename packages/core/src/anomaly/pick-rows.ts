import { type Matrix, matrix } from '../data/matrix.ts';

/** A copy of the given rows, in the given order. */
export function pickRows({ columns, data }: Matrix, rows: Int32Array): Matrix {
  const picked = new Float64Array(rows.length * columns);
  for (let i = 0; i < rows.length; i++) {
    picked.set(data.subarray(rows[i]! * columns, (rows[i]! + 1) * columns), i * columns);
  }
  return matrix(picked, rows.length, columns);
}

/** The rows without the columns that are marked constant. */
export function varyingColumns(X: Matrix, constant: Uint8Array): Matrix {
  const kept = Int32Array.from(constant.keys()).filter((j) => constant[j] === 0);
  if (kept.length === X.columns) return X;
  const data = new Float64Array(X.rows * kept.length);
  for (let i = 0, at = 0; i < X.rows; i++) {
    for (const j of kept) data[at++] = X.data[i * X.columns + j]!;
  }
  return matrix(data, X.rows, kept.length);
}
