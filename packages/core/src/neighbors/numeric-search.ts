import type { Matrix } from '../data/matrix.ts';
import type { KernelArray } from '../runtime/kernel-runtime.ts';
import type { Work } from '../runtime/work.ts';
import { bruteForce } from './brute-force.ts';
import { buildTree, copyRows, leafOrder, type NeighbourTree } from './build-tree.ts';
import { chooseFrame, type Frame, plainFrame, reachFrom } from './frame.ts';
import { collectLists, spread } from './lists.ts';
import type { Neighbours, OnSlice, RadiusNeighbours, RowSearch } from './row-search.ts';
import {
  crowding,
  type MetricInKernel,
  NO_ROW,
  nearestInTree,
  runSearch,
  type SearchLists,
  searchPlan,
  type TreeQueries,
} from './search-tree.ts';
import { sift } from './sieve.ts';
import { type UniqueRows, uniqueRows } from './unique-rows.ts';

/** Up to so many differences, a plain search takes less time than a tree to build. */
const PLAIN_DIFFERENCES = 2e6;
/** Wider rows get no principal axes. */
const MOST_ROTATED = 128;
/** Queries farther out than so many times the reach of the reference are searched plainly: float32 ends there. */
const FARTHEST = 2 ** 30;
/** From so many pairs on it pays to see first how much of the tree a few queries visit. */
const PROBED_PAIRS = 2e8;
/** With fewer axes products cost as much as differences. */
const PROBED_AXES = 12;
/** Where queries are measured against more than this share of the points, going over all pairs in blocks is faster. */
const CROWDED = 0.4;
/** Up to so many numbers of the reference, or of the queries, all pairs take less time than a tree and the order of the queries. */
const FEW_NUMBERS = 12288;
const FEW_ASKED = 8192;

/** Where there are so many times as many rows as queries, the tree may stand over the queries. */
const MANY_ROWS = 16;
/**
 * What a row costs then, in microseconds: to build and search a tree over the rows; in blocks, for each column of each leaf of
 * queries; in a tree over the queries, and there for each axis of each leaf that a row of the first sample meets.
 */
const TREE_COST = 1.5;
const LEAF_COLUMN_COST = 0.0015;
const SIEVE_COST = 0.2;
const MET_AXIS_COST = 0.003;

/** How rows are searched. `auto` decides by size and by a sample; results are the same. */
export type SearchWay = 'auto' | 'plain' | 'tree' | 'blocks' | 'sieve';

/** A tree over rows, with what leads from rows to its points. */
export interface PreparedRows {
  readonly unique: UniqueRows;
  readonly tree: NeighbourTree;
}

/** Searches dense finite rows; `prepared` is their tree in memory that lives longer than one search. */
export function numericSearch(
  rows: Matrix,
  metric: MetricInKernel,
  way: SearchWay = 'auto',
  prepared?: PreparedRows,
): RowSearch<Matrix> {
  const { columns } = rows;
  const countOf = (asked: Matrix | Int32Array) => (asked instanceof Int32Array ? asked.length : asked.rows);

  /** The frame of a search by a tree or in blocks, and the reach of the queries; undefined for a plain search. */
  const choose = (asked: Matrix | Int32Array) => {
    const count = countOf(asked);
    const small = rows.rows * count * columns <= PLAIN_DIFFERENCES;
    if (way === 'plain' || columns === 0 || (way === 'auto' && small && !prepared)) return undefined;
    const wide = metric.norm === 0 && columns > MOST_ROTATED;
    const few = !prepared && (rows.rows * columns <= FEW_NUMBERS || count * columns <= FEW_ASKED);
    const blocks = metric.code === 0 && (way === 'blocks' || (way === 'auto' && (wide || few)));
    const frame = blocks ? undefined : (prepared?.tree.frame ?? frameOf(rows, metric));
    const plain = blocks ? plainFrame(rows.data, rows.rows, columns) : frame;
    if (!plain) return undefined;
    const reach = asked instanceof Int32Array ? 0 : reachFrom(asked.data, asked.rows, columns, plain.origin);
    if (!(reach * plain.scale < FARTHEST)) return undefined;
    const sieve = !prepared && (way === 'sieve' || (way === 'auto' && rows.rows >= MANY_ROWS * count));
    return {
      plain,
      reach,
      frame,
      sieve,
      probed: metric.code === 0 && frame !== undefined && frame.axes >= PROBED_AXES,
    };
  };

  /** The tree of the rows, and the queries in its order. */
  const plant = async (work: Work, asked: Matrix | Int32Array, frame: Frame, reach: number) => {
    const { unique, tree } = prepared ?? (await prepareRows(work, rows, metric, frame));
    const queries =
      asked instanceof Int32Array
        ? ownQueries(work, tree, unique, asked)
        : await otherQueries(work, tree, asked, reach);
    return { tree, queries };
  };

  return {
    rows: rows.rows,
    async nearest(work, asked, k, onSlice) {
      const chosen = choose(asked);
      if (!chosen) return searchAllPairs(work, rows, asked, k, plainly(metric), onSlice);
      const { plain, reach, frame, sieve, probed } = chosen;
      const allInBlocks = (bounds?: Float64Array) =>
        searchAllPairs(work, rows, asked, k, inBlocks(plain, reach), onSlice, bounds);
      if (!frame) return allInBlocks();
      const own = asked instanceof Int32Array ? asked : undefined;
      const more = own ? k + 1 : k;
      if (sieve) {
        const queries = own ? pickRows(rows, own) : (asked as Matrix);
        const { unique, tree } = await prepareRows(work, queries, metric, frame);
        const inBlocks = metric.code === 0 ? tree.leaves * columns * LEAF_COLUMN_COST : Number.POSITIVE_INFINITY;
        const inTree = probed ? Number.POSITIVE_INFINITY : TREE_COST;
        const most = Math.min(inBlocks, inTree);
        const worthwhile = (met: number) => way === 'sieve' || SIEVE_COST + met * frame.axes * MET_AXIS_COST <= most;
        const request = { metric, k: more, reach, worthwhile };
        const { complete, distances, indices } = await sift(work, tree, rows, request, onSlice);
        const listOf = unique.pointOf.map((point) => tree.placeOf[point]!);
        if (complete) return spread(k, more, indices.view(), distances.view(), listOf, own);
        const lists = distances.view();
        if (inBlocks <= inTree) return allInBlocks(Float64Array.from(listOf, (list) => lists[(list + 1) * more - 1]!));
      }
      const { tree, queries } = await plant(work, asked, frame, reach);
      if (probed && rows.rows * countOf(asked) >= PROBED_PAIRS) {
        if ((await crowding(work, tree, metric, queries, more)) > CROWDED) return allInBlocks();
      }
      const found = await nearestInTree(work, tree, metric, queries, more, onSlice);
      return spread(k, more, found.indices.view(), found.distances.view(), queries.listOf, own);
    },
    async within(work, asked, radius, onSlice) {
      const { frame, reach } = choose(asked) ?? {};
      if (!frame || reach === undefined) return plainLists(work, rows, asked, radius, metric, onSlice);
      const { tree, queries } = await plant(work, asked, frame, reach);
      const run = (lists: SearchLists) => runSearch(work, tree, metric, queries, lists, onSlice);
      const own = asked instanceof Int32Array ? asked : undefined;
      return collectLists(work, queries.count, radius, run, queries.listOf, own);
    },
    pick: (picked) => pickRows(rows, picked),
    take: pickRows,
    among: (picked) => numericSearch(pickRows(rows, picked), metric, way),
  };
}

/** The frame in which rows are searched under a metric. */
export function frameOf({ data, rows, columns }: Matrix, { norm }: MetricInKernel): Frame | undefined {
  return chooseFrame(data, rows, columns, norm === 0 && columns > MOST_ROTATED ? 1 : norm);
}

function pickRows(rows: Matrix, picked: Int32Array): Matrix {
  const data = new Float64Array(picked.length * rows.columns);
  copyRows(rows.data, rows.columns, picked, data);
  return { kind: 'dense', rows: picked.length, columns: rows.columns, data };
}

/** Builds the tree of rows in the memory of `work`. */
export async function prepareRows(
  work: Work,
  rows: Matrix,
  metric: MetricInKernel,
  frame: Frame,
): Promise<PreparedRows> {
  const unique = uniqueRows(rows.data, rows.rows, rows.columns);
  const tree = await buildTree(work, rows.data, rows.columns, unique, frame, metric.norm);
  return { unique, tree };
}

/** Queries in an order near to near; list `listOf[i]` is that of the caller's query i. */
export interface OrderedQueries extends TreeQueries {
  readonly listOf: Int32Array;
}

/** Points of the tree that hold the rows asked for. */
export function ownQueries(
  { memory }: Work,
  tree: NeighbourTree,
  { pointOf }: UniqueRows,
  asked: Int32Array,
): OrderedQueries {
  const { columns, placeOf, points } = tree;
  const listAt = new Int32Array(points).fill(-1);
  for (const row of asked) listAt[placeOf[pointOf[row]!]!] = 0;
  let count = 0;
  const places = new Int32Array(points);
  for (let place = 0; place < points; place++) {
    if (listAt[place] !== 0) continue;
    places[count] = place;
    listAt[place] = count++;
  }
  const listOf = Int32Array.from(asked, (row) => listAt[placeOf[pointOf[row]!]!]!);
  if (count === points) return { rows: tree.rows, count, reach: 0, listOf };
  const rows = memory.float64(count * columns);
  copyRows(tree.rows.view(), columns, places.subarray(0, count), rows.view());
  return { rows, count, reach: 0, listOf };
}

async function otherQueries(work: Work, tree: NeighbourTree, asked: Matrix, reach: number): Promise<OrderedQueries> {
  const { columns } = tree;
  const count = asked.rows;
  const order = await leafOrder(work, tree.plan, tree.frame, {
    count,
    columns,
    fill: (target, first, size) => target.set(asked.data.subarray(first * columns, (first + size) * columns)),
  });
  const rows = work.memory.float64(count * columns);
  copyRows(asked.data, columns, order, rows.view());
  const listOf = new Int32Array(count);
  for (let i = 0; i < count; i++) listOf[order[i]!] = i;
  return { rows, count, reach, listOf };
}

/** All rows and queries in kernel memory as they are, for the searches that go over all pairs. */
function allPairs({ memory }: Work, rows: Matrix, asked: Matrix | Int32Array) {
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
  return { rows: rows.rows, columns, count, reference, queries, self };
}

type AllPairs = ReturnType<typeof allPairs>;
type Lists = {
  readonly k: number;
  readonly distances: KernelArray<Float64Array>;
  readonly indices: KernelArray<Int32Array>;
};
type PairSearch = (work: Work, pairs: AllPairs, lists: Lists, onSlice: OnSlice) => Promise<void>;

/** `bounds`, if given, are at least the distances of each query's last neighbour. */
async function searchAllPairs(
  work: Work,
  rows: Matrix,
  asked: Matrix | Int32Array,
  k: number,
  search: PairSearch,
  onSlice: OnSlice,
  bounds?: Float64Array,
): Promise<Neighbours> {
  const pairs = allPairs(work, rows, asked);
  const distances = work.memory.float64(pairs.count * k);
  const worst = distances.view();
  if (bounds) for (let i = 0; i < worst.length; i++) worst[i] = bounds[Math.floor(i / k)]!;
  else worst.fill(Number.POSITIVE_INFINITY);
  const indices = work.memory.int32(pairs.count * k);
  indices.view().fill(NO_ROW);
  await search(work, pairs, { k, distances, indices }, onSlice);
  return Object.freeze({ k, indices: indices.view().slice(), distances: distances.view().slice() });
}

function plainly(metric: MetricInKernel): PairSearch {
  return async (work, { rows, columns, count, reference, queries, self }, lists, onSlice) => {
    const plan = searchPlan(work, metric, { rows: queries, count }, { kind: 0, radius: 0, ...lists });
    const args = [plan.address, reference.address, rows, columns, self.address];
    await work.run('plainNeighbours', count, args, (done) => onSlice(done, count));
  };
}

/** Over rows and queries within `reach` of the frame's origin. */
function inBlocks({ origin, scale }: Pick<Frame, 'origin' | 'scale'>, reach: number): PairSearch {
  const frame = { origin, scale: scale / 2 ** Math.max(0, Math.ceil(Math.log2(reach * scale))) };
  return async (work, { rows, columns, count, reference, queries, self }, { k, distances, indices }, onSlice) => {
    const search = {
      rows: { address: reference.address, count: rows },
      queries: { address: queries.address, count },
      columns,
      self: self.address,
      k,
      distances: distances.address,
      indices: indices.address,
    };
    await bruteForce(work, frame, search, onSlice);
  };
}

async function plainLists(
  work: Work,
  matrix: Matrix,
  asked: Matrix | Int32Array,
  radius: number,
  metric: MetricInKernel,
  onSlice: OnSlice,
): Promise<RadiusNeighbours> {
  const { rows, columns, count, reference, queries, self } = allPairs(work, matrix, asked);
  self.view().fill(-1); // a row's own entry is left out at the end
  const run = async (lists: SearchLists) => {
    const plan = searchPlan(work, metric, { rows: queries, count }, lists);
    const args = [plan.address, reference.address, rows, columns, self.address];
    await work.run('plainNeighbours', count, args, (done) => onSlice(done, count));
  };
  const listOf = Int32Array.from({ length: count }, (_, i) => i);
  return collectLists(work, count, radius, run, listOf, asked instanceof Int32Array ? asked : undefined);
}
