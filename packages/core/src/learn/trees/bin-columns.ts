import type { NumericRows } from '../../data/dataset.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import type { KernelArray } from '../../runtime/kernel-runtime.ts';
import type { Work } from '../../runtime/work.ts';
import type { ColumnBins } from './column-bins.ts';
import { pairColumns } from './pair-columns.ts';
import { type BinningRows, byColumn, stageDense, stageSparse } from './stage-columns.ts';

export type { ColumnBins } from './column-bins.ts';
export type { BinningRows } from './stage-columns.ts';

export interface BinnedColumns {
  readonly rows: number;
  readonly columns: readonly ColumnBins[];
  /** One byte a cell, column after column. */
  readonly bytes: KernelArray<Uint8Array>;
}

/** Values staged at once: columns are binned in batches of so many, so that memory stays bounded. */
const STAGED_VALUES = 4194304;
const RANGE_VALUES = 512;
const FACT_WORDS = 4;
const HASH_BYTES = 8192;
const DIGIT_BYTES = 49152;

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
  const bytes = memory.bytes(count * X.columns);
  const columns: ColumnBins[] = [];
  const pairs = pairColumns(work, bytes, X.columns, rows, maxBins);
  const staging = { bytes, columns, maxBins };
  if (X.kind === 'dense') {
    await pairs.lookThrough(X);
    const listed = pairs.others(0, X.columns);
    const batch = batchOf(listed.length, count);
    const bins = columnBinner(work, X, rows, batch, staging);
    for (let first = 0; first < listed.length; first += batch) {
      const part = listed.slice(first, first + batch);
      stageDense(bins.staged.view(), X, rows, part);
      bins.cut(
        part,
        part.map((_, at) => at),
      );
      await work.breathe();
    }
    bins.release();
  } else {
    const transposed = byColumn(X);
    const batch = batchOf(X.columns, count);
    const bins = columnBinner(work, X, rows, batch, staging);
    for (let first = 0; first < X.columns; first += batch) {
      const last = Math.min(X.columns, first + batch);
      stageSparse(bins.staged.view(), transposed, X.rows, rows, first, last);
      pairs.look(bins.staged.address, first, last);
      const part = pairs.others(first, last);
      bins.cut(
        part,
        part.map((column) => column - first),
      );
      await work.breathe();
    }
    bins.release();
  }
  pairs.keep(columns);
  return { rows: count, columns, bytes };
}

function batchOf(columns: number, rows: number): number {
  return Math.max(1, Math.min(columns, Math.floor(STAGED_VALUES / Math.max(1, rows))));
}

interface Staging {
  readonly bytes: KernelArray<Uint8Array>;
  readonly columns: ColumnBins[];
  readonly maxBins: number;
}

/** Cuts staged columns, up to `batch` at once. */
function columnBinner(
  work: Work,
  X: NumericRows,
  rows: BinningRows,
  batch: number,
  { bytes, columns, maxBins }: Staging,
) {
  const { memory } = work;
  const { count } = rows;
  const staged = memory.float64(batch * count);
  const ranges = memory.float64(batch * RANGE_VALUES);
  const facts = memory.int32(batch * FACT_WORDS);
  const places = memory.int32(2 * batch);
  const scratchBytes = Math.ceil((HASH_BYTES + DIGIT_BYTES + 32 * count) / 64) * 64;
  const scratch = memory.bytes(scratchBytes * work.threads);
  const weights = rows.weights && memory.float64(count);
  weights?.view().set(rows.weights!);

  /** Cuts the columns `targets`, which are staged at the places `sources`. */
  const cut = (targets: readonly number[], sources: readonly number[]) => {
    places.view().set(sources);
    places.view().set(targets, batch);
    memory.run('binColumns', 0, targets.length, [
      staged.address,
      places.address,
      places.address + 4 * batch,
      count,
      weights?.address ?? 0,
      maxBins,
      bytes.address,
      ranges.address,
      facts.address,
      scratch.address,
      scratchBytes,
    ]);
    targets.forEach((column, at) => {
      const fact = facts.view().subarray(at * FACT_WORDS);
      if (fact[2]) throwInfinite(X, rows, column);
      columns[column] = readBins(ranges.view().subarray(at * RANGE_VALUES), fact[0]!, fact[1]! > 0);
    });
  };
  const release = () => {
    for (const block of [staged, ranges, facts, places, scratch]) memory.release(block);
    if (weights) memory.release(weights);
  };
  return { staged, cut, release };
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
