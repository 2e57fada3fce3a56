import { CounterweightError } from '../runtime/errors.ts';

/** Dense rows: row-major, `data[row * columns + column]`, length `rows * columns`. */
export interface Matrix {
  readonly kind: 'dense';
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
}

/** Wraps row-major data as a Matrix without copying. Throws `shape-mismatch` if the length is not `rows * columns`. */
export function matrix(data: Float64Array, rows: number, columns: number): Matrix {
  if (data.length !== rows * columns) {
    throw new CounterweightError(
      'shape-mismatch',
      `a ${rows} x ${columns} matrix needs ${rows * columns} values, got ${data.length}`,
    );
  }
  return Object.freeze({ kind: 'dense', rows, columns, data });
}
