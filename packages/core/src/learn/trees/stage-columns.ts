import type { NumericRows } from '../../data/dataset.ts';
import { CounterweightError } from '../../runtime/errors.ts';

/** Which rows are binned, and which of them teach where the bins lie. */
export interface BinningRows {
  /** Rows of `X` in order; undefined for all. */
  readonly kept?: Int32Array | undefined;
  readonly count: number;
  /** One a kept row; undefined for ones. Bins are quantiles of the weighted rows. */
  readonly weights?: Float64Array | undefined;
}

type DenseRows = NumericRows & { kind: 'dense' };
type SparseRows = NumericRows & { kind: 'csr' };

/** Copies the kept rows `first ... first + rows - 1`, all columns, row by row. */
export function stageRows(
  target: Float64Array,
  { data, columns }: DenseRows,
  { kept }: BinningRows,
  first: number,
  rows: number,
): void {
  if (!kept) {
    target.set(data.subarray(first * columns, (first + rows) * columns));
    return;
  }
  for (let i = 0, at = 0; i < rows; i++) {
    const row = kept[first + i]! * columns;
    for (let j = 0; j < columns; j++) target[at++] = data[row + j]!;
  }
}

/** Copies the kept rows of the columns listed, column by column. */
export function stageDense(
  target: Float64Array,
  { data, columns }: DenseRows,
  { kept, count }: BinningRows,
  listed: readonly number[],
): void {
  const list = Int32Array.from(listed);
  for (let i = 0; i < count; i++) {
    const row = (kept ? kept[i]! : i) * columns;
    for (let j = 0, at = i; j < list.length; j++, at += count) target[at] = data[row + list[j]!]!;
  }
}

/** Sparse rows by column. */
export interface SparseColumns {
  readonly starts: Int32Array;
  readonly rows: Int32Array;
  readonly values: Float64Array;
}

/** Throws `bad-sparse`. */
export function byColumn(X: SparseRows): SparseColumns {
  const starts = new Int32Array(X.columns + 1);
  for (const column of X.indices) {
    if (!(column >= 0 && column < X.columns)) {
      throw new CounterweightError('bad-sparse', `column ${column} is out of range`);
    }
    starts[column + 1]!++;
  }
  for (let j = 0; j < X.columns; j++) starts[j + 1]! += starts[j]!;
  const next = starts.slice();
  const rows = new Int32Array(X.indices.length);
  const values = new Float64Array(X.indices.length);
  for (let i = 0; i < X.rows; i++) {
    for (let e = X.offsets[i]!; e < X.offsets[i + 1]!; e++) {
      const at = next[X.indices[e]!]!++;
      rows[at] = i;
      values[at] = X.values[e]!;
    }
  }
  return { starts, rows, values };
}

/** Writes the kept rows of the columns `first ... last - 1`, column by column. */
export function stageSparse(
  target: Float64Array,
  { starts, rows, values }: SparseColumns,
  allRows: number,
  { kept, count }: BinningRows,
  first: number,
  last: number,
): void {
  const place = kept ? new Int32Array(allRows).fill(-1) : undefined;
  if (kept && place) for (let i = 0; i < count; i++) place[kept[i]!] = i;
  for (let j = first; j < last; j++) {
    const column = target.subarray((j - first) * count, (j - first + 1) * count).fill(0);
    for (let e = starts[j]!; e < starts[j + 1]!; e++) {
      const at = place ? place[rows[e]!]! : rows[e]!;
      if (at >= 0) column[at] = values[e]!;
    }
  }
}
