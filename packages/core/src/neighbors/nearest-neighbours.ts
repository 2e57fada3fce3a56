import type { NumericRows } from '../data/dataset.ts';
import type { Matrix } from '../data/matrix.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import { type Work, withKernels } from '../runtime/work.ts';
import { bruteForce } from './brute-force.ts';
import { buildTree, copyRows, leafOrder, type NeighbourTree } from './build-tree.ts';
import { denseRows } from './dense-rows.ts';
import { chooseFrame, type Frame, reachFrom } from './frame.ts';
import { metricCode } from './plan.ts';
import { type MetricInKernel, NO_ROW, nearestInTree, searchPlan } from './search-tree.ts';
import { uniqueRows } from './unique-rows.ts';

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

/** Up to so many differences, a plain search takes less time than a tree to build. */
const PLAIN_DIFFERENCES = 2e6;
/** Wider rows get no principal axes. */
const MOST_ROTATED = 128;
/** Queries farther out than so many times the reach of the reference are searched plainly: float32 ends there. */
const FARTHEST = 2 ** 30;

/**
 * Exact Euclidean nearest neighbours. Ties go to the lower row index.
 *
 * Distances are float64: the root of the sum of squared differences, even and odd columns summed apart, in order. Throws
 * `bad-option` for a k that is no positive integer, `too-few-rows` where fewer than k rows are there to be found,
 * `column-mismatch`, `not-finite`, `bad-sparse`, `bad-queries`.
 */
export async function nearestNeighbours(search: NeighbourSearch, options?: RunOptions): Promise<Neighbours> {
  const { reference, k } = search;
  const queries = search.queries ?? Int32Array.from({ length: reference.rows }, (_, row) => row);
  check(reference, queries, k);
  return withKernels(options, async (work) => {
    const rows = denseRows(reference);
    const asked = queries instanceof Int32Array ? queries : denseRows(queries);
    const metric = { ...metricCode('euclidean', 2), power: 2 };
    const onSlice = (done: number, total: number) => options?.onProgress?.({ task: 'nearest neighbours', done, total });
    return searchNearest(work, rows, asked, k, metric, onSlice);
  });
}

async function searchNearest(
  work: Work,
  rows: Matrix,
  asked: Matrix | Int32Array,
  k: number,
  metric: MetricInKernel,
  onSlice: (done: number, total: number) => void,
): Promise<Neighbours> {
  const { columns } = rows;
  const count = asked instanceof Int32Array ? asked.length : asked.rows;
  if (rows.rows * count * columns <= PLAIN_DIFFERENCES) return plainSearch(work, rows, asked, k, metric, onSlice);
  const wide = metric.norm === 0 && columns > MOST_ROTATED;
  const frame = chooseFrame(rows.data, rows.rows, columns, wide ? 1 : metric.norm);
  const reach =
    asked instanceof Int32Array
      ? 0
      : reachFrom(asked.data, asked.rows, columns, frame?.origin ?? new Float64Array(columns));
  if (!frame || !(reach * frame.scale < FARTHEST)) return plainSearch(work, rows, asked, k, metric, onSlice);
  if (wide && reach * frame.scale <= 1) return wideSearch(work, rows, asked, k, metric, frame, onSlice);
  const unique = uniqueRows(rows.data, rows.rows, columns);
  const tree = await buildTree(work, rows.data, columns, unique, frame, metric.norm);
  return asked instanceof Int32Array
    ? searchSelves(work, tree, unique.pointOf, asked, k, metric, onSlice)
    : searchOthers(work, tree, asked, reach, k, metric, onSlice);
}

/** Neighbours of rows of the tree itself: one more is sought, and each row leaves itself out. */
async function searchSelves(
  work: Work,
  tree: NeighbourTree,
  pointOf: Int32Array,
  asked: Int32Array,
  k: number,
  metric: MetricInKernel,
  onSlice: (done: number, total: number) => void,
): Promise<Neighbours> {
  const { memory } = work;
  const { columns, placeOf } = tree;
  const listOf = new Int32Array(tree.points).fill(-1);
  for (const row of asked) listOf[placeOf[pointOf[row]!]!] = 0;
  let count = 0;
  for (let place = 0; place < tree.points; place++) if (listOf[place] === 0) listOf[place] = count++;
  let queries = tree.rows;
  if (count < tree.points) {
    queries = memory.float64(count * columns);
    const places = new Int32Array(count);
    for (let place = 0; place < tree.points; place++) if (listOf[place]! >= 0) places[listOf[place]!] = place;
    copyRows(tree.rows.view(), columns, places, queries.view());
  }
  const more = k + 1;
  const found = await nearestInTree(work, tree, metric, { rows: queries, count, reach: 0 }, more, onSlice);
  const foundIndices = found.indices.view();
  const foundDistances = found.distances.view();
  const indices = new Int32Array(asked.length * k);
  const distances = new Float64Array(asked.length * k);
  for (let i = 0, to = 0; i < asked.length; i++) {
    const row = asked[i]!;
    let from = listOf[placeOf[pointOf[row]!]!]! * more;
    for (let n = 0; n < k; n++, from++, to++) {
      if (foundIndices[from] === row) from++;
      indices[to] = foundIndices[from]!;
      distances[to] = foundDistances[from]!;
    }
  }
  return Object.freeze({ k, indices, distances });
}

async function searchOthers(
  work: Work,
  tree: NeighbourTree,
  asked: Matrix,
  reach: number,
  k: number,
  metric: MetricInKernel,
  onSlice: (done: number, total: number) => void,
): Promise<Neighbours> {
  const { columns } = tree;
  const count = asked.rows;
  const order = await leafOrder(work, tree.plan, tree.frame, {
    count,
    columns,
    fill: (target, first, size) => target.set(asked.data.subarray(first * columns, (first + size) * columns)),
  });
  const queries = work.memory.float64(count * columns);
  copyRows(asked.data, columns, order, queries.view());
  const found = await nearestInTree(work, tree, metric, { rows: queries, count, reach }, k, onSlice);
  const foundIndices = found.indices.view();
  const foundDistances = found.distances.view();
  const indices = new Int32Array(count * k);
  const distances = new Float64Array(count * k);
  for (let i = 0, from = 0; i < count; i++) {
    for (let n = 0, to = order[i]! * k; n < k; n++, from++, to++) {
      indices[to] = foundIndices[from]!;
      distances[to] = foundDistances[from]!;
    }
  }
  return Object.freeze({ k, indices, distances });
}

/** All rows and queries in kernel memory as they are, for the searches that go over all pairs. */
function allPairs({ memory }: Work, rows: Matrix, asked: Matrix | Int32Array, k: number) {
  const { columns } = rows;
  const selves = asked instanceof Int32Array ? asked : undefined;
  const count = asked instanceof Int32Array ? asked.length : asked.rows;
  const reference = memory.float64(rows.rows * columns);
  reference.view().set(rows.data);
  const queries = memory.float64(count * columns);
  if (selves) copyRows(rows.data, columns, selves, queries.view());
  else queries.view().set((asked as Matrix).data);
  const self = memory.int32(Math.ceil(count / 4) * 4);
  self.view().fill(-1);
  if (selves) self.view().set(selves);
  const distances = memory.float64(count * k);
  distances.view().fill(Number.POSITIVE_INFINITY);
  const indices = memory.int32(count * k);
  indices.view().fill(NO_ROW);
  const result = () => Object.freeze({ k, indices: indices.view().slice(), distances: distances.view().slice() });
  return { count, reference, queries, self, distances, indices, result };
}

async function plainSearch(
  work: Work,
  rows: Matrix,
  asked: Matrix | Int32Array,
  k: number,
  metric: MetricInKernel,
  onSlice: (done: number, total: number) => void,
): Promise<Neighbours> {
  const { count, reference, queries, self, distances, indices, result } = allPairs(work, rows, asked, k);
  const plan = searchPlan(work, metric, { rows: queries, count }, { kind: 0, k, radius: 0, distances, indices });
  const args = [plan.address, reference.address, rows.rows, rows.columns, self.address];
  await work.run('plainNeighbours', count, args, (done) => onSlice(done, count));
  return result();
}

async function wideSearch(
  work: Work,
  rows: Matrix,
  asked: Matrix | Int32Array,
  k: number,
  _metric: MetricInKernel,
  frame: Frame,
  onSlice: (done: number, total: number) => void,
): Promise<Neighbours> {
  const { count, reference, queries, self, distances, indices, result } = allPairs(work, rows, asked, k);
  const search = {
    rows: { address: reference.address, count: rows.rows },
    queries: { address: queries.address, count },
    columns: rows.columns,
    self: self.address,
    k,
    distances: distances.address,
    indices: indices.address,
  };
  await bruteForce(work, frame, search, onSlice);
  return result();
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
