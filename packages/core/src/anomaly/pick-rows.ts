import { type Matrix, matrix } from '../data/matrix.ts';

/** A copy of the given rows, in the given order. */
export function pickRows({ columns, data }: Matrix, rows: Int32Array): Matrix {
  const picked = new Float64Array(rows.length * columns);
  for (let i = 0; i < rows.length; i++) {
    picked.set(data.subarray(rows[i]! * columns, (rows[i]! + 1) * columns), i * columns);
  }
  return matrix(picked, rows.length, columns);
}
