import type { DuckDBVector } from '@duckdb/node-api';

/** The arrays behind vectors that are being filled; see input/vectors.ts for why they are reached for. */
const itemsOf = <T extends Float64Array | Int32Array>(vector: DuckDBVector): T =>
  (vector as unknown as { items: T }).items;

/** Copies a block of doubles into a DOUBLE vector; NaN becomes an empty cell. */
export function setDoubles(vector: DuckDBVector, values: Float64Array): void {
  itemsOf<Float64Array>(vector).set(values);
  for (let row = 0; row < values.length; row++) {
    if (Number.isNaN(values[row]!)) vector.setItem(row, null);
  }
  vector.flush();
}

/** Copies a block of integers into an INTEGER vector; the one that stands for an empty cell becomes one. */
export function setIntegers(vector: DuckDBVector, values: Int32Array | Int8Array, empty?: number): void {
  itemsOf<Int32Array>(vector).set(values);
  for (let row = 0; empty !== undefined && row < values.length; row++) {
    if (values[row] === empty) vector.setItem(row, null);
  }
  vector.flush();
}

/** Writes strings into a VARCHAR vector; null becomes an empty cell. */
export function setStrings(vector: DuckDBVector, rows: number, textAt: (row: number) => string | null): void {
  for (let row = 0; row < rows; row++) vector.setItem(row, textAt(row));
  vector.flush();
}
