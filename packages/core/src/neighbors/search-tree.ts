import type { KernelArray } from '../runtime/kernel-runtime.ts';
import type { Work } from '../runtime/work.ts';
import type { NeighbourTree } from './build-tree.ts';
import { GROUP, LEAF, writePlan } from './plan.ts';

/** The largest row index, which stands where no neighbour has been found yet. */
export const NO_ROW = 2147483647;

/** Rows to search for, in kernel memory, in an order in which neighbours in the list are near each other. */
export interface TreeQueries {
  readonly rows: KernelArray<Float64Array>;
  readonly count: number;
  /** As `reachFrom` gives it. */
  readonly reach: number;
}

export interface MetricInKernel {
  readonly code: number;
  readonly norm: number;
  readonly power: number;
}

/** The k nearest rows of each query, `count × k`, in kernel memory. */
export async function nearestInTree(
  work: Work,
  tree: NeighbourTree,
  metric: MetricInKernel,
  queries: TreeQueries,
  k: number,
  onSlice?: (done: number, total: number) => void,
): Promise<{ readonly distances: KernelArray<Float64Array>; readonly indices: KernelArray<Int32Array> }> {
  const { memory } = work;
  const distances = memory.float64(queries.count * k);
  const indices = memory.int32(queries.count * k);
  distances.view().fill(Number.POSITIVE_INFINITY);
  indices.view().fill(NO_ROW);
  await runSearch(work, tree, metric, queries, { kind: 0, k, radius: 0, distances, indices }, onSlice);
  return { distances, indices };
}

export interface SearchLists {
  readonly kind: 0 | 1 | 2;
  readonly k: number;
  readonly radius: number;
  readonly distances?: KernelArray<Float64Array> | undefined;
  readonly indices?: KernelArray<Int32Array> | undefined;
  readonly offsets?: KernelArray<Float64Array> | undefined;
}

/** Groups that are tried to see how much of a tree is visited. */
const PROBES = 8;

/** Share of the points against which a few queries, evenly taken, are measured in the search of their k nearest. */
export async function crowding(
  work: Work,
  tree: NeighbourTree,
  metric: MetricInKernel,
  queries: TreeQueries,
  k: number,
): Promise<number> {
  const { memory } = work;
  const groups = Math.ceil(queries.count / GROUP);
  const step = Math.max(1, Math.floor(groups / PROBES));
  let scans = 0;
  let probed = 0;
  const lists = Math.min(GROUP, queries.count) * k;
  const distances = memory.float64(lists);
  const indices = memory.int32(lists);
  for (let group = Math.floor(step / 2); group < groups; group += step) {
    const count = Math.min(GROUP, queries.count - group * GROUP);
    distances.view().fill(Number.POSITIVE_INFINITY);
    const address = queries.rows.address + group * GROUP * tree.columns * 8;
    const some = { rows: { ...queries.rows, address }, count, reach: queries.reach };
    scans += await runSearch(work, tree, metric, some, { kind: 0, k, radius: 0, distances, indices });
    probed += count;
  }
  memory.release(distances);
  memory.release(indices);
  return scans / (probed * Math.ceil(tree.points / LEAF));
}

/** Runs one search of any kind over all groups of queries. Returns how many times a query was measured against a leaf. */
export async function runSearch(
  work: Work,
  tree: NeighbourTree,
  metric: MetricInKernel,
  queries: TreeQueries,
  lists: SearchLists,
  onSlice?: (done: number, total: number) => void,
): Promise<number> {
  const { memory, threads } = work;
  const scratchBytes = memory.call('neighbourScratch', tree.plan.address);
  const scratch = memory.bytes(threads * scratchBytes, 'zero');
  const plan = searchPlan(work, metric, queries, lists, fuzz(tree, queries.reach), scratch.address, scratchBytes);
  const tasks = Math.ceil(queries.count / GROUP);
  await work.run('searchNeighbours', tasks, [tree.plan.address, plan.address], (done) => onSlice?.(done, tasks));
  let scans = 0;
  const { buffer } = scratch.view();
  for (let thread = 0; thread < threads; thread++) {
    scans += new Float64Array(buffer, scratch.address + thread * scratchBytes, 1)[0]!;
  }
  memory.release(scratch);
  memory.release(plan);
  return scans;
}

/** Writes what kernels/neighbours-plan.ts calls a Search. */
export function searchPlan(
  { memory }: Pick<Work, 'memory'>,
  metric: MetricInKernel,
  queries: Pick<TreeQueries, 'rows' | 'count'>,
  { kind, k, radius, distances, indices, offsets }: SearchLists,
  error = 0,
  scratch = 0,
  scratchBytes = 0,
): KernelArray<Uint8Array> {
  const addresses = [queries.rows, distances, indices, offsets].map((block) => block?.address ?? 0);
  const integers = [kind, metric.code, k, queries.count, ...addresses, scratch, scratchBytes];
  return writePlan(memory, integers, [radius, metric.power, error]);
}

/** Bound of the float64 errors in the distance of two projected rows (docs/neighbours.md, "delta"). */
export function fuzz({ columns, frame }: NeighbourTree, queryReach: number): number {
  const reach = Math.max(1, queryReach * frame.scale) * 1.01;
  return 2 * (columns + 6) * Math.sqrt(frame.axes) * 1.2e-16 * reach;
}
