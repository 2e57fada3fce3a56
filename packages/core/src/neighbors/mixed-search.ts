import type { KernelArray } from '../runtime/kernel-runtime.ts';
import type { Work } from '../runtime/work.ts';
import { collectLists, spread } from './lists.ts';
import type { MixedMetric } from './mixed-metric.ts';
import { type MixedRows, pickMixed } from './mixed-rows.ts';
import { buildMixedTree, coverErrors, type MixedTree } from './mixed-tree.ts';
import { LEAF } from './plan.ts';
import type { OnSlice, RowSearch } from './row-search.ts';
import { NO_ROW, type SearchLists, searchPlan } from './search-tree.ts';

interface MixedQueries {
  readonly values: KernelArray<Float64Array>;
  readonly codes: KernelArray<Int32Array>;
  readonly count: number;
  /** List of each of the caller's queries. */
  readonly listOf: Int32Array;
}

/** The kernel takes no metric from the search itself. */
const NO_METRIC = { code: 0, norm: 0, power: 2 };

/** Searches rows of numbers and categories; `prepared` is their tree in memory that lives longer than one search. */
export function mixedSearch(rows: MixedRows, metric: MixedMetric, prepared?: MixedTree): RowSearch<MixedRows> {
  const open = async (work: Work, asked: MixedRows | Int32Array) => {
    const tree = prepared ?? (await buildMixedTree(work, rows, metric));
    if (!(asked instanceof Int32Array)) coverErrors(tree, metric.scales, asked);
    const queries = asked instanceof Int32Array ? ownQueries(work, tree, rows, asked) : otherQueries(work, asked);
    const run = (lists: SearchLists, onSlice: OnSlice) => runMixed(work, tree, queries, lists, onSlice);
    return { queries, run };
  };
  return {
    rows: rows.rows,
    async nearest(work, asked, k, onSlice) {
      const { queries, run } = await open(work, asked);
      const own = asked instanceof Int32Array ? asked : undefined;
      const more = own ? k + 1 : k;
      const distances = work.memory.float64(queries.count * more);
      distances.view().fill(Number.POSITIVE_INFINITY);
      const indices = work.memory.int32(queries.count * more);
      indices.view().fill(NO_ROW);
      await run({ kind: 0, k: more, radius: 0, distances, indices }, onSlice);
      return spread(k, more, indices.view(), distances.view(), queries.listOf, own);
    },
    async within(work, asked, radius, onSlice) {
      const { queries, run } = await open(work, asked);
      const own = asked instanceof Int32Array ? asked : undefined;
      return collectLists(work, queries.count, radius, (lists) => run(lists, onSlice), queries.listOf, own);
    },
    pick: (picked) => pickMixed(rows, picked),
    take: pickMixed,
    among: (picked) => mixedSearch(pickMixed(rows, picked), metric),
  };
}

async function runMixed(
  work: Work,
  tree: MixedTree,
  queries: MixedQueries,
  lists: SearchLists,
  onSlice: OnSlice,
): Promise<void> {
  const { memory, threads } = work;
  const bytes = (Math.ceil(tree.leaves / LEAF) + 1) * LEAF * 4;
  const scratch = memory.bytes(threads * bytes);
  const asked = { rows: queries.values, count: queries.count };
  const plan = searchPlan(work, NO_METRIC, asked, lists, 0, scratch.address, bytes);
  const args = [tree.plan.address, plan.address, queries.codes.address];
  await work.run('searchMixed', queries.count, args, (done) => onSlice(done, queries.count));
  memory.release(scratch);
  memory.release(plan);
}

/** Distinct rows among those asked for, by number of first appearance. */
function ownQueries(work: Work, tree: MixedTree, rows: MixedRows, asked: Int32Array): MixedQueries {
  const { pointOf, count } = tree.unique;
  const listAt = new Int32Array(count).fill(-1);
  const taken: number[] = [];
  const listOf = asked.map((row) => {
    const place = tree.placeOf[pointOf[row]!]!;
    if (listAt[place]! < 0) listAt[place] = taken.push(row) - 1;
    return listAt[place]!;
  });
  return { ...held(work, pickMixed(rows, Int32Array.from(taken))), listOf };
}

function otherQueries(work: Work, asked: MixedRows): MixedQueries {
  return { ...held(work, asked), listOf: Int32Array.from({ length: asked.rows }, (_, i) => i) };
}

function held({ memory }: Work, rows: MixedRows) {
  const values = memory.float64(Math.max(1, rows.numeric.data.length));
  values.view().set(rows.numeric.data);
  const codes = memory.int32(Math.max(1, rows.codes.length));
  codes.view().set(rows.codes);
  return { values, codes, count: rows.rows };
}
