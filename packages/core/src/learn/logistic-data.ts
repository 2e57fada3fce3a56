import { checkDataset } from '../data/check-dataset.ts';
import { checkSparse, throwNotFinite } from '../data/check-rows.ts';
import type { Dataset, NumericRows } from '../data/dataset.ts';
import type { SparseMatrix } from '../data/sparse.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { KernelArray } from '../runtime/kernel-runtime.ts';
import type { Work } from '../runtime/work.ts';

/** Rows a kernel works on at once; must equal CHUNK of the kernels. */
export const CHUNK = 128;
const STAGED_VALUES = 524288;
/** Share of stored cells above which sparse rows are computed on as dense ones. */
const DENSE_SHARE = 0.4;

/** Which rows count, with what label among the classes that occur. */
export interface TrainingRows {
  /** Rows with a positive weight; undefined where that is all of them. */
  readonly kept: Int32Array | undefined;
  readonly count: number;
  /** Class codes that occur, ascending. */
  readonly present: readonly number[];
  /** For each kept row the place of its class in `present`. */
  readonly labels: Int32Array;
  /** For each kept row. */
  readonly weights: Float64Array;
}

/** Weights between which sums and ratios of theirs are numbers; the largest is no smaller than `LEAST_OF_ALL`. */
export const LEAST_WEIGHT = 1e-200;
const LEAST_OF_ALL = 1e-100;
const MOST_WEIGHT = 1e100;

/**
 * Leaves out rows of weight 0 and finds the classes that occur.
 * Throws `bad-rows`, `no-columns`, `bad-labels`, `shape-mismatch`, `bad-weights`, `no-rows`, `one-class`.
 */
export function trainingRows(data: Dataset): TrainingRows {
  checkDataset(data);
  const { X, y, weights } = data;
  const rows = X.rows;
  let count = 0;
  let most = 0;
  const seen = new Uint8Array(y.classes.length);
  for (let i = 0; i < rows; i++) {
    const weight = weights ? weights[i]! : 1;
    if (!(weight >= 0 && weight < Number.POSITIVE_INFINITY)) {
      throw new CounterweightError(
        'bad-weights',
        `the weight of row ${i} is ${weight}; weights are finite and not negative`,
        { row: i },
      );
    }
    const code = y.codes[i]!;
    if (!(code >= 0 && code < seen.length)) {
      throw new CounterweightError('bad-labels', `the label of row ${i} is ${code}, which names none of the classes`, {
        row: i,
      });
    }
    if (weight === 0) continue;
    if (weight < LEAST_WEIGHT || weight > MOST_WEIGHT) throw boundlessWeight(weight, i);
    most = Math.max(most, weight);
    seen[code] = 1;
    count++;
  }
  if (count === 0) throw new CounterweightError('no-rows', 'there is no row of positive weight to learn from');
  if (most < LEAST_OF_ALL) throw boundlessWeight(most, weights!.indexOf(most));
  const present = [...seen.keys()].filter((code) => seen[code]);
  if (present.length < 2) {
    const label = y.classes[present[0]!]!;
    throw new CounterweightError('one-class', `all rows are of class ${label}; a classifier needs two`, {
      class: label,
    });
  }
  const place = new Int32Array(seen.length);
  for (const [index, code] of present.entries()) place[code] = index;
  const kept = count < rows ? new Int32Array(count) : undefined;
  const labels = new Int32Array(count);
  const keptWeights = new Float64Array(count);
  for (let i = 0, at = 0; i < rows; i++) {
    const weight = weights ? weights[i]! : 1;
    if (weight === 0) continue;
    if (kept) kept[at] = i;
    labels[at] = place[y.codes[i]!]!;
    keptWeights[at++] = weight;
  }
  return { kept, count, present, labels, weights: keptWeights };
}

function boundlessWeight(weight: number, row: number): CounterweightError {
  return new CounterweightError(
    'bad-weights',
    `the weight of row ${row} is ${weight}; weights are 0 or lie between ${LEAST_WEIGHT} and ${MOST_WEIGHT}, the largest above ${LEAST_OF_ALL}`,
    { row },
  );
}

/** Training rows in the kernels' memory. `width` is columns + 1 (the intercept, last) rounded up to four. */
export interface LoadedRows {
  readonly kind: 'dense' | 'csr';
  readonly columns: number;
  readonly width: number;
  readonly chunks: number;
  /** Average number of stored values a row, the intercept included. */
  readonly stored: number;
  /** Arguments that name the rows in the kernels' lists. */
  readonly addresses: readonly number[];
}

/**
 * Copies the rows once. Sparse rows that are hardly sparse become dense, whose kernels do several times more a second.
 * Throws `not-finite`, `bad-sparse`, `out-of-memory`.
 */
export function loadRows(work: Work, X: NumericRows, rows: TrainingRows): LoadedRows {
  if (X.kind === 'dense') return loadDense(work, X, rows);
  checkSparse(X);
  const filled = X.values.length / Math.max(1, X.rows * X.columns);
  return filled > DENSE_SHARE ? loadDense(work, X, rows) : loadSparse(work, X, rows);
}

function loadDense({ memory }: Work, X: NumericRows, { kept, count }: TrainingRows): LoadedRows {
  const { columns } = X;
  const width = Math.ceil((columns + 1) / 4) * 4;
  const chunks = Math.ceil(count / CHUNK);
  const target = memory.float64(chunks * CHUNK * width);
  const slabChunks = Math.max(1, Math.min(chunks, Math.floor(STAGED_VALUES / (CHUNK * Math.max(1, columns)))));
  const staging = memory.float64(slabChunks * CHUNK * columns);
  const flag = memory.int32(1, 'zero');
  for (let chunk = 0; chunk < chunks; chunk += slabChunks) {
    const first = chunk * CHUNK;
    const last = Math.min(count, first + slabChunks * CHUNK);
    stage(staging.view(), X, kept, first, last);
    const place = target.address + chunk * CHUNK * width * 8;
    const tasks = Math.min(slabChunks, chunks - chunk);
    memory.run('packDense', 0, tasks, [staging.address, last - first, columns, width, place, flag.address]);
  }
  if (flag.view()[0]) throwNotFinite(X, kept);
  memory.release(staging);
  return { kind: 'dense', columns, width, chunks, stored: columns + 1, addresses: [target.address] };
}

/** Writes rows `first ... last - 1` of those that count into `target`, row-major. */
function stage(target: Float64Array, X: NumericRows, kept: Int32Array | undefined, first: number, last: number): void {
  const { columns } = X;
  if (X.kind === 'dense' && !kept) {
    target.set(X.data.subarray(first * columns, last * columns));
    return;
  }
  if (X.kind === 'csr') target.fill(0);
  for (let i = first; i < last; i++) {
    const row = kept ? kept[i]! : i;
    const start = (i - first) * columns;
    if (X.kind === 'dense') target.set(X.data.subarray(row * columns, (row + 1) * columns), start);
    else for (let e = X.offsets[row]!; e < X.offsets[row + 1]!; e++) target[start + X.indices[e]!] = X.values[e]!;
  }
}

function loadSparse({ memory }: Work, X: SparseMatrix, { kept, count }: TrainingRows): LoadedRows {
  const { columns } = X;
  const chunks = Math.ceil(count / CHUNK);
  const offsets = memory.int32(chunks * CHUNK + 1);
  const lengths = offsets.view();
  let stored = 0;
  for (let i = 0; i < count; i++) {
    lengths[i] = stored;
    const row = kept ? kept[i]! : i;
    stored += X.offsets[row + 1]! - X.offsets[row]!;
  }
  lengths.fill(stored, count);
  const indices = memory.int32(stored);
  const values = memory.float64(stored);
  copySparse(X, kept, indices, values);
  return {
    kind: 'csr',
    columns,
    width: Math.ceil((columns + 1) / 4) * 4,
    chunks,
    stored: stored / count + 1,
    addresses: [offsets.address, indices.address, values.address, columns],
  };
}

function copySparse(
  X: SparseMatrix,
  kept: Int32Array | undefined,
  indices: KernelArray<Int32Array>,
  values: KernelArray<Float64Array>,
): void {
  const indexView = indices.view();
  const valueView = values.view();
  if (!kept) {
    indexView.set(X.indices);
    valueView.set(X.values);
    return;
  }
  let at = 0;
  for (const row of kept) {
    const begin = X.offsets[row]!;
    const end = X.offsets[row + 1]!;
    indexView.set(X.indices.subarray(begin, end), at);
    valueView.set(X.values.subarray(begin, end), at);
    at += end - begin;
  }
}
