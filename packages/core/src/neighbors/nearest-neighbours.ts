import { checkSparse, throwNotFinite } from '../data/check-rows.ts';
import type { NumericRows } from '../data/dataset.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { KernelArray } from '../runtime/kernel-runtime.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import { type Work, withKernels } from '../runtime/work.ts';

/** Rows of one panel of the filter, and queries scanned at once; must equal LANES and QUERIES of the kernel. */
const LANES = 8;
/** Queries a task owns: enough that each chunk of panels is read once for many queries. */
const TASK_QUERIES = 32;
/** Packed rows that one task goes over before it turns to its next queries; about half a second-level cache. */
const CHUNK_BYTES = 262144;
/** Packed rows held at once; more are packed slab by slab. */
const SLAB_BYTES = 268435456;

/** The nearest rows of each query, in order of (distance, row index). */
export interface Neighbours {
  readonly k: number;
  /** Row of the reference, `queries × k`. */
  readonly indices: Int32Array;
  /** Euclidean distance, `queries × k`. */
  readonly distances: Float64Array;
}

export interface NeighbourSearch {
  readonly reference: NumericRows;
  /**
   * Rows to search for; or indices of reference rows, each of which is then not its own neighbour (a duplicate of it may
   * be). By default every reference row.
   */
  readonly queries?: NumericRows | Int32Array | undefined;
  readonly k: number;
}

/**
 * Exact Euclidean nearest neighbours by brute force. Ties go to the lower row index.
 *
 * Distances are float64: the root of the sum of squared differences, even and odd columns summed apart, in order. Throws
 * `bad-option` for a k that is no positive integer, `too-few-rows` where fewer than k rows are there to be found,
 * `column-mismatch`, `not-finite`, `bad-sparse`, `bad-queries`.
 */
export async function nearestNeighbours(search: NeighbourSearch, options?: RunOptions): Promise<Neighbours> {
  const { reference, k } = search;
  const queries = search.queries ?? Int32Array.from({ length: reference.rows }, (_, row) => row);
  const selves = queries instanceof Int32Array ? queries : undefined;
  check(reference, queries, k);
  const count = selves ? selves.length : (queries as NumericRows).rows;
  return withKernels(options, async (work) => {
    const { memory } = work;
    const columns = reference.columns;
    const rows = densify(work, reference);
    const asked = densify(work, selves ? reference : (queries as NumericRows), selves);
    const frame = filterFrame(work, rows, reference.rows, asked, count, columns);
    const self = memory.int32(Math.ceil(count / 4) * 4);
    self.view().fill(-1);
    if (selves) self.view().set(selves);
    const distances = memory.float64(count * k);
    distances.view().fill(Number.POSITIVE_INFINITY);
    const indices = memory.int32(count * k);
    indices.view().fill(2147483647);

    const slabRows = Math.max(LANES, Math.floor(SLAB_BYTES / (columns * 4 + 4) / LANES) * LANES);
    const mostPanels = Math.ceil(Math.min(slabRows, reference.rows) / LANES);
    const panels = memory.bytes(mostPanels * LANES * columns * 4);
    const halves = memory.bytes(mostPanels * LANES * 4);
    const scratch = memory.bytes(work.threads * TASK_QUERIES * (columns * 4 + 8));
    const chunkPanels = Math.max(1, Math.floor(CHUNK_BYTES / (LANES * 4 * Math.max(1, columns))));
    const tasks = Math.ceil(count / TASK_QUERIES);
    const slabs = Math.ceil(reference.rows / slabRows);
    for (let slab = 0; slab < slabs; slab++) {
      const first = slab * slabRows;
      const size = Math.min(slabRows, reference.rows - first);
      const source = rows.address + first * columns * 8;
      const { centre, scale, slack } = frame;
      const packed = [centre.address, scale, slack, panels.address, halves.address];
      memory.run('packNeighbours', 0, Math.ceil(size / LANES), [source, size, columns, ...packed]);
      const shape = [asked.address, count, TASK_QUERIES, rows.address, first, size, columns];
      const result = [chunkPanels, self.address, k, distances.address, indices.address, scratch.address];
      await work.run('neighbours', tasks, [...shape, ...packed, ...result], (done) =>
        options?.onProgress?.({ task: 'nearest neighbours', done: slab * tasks + done, total: slabs * tasks }),
      );
    }
    return Object.freeze({ k, indices: indices.view().slice(), distances: distances.view().slice() });
  });
}

function check(reference: NumericRows, queries: NumericRows | Int32Array, k: number): void {
  if (!Number.isInteger(k) || k < 1)
    throw new CounterweightError('bad-option', `k must be a positive integer, got ${k}`);
  const selves = queries instanceof Int32Array;
  const available = reference.rows - (selves ? 1 : 0);
  if (k > available) {
    const others = selves ? 'other rows' : 'rows';
    throw new CounterweightError(
      'too-few-rows',
      `${k} neighbours were asked for, but there are ${Math.max(0, available)} ${others}`,
      {
        k,
        available,
      },
    );
  }
  if (!selves && queries.columns !== reference.columns) {
    throw new CounterweightError(
      'column-mismatch',
      `queries have ${queries.columns} columns, the reference has ${reference.columns}`,
    );
  }
  if (!selves) return;
  const wrong = queries.findIndex((row) => row < 0 || row >= reference.rows);
  if (wrong >= 0) {
    throw new CounterweightError(
      'bad-queries',
      `query ${wrong} is row ${queries[wrong]}, which the reference has not`,
      {
        row: queries[wrong]!,
      },
    );
  }
}

/** Row-major float64 in kernel memory, of all rows or of those picked. Throws `not-finite`, `bad-sparse`. */
function densify({ memory }: Work, X: NumericRows, picked?: Int32Array): KernelArray<Float64Array> {
  const { columns } = X;
  if (X.kind === 'csr') checkSparse(X);
  const count = picked ? picked.length : X.rows;
  const block = memory.float64(count * columns, X.kind === 'csr' ? 'zero' : undefined);
  const target = block.view();
  if (X.kind === 'dense' && !picked) target.set(X.data);
  for (let i = 0; i < count; i++) {
    const row = picked ? picked[i]! : i;
    if (X.kind === 'csr') {
      for (let e = X.offsets[row]!; e < X.offsets[row + 1]!; e++) target[i * columns + X.indices[e]!] = X.values[e]!;
    } else if (picked) target.set(X.data.subarray(row * columns, (row + 1) * columns), i * columns);
  }
  if (X.kind === 'dense' && !target.every(Number.isFinite)) throwNotFinite(X, picked);
  return block;
}

/**
 * Centre and scale of the filter. The centre makes float32 tell apart rows far from the origin; the scale, a power of two,
 * keeps squared norms of all rows below 1.
 */
function filterFrame(
  { memory }: Work,
  rows: KernelArray<Float64Array>,
  count: number,
  queries: KernelArray<Float64Array>,
  queryCount: number,
  columns: number,
) {
  const centre = memory.float64(columns, 'zero');
  const means = centre.view();
  const x = rows.view();
  for (let i = 0, at = 0; i < count; i++) for (let j = 0; j < columns; j++) means[j]! += x[at++]! / count;
  let largest = 0;
  for (const [values, n] of [[x, count] as const, [queries.view(), queryCount] as const]) {
    for (let i = 0, at = 0; i < n; i++) {
      for (let j = 0; j < columns; j++) largest = Math.max(largest, Math.abs(values[at++]! - means[j]!));
    }
  }
  const reach = largest * Math.sqrt(Math.max(1, columns));
  let scale = 1;
  while (scale * reach > 1) scale /= 2;
  while (reach > 0 && scale * reach <= 0.5 && scale < 2 ** 1000) scale *= 2;
  return { centre, scale, slack: (columns + 32) * 2 ** -24 };
}
