import { CounterweightError } from '../runtime/errors.ts';
import type { NumericRows } from './dataset.ts';
import type { SparseMatrix } from './sparse.ts';

/**
 * Throws `bad-sparse` unless column indices ascend strictly inside rows and lie inside the matrix, and `not-finite` for NaN
 * or infinite values.
 */
export function checkSparse(X: SparseMatrix): void {
  const { rows, columns, offsets, indices, values } = X;
  for (let i = 0; i < rows; i++) {
    let last = -1;
    for (let e = offsets[i]!; e < offsets[i + 1]!; e++) {
      const column = indices[e]!;
      if (column <= last || column >= columns) {
        throw new CounterweightError('bad-sparse', `row ${i}: column ${column} is out of order or out of range`, {
          row: i,
        });
      }
      if (!Number.isFinite(values[e]!)) throwAt(i, column, values[e]!);
      last = column;
    }
    if (offsets[i + 1]! < offsets[i]!) {
      throw new CounterweightError('bad-sparse', `the offsets descend at row ${i}`, { row: i });
    }
  }
}

/** Names the first cell that is NaN or infinite, among the rows `kept` if given. Throws `not-finite` if there is one. */
export function throwNotFinite(X: NumericRows, kept?: Int32Array): void {
  if (X.kind === 'csr') {
    checkSparse(X);
    return;
  }
  const { data, columns } = X;
  const count = kept ? kept.length : X.rows;
  for (let i = 0; i < count; i++) {
    const row = kept ? kept[i]! : i;
    for (let j = 0; j < columns; j++) {
      const value = data[row * columns + j]!;
      if (!Number.isFinite(value)) throwAt(row, j, value);
    }
  }
}

function throwAt(row: number, column: number, value: number): never {
  const what = Number.isNaN(value) ? 'missing (NaN)' : 'infinite';
  throw new CounterweightError(
    'not-finite',
    `the value in row ${row}, column ${column} is ${what}; impute or drop it first`,
    {
      row,
      column: String(column),
    },
  );
}
