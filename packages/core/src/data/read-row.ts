import type { NumericRows } from './dataset.ts';

/** Writes the cells of one row, zeros included, into the first `columns` places of `into`. */
export function readRow(X: NumericRows, row: number, into: Float64Array): void {
  if (X.kind === 'dense') {
    const start = row * X.columns;
    for (let j = 0; j < X.columns; j++) into[j] = X.data[start + j]!;
    return;
  }
  into.fill(0);
  for (let e = X.offsets[row]!; e < X.offsets[row + 1]!; e++) into[X.indices[e]!] = X.values[e]!;
}
