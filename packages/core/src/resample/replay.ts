import type { NumericRows } from '../data/dataset.ts';
import { type Matrix, matrix } from '../data/matrix.ts';
import { type SparseMatrix, sparseMatrix } from '../data/sparse.ts';
import { CounterweightError } from '../runtime/errors.ts';
import { interpolate } from './interpolate.ts';
import type { Provenance } from './resampler.ts';

export interface ReplayOptions {
  /**
   * What a synthetic row takes: its base row's value (the default, right for groups, text and codes), or the value
   * interpolated between base and neighbour with the row's gap (numbers only).
   */
  readonly synthetic?: 'base' | 'interpolate';
}

/**
 * Applies a resampling to a side array that has one entry an input row: weights, groups, text, a feature column.
 * The result has one entry an output row and the type of the array given. A synthetic row without a neighbour takes its
 * base's value in either mode. Throws `bad-option` when asked to interpolate what is not numbers, `shape-mismatch` when
 * the array is shorter than the rows that the provenance speaks of.
 */
export function replayProvenance(provenance: Provenance, side: Float64Array, options?: ReplayOptions): Float64Array;
export function replayProvenance(provenance: Provenance, side: Int32Array, options?: ReplayOptions): Int32Array;
export function replayProvenance<T>(provenance: Provenance, side: readonly T[], options?: ReplayOptions): T[];
export function replayProvenance(
  provenance: Provenance,
  side: Side,
  { synthetic = 'base' }: ReplayOptions = {},
): Float64Array | Int32Array | unknown[] {
  if (synthetic !== 'base' && synthetic !== 'interpolate') {
    throw new CounterweightError('bad-option', `synthetic must be "base" or "interpolate", got "${String(synthetic)}"`);
  }
  const rows = provenance.source.length;
  const replayed =
    side instanceof Float64Array
      ? new Float64Array(rows)
      : side instanceof Int32Array
        ? new Int32Array(rows)
        : new Array<unknown>(rows);
  takeParents(provenance, side, replayed);
  if (synthetic === 'interpolate') interpolateBetween(provenance, side, replayed);
  return replayed;
}

type Side = Float64Array | Int32Array | readonly unknown[];

function takeParents(provenance: Provenance, side: Side, replayed: Float64Array | Int32Array | unknown[]): void {
  const { source, base } = provenance;
  let row = 0;
  if (side instanceof Float64Array || side instanceof Int32Array) {
    row = leadingOriginals(provenance, side.length);
    (replayed as Float64Array).set(side.subarray(0, row));
  }
  for (; row < source.length; row++) {
    const parent = source[row]! >= 0 ? source[row]! : base[row]!;
    if (parent >= side.length) throw tooShort(parent, side.length);
    replayed[row] = side[parent] as never;
  }
}

function interpolateBetween(
  { source, base, neighbour, gap }: Provenance,
  side: Side,
  replayed: Float64Array | Int32Array | unknown[],
): void {
  if (side instanceof Int32Array || !isNumbers(side) || replayed instanceof Int32Array) {
    throw new CounterweightError('bad-option', 'only a Float64Array or an array of numbers can be interpolated');
  }
  for (let row = 0; row < source.length; row++) {
    if (source[row]! >= 0 || neighbour[row]! < 0) continue;
    if (neighbour[row]! >= side.length) throw tooShort(neighbour[row]!, side.length);
    replayed[row] = interpolate(side[base[row]!]!, side[neighbour[row]!]!, gap[row]!);
  }
}

function tooShort(row: number, length: number): CounterweightError {
  return new CounterweightError('shape-mismatch', `the resampling speaks of row ${row}, the side array has ${length}`);
}

function isNumbers(side: Float64Array | readonly unknown[]): side is Float64Array | readonly number[] {
  return side instanceof Float64Array || side.every((value) => typeof value === 'number');
}

/**
 * The features of every output row of a method that copies and interpolates. Sparse rows stay sparse: an interpolated row
 * stores the union of its parents' cells. Dense and sparse input give the same numbers bit for bit. Throws `too-many-rows`
 * where there is no memory for them.
 */
export function replayRows(provenance: Provenance, X: NumericRows): NumericRows {
  try {
    return X.kind === 'dense' ? replayDense(provenance, X) : replaySparse(provenance, X);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new CounterweightError(
      'too-many-rows',
      `no memory for ${provenance.source.length} rows of ${X.columns} columns; ask for fewer rows`,
      { rows: provenance.source.length },
    );
  }
}

/** Number of leading output rows that are the input rows in their order; they are copied in one piece. */
function leadingOriginals({ source }: Provenance, rows: number): number {
  const end = Math.min(rows, source.length);
  let row = 0;
  while (row < end && source[row] === row) row++;
  return row;
}

function replayDense(provenance: Provenance, X: Matrix): Matrix {
  const { source, base, neighbour, gap } = provenance;
  const { columns, data: from } = X;
  const data = new Float64Array(source.length * columns);
  const originals = leadingOriginals(provenance, X.rows);
  data.set(from.subarray(0, originals * columns));
  for (let row = originals; row < source.length; row++) {
    const to = row * columns;
    if (source[row]! >= 0) {
      const start = source[row]! * columns;
      // A row among the leading originals stands at the same place in the output already, and one call copies it.
      if (source[row]! < originals) data.copyWithin(to, start, start + columns);
      else for (let j = 0; j < columns; j++) data[to + j] = from[start + j]!;
      continue;
    }
    const a = base[row]! * columns;
    const b = neighbour[row]! * columns;
    const step = gap[row]!;
    for (let j = 0; j < columns; j++) data[to + j] = interpolate(from[a + j]!, from[b + j]!, step);
  }
  return matrix(data, source.length, columns);
}

function replaySparse(provenance: Provenance, X: SparseMatrix): SparseMatrix {
  const { source, base, neighbour, gap } = provenance;
  const originals = leadingOriginals(provenance, X.rows);
  const offsets = new Int32Array(source.length + 1);
  offsets.set(X.offsets.subarray(0, originals + 1));
  let stored = X.offsets[originals]!;
  for (let row = originals; row < source.length; row++) {
    const from = source[row]!;
    stored += from >= 0 ? X.offsets[from + 1]! - X.offsets[from]! : unionSize(X, base[row]!, neighbour[row]!);
    offsets[row + 1] = stored;
  }
  if (stored > 2147483647) throw new RangeError('more cells than an Int32 offset can count');
  const indices = new Int32Array(stored);
  const values = new Float64Array(stored);
  indices.set(X.indices.subarray(0, X.offsets[originals]!));
  values.set(X.values.subarray(0, X.offsets[originals]!));
  for (let row = originals; row < source.length; row++) {
    let to = offsets[row]!;
    const from = source[row]!;
    if (from >= 0) {
      for (let cell = X.offsets[from]!; cell < X.offsets[from + 1]!; cell++, to++) {
        indices[to] = X.indices[cell]!;
        values[to] = X.values[cell]!;
      }
    } else {
      interpolateSparse(X, base[row]!, neighbour[row]!, gap[row]!, indices, values, to);
    }
  }
  return sparseMatrix(offsets, indices, values, X.columns);
}

function unionSize({ offsets, indices }: SparseMatrix, a: number, b: number): number {
  let i = offsets[a]!;
  let j = offsets[b]!;
  const endA = offsets[a + 1]!;
  const endB = offsets[b + 1]!;
  let size = endA - i + (endB - j);
  while (i < endA && j < endB) {
    const left = indices[i]!;
    const right = indices[j]!;
    if (left === right) size--;
    if (left <= right) i++;
    if (right <= left) j++;
  }
  return size;
}

function interpolateSparse(
  X: SparseMatrix,
  a: number,
  b: number,
  gap: number,
  indices: Int32Array,
  values: Float64Array,
  start: number,
): void {
  let i = X.offsets[a]!;
  let j = X.offsets[b]!;
  const endA = X.offsets[a + 1]!;
  const endB = X.offsets[b + 1]!;
  for (let to = start; i < endA || j < endB; to++) {
    const left = i < endA ? X.indices[i]! : X.columns;
    const right = j < endB ? X.indices[j]! : X.columns;
    const base = left <= right ? X.values[i++]! : 0;
    const neighbour = right <= left ? X.values[j++]! : 0;
    indices[to] = Math.min(left, right);
    values[to] = interpolate(base, neighbour, gap);
  }
}
