import type { Matrix } from '../data/matrix.ts';
import type { KernelArray } from '../runtime/kernel-runtime.ts';
import type { Work } from '../runtime/work.ts';
import type { NeighbourTree } from './build-tree.ts';
import { LEAF, writePlan } from './plan.ts';
import type { OnSlice } from './row-search.ts';
import { fuzz, type MetricInKernel, NO_ROW, searchPlan } from './search-tree.ts';

/** Rows that one task of the kernel takes; must equal BLOCK of the kernel. */
const BLOCK = 512;
/** One row in so many is looked at first, then one in fewer: what they find keeps most of the others away from most queries. */
const STEPS = [128, 16, 1] as const;

/** Lists of the points of a tree of queries, `points × k`. */
export interface Sifted {
  /** False: those of the sample alone, whose last distances bound those that were asked for. */
  readonly complete: boolean;
  readonly distances: KernelArray<Float64Array>;
  readonly indices: KernelArray<Int32Array>;
}

export interface SiftRequest {
  readonly metric: MetricInKernel;
  readonly k: number;
  /** Bounds rows and queries alike, as `reachFrom` does. */
  readonly reach: number;
  /** Whether to go on, given the leaves that a row of a first sample met, on average. */
  worthwhile(met: number): boolean;
}

/**
 * The k nearest of many rows for the points of a tree that stands over few queries. Gives up after a sample of the rows if
 * that is not worth while.
 */
export async function sift(
  work: Work,
  tree: NeighbourTree,
  rows: Matrix,
  { metric, k, reach, worthwhile }: SiftRequest,
  onSlice?: OnSlice,
): Promise<Sifted> {
  const { memory, threads } = work;
  const { points, leaves } = tree;
  const reference = memory.float64(rows.data.length);
  reference.view().set(rows.data);
  const distances = memory.float64(threads * points * k);
  distances.view().fill(Number.POSITIVE_INFINITY);
  const indices = memory.int32(threads * points * k);
  indices.view().fill(NO_ROW);
  const reaches = memory.bytes(threads * leaves * LEAF * 4);
  const farthest = memory.float64(threads * (2 * leaves - 1));
  const scratchBytes = memory.call('sieveScratch', tree.plan.address);
  const scratch = memory.bytes(threads * scratchBytes, 'zero');
  const lists = { kind: 0 as const, k, radius: 0 };
  const search = searchPlan(work, metric, { rows: tree.rows, count: points }, lists, fuzz(tree, reach));
  const blocks = [distances, indices, reaches, farthest, scratch].map(({ address }) => address);
  const tasks = Math.ceil(rows.rows / BLOCK);

  const pass = async (step: number, seen: number) => {
    const state = writePlan(memory, [reference.address, rows.rows, ...blocks, scratchBytes, step, seen], []);
    const args = [tree.plan.address, search.address, state.address];
    memory.run('openSieve', 0, threads, args);
    await work.run('sieveNeighbours', tasks, args, (done) => onSlice?.(done / step, tasks));
    memory.run('mergeSieve', 0, points, [...args, threads]);
    memory.release(state);
  };

  const [first, second, last] = STEPS;
  await pass(first, 0);
  const met = scans(scratch, threads, scratchBytes) / Math.ceil(rows.rows / first);
  const complete = worthwhile(met);
  if (complete) {
    await pass(second, first);
    await pass(last, second);
  }
  memory.release(reference);
  return { complete, distances, indices };
}

/** Leaves that rows have met, over all threads. */
function scans(scratch: KernelArray<Uint8Array>, threads: number, bytes: number): number {
  const { buffer } = scratch.view();
  let sum = 0;
  for (let thread = 0; thread < threads; thread++) {
    sum += new Float64Array(buffer, scratch.address + thread * bytes, 1)[0]!;
  }
  return sum;
}
