import type { NumericRows } from '../../data/dataset.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import type { KernelArray } from '../../runtime/kernel-runtime.ts';
import type { Work } from '../../runtime/work.ts';

/** A column of the rows, cut into bins. */
export interface ColumnBins {
  /** Smallest and largest training value of each bin, ascending; the missing bin is not among them. */
  readonly lows: Float64Array;
  readonly highs: Float64Array;
  /** Whether training rows miss the value; then their byte is 0 and values start at byte 1. */
  readonly missing: boolean;
}

export interface BinnedColumns {
  readonly rows: number;
  readonly columns: readonly ColumnBins[];
  /** One byte a cell, column after column. */
  readonly bytes: KernelArray<Uint8Array>;
}

/** Values staged at once, if so many columns have more: few enough to be still in the cache when they are binned. */
const STAGED_VALUES = 524288;
const STAGED_COLUMNS = 16;
const RANGE_VALUES = 512;
const FACT_WORDS = 4;
const HASH_BYTES = 8192;
const DIGIT_BYTES = 49152;

/** Which rows are binned, and which of them teach where the bins lie. */
export interface BinningRows {
  /** Rows of `X` in order; undefined for all. */
  readonly kept?: Int32Array | undefined;
  readonly count: number;
  /** One a kept row; undefined for ones. Bins are quantiles of the weighted rows. */
  readonly weights?: Float64Array | undefined;
}

/**
 * Cuts every column into at most `maxBins` bins, one a distinct value where there are so few. NaN is a missing value.
 * Throws `not-finite` for an infinite value, `bad-sparse`, `out-of-memory`.
 */
export async function binColumns(
  work: Work,
  X: NumericRows,
  rows: BinningRows,
  maxBins: number,
): Promise<BinnedColumns> {
  const { memory } = work;
  const { count } = rows;
  const total = X.columns;
  const bytes = memory.bytes(count * total);
  const columns: ColumnBins[] = [];
  const batch = Math.max(1, Math.min(total, Math.max(STAGED_COLUMNS, Math.floor(STAGED_VALUES / Math.max(1, count)))));
  const staged = memory.float64(batch * count);
  const ranges = memory.float64(batch * RANGE_VALUES);
  const facts = memory.int32(batch * FACT_WORDS);
  const scratchBytes = Math.ceil((HASH_BYTES + DIGIT_BYTES + 40 * count) / 64) * 64;
  const scratch = memory.bytes(scratchBytes * work.threads);
  const weights = rows.weights ? memory.float64(count) : undefined;
  weights?.view().set(rows.weights!);
  const transposed = X.kind === 'csr' ? byColumn(X) : undefined;
  for (let first = 0; first < total; first += batch) {
    const last = Math.min(total, first + batch);
    const dense = X.kind === 'dense';
    if (dense) stageDense(staged.view(), X.data, X.columns, rows, first, last);
    else stageSparse(staged.view(), transposed!, X.rows, rows, first, last);
    memory.run('binColumns', 0, last - first, [
      staged.address,
      dense ? 8 : 8 * count,
      dense ? 8 * (last - first) : 8,
      count,
      weights?.address ?? 0,
      maxBins,
      bytes.address + first * count,
      ranges.address,
      facts.address,
      scratch.address,
      scratchBytes,
    ]);
    for (let j = first; j < last; j++) {
      const fact = facts.view().subarray((j - first) * FACT_WORDS);
      if (fact[2]) throwInfinite(X, rows, j);
      columns.push(readBins(ranges.view().subarray((j - first) * RANGE_VALUES), fact[0]!, fact[1]! > 0));
    }
    await work.breathe();
  }
  for (const block of [staged, ranges, facts, scratch]) memory.release(block);
  if (weights) memory.release(weights);
  return { rows: count, columns, bytes };
}

function readBins(range: Float64Array, bins: number, missing: boolean): ColumnBins {
  const lows = new Float64Array(bins);
  const highs = new Float64Array(bins);
  for (let b = 0; b < bins; b++) {
    lows[b] = range[2 * b]!;
    highs[b] = range[2 * b + 1]!;
  }
  return { lows, highs, missing };
}

/** Columns `first ... last - 1` of the rows, row by row. */
function stageDense(
  target: Float64Array,
  data: Float64Array,
  columns: number,
  { kept, count }: BinningRows,
  first: number,
  last: number,
): void {
  if (!kept && last - first === columns) {
    target.set(data.subarray(0, count * columns));
    return;
  }
  for (let i = 0, at = 0; i < count; i++) {
    const row = (kept ? kept[i]! : i) * columns;
    for (let j = first; j < last; j++) target[at++] = data[row + j]!;
  }
}

interface ByColumn {
  readonly starts: Int32Array;
  readonly rows: Int32Array;
  readonly values: Float64Array;
}

function byColumn(X: NumericRows & { kind: 'csr' }): ByColumn {
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

/** The same, column by column. */
function stageSparse(
  target: Float64Array,
  { starts, rows, values }: ByColumn,
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

function throwInfinite(X: NumericRows, { kept, count }: BinningRows, column: number): never {
  let row = -1;
  for (let i = 0; i < count && X.kind === 'dense' && row < 0; i++) {
    const at = kept ? kept[i]! : i;
    const value = X.data[at * X.columns + column]!;
    if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) row = at;
  }
  const where = row < 0 ? `column ${column}` : `row ${row}, column ${column}`;
  throw new CounterweightError(
    'not-finite',
    `the value in ${where} is infinite; trees take numbers and NaN for missing`,
    {
      ...(row < 0 ? {} : { row }),
      column: String(column),
    },
  );
}
