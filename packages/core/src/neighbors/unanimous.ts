import type { Work } from '../runtime/work.ts';
import { spread } from './lists.ts';
import { ownQueries, type PreparedRows } from './numeric-search.ts';
import { GROUP } from './plan.ts';
import type { OnSlice } from './row-search.ts';
import { fuzz, type MetricInKernel, NO_ROW, searchPlan } from './search-tree.ts';

/** Class of points and nodes that hold several; must equal MIXED of the kernel. */
const MIXED = -1;

/** Rows that are certainly surrounded by their own class. */
export interface Unanimous {
  readonly k: number;
  /** 1 for each query whose k nearest rows are certainly of its class; 0 says nothing. */
  readonly certain: Uint8Array;
  /** For those, k rows of the class (not always the nearest) that stand nearer than any row of another; `queries × k`. */
  readonly indices: Int32Array;
}

export interface UnanimousRequest {
  /** Class code, at least 0, of every row of the index. */
  readonly labels: Int32Array;
  readonly k: number;
  /** Rows of the index; by default every row. */
  readonly queries?: Int32Array | undefined;
}

/** Looks near each row asked for; takes a fraction of the time of a search. */
export async function findUnanimous(
  work: Work,
  prepared: PreparedRows,
  metric: MetricInKernel,
  asked: Int32Array,
  { labels, k }: { readonly labels: Int32Array; readonly k: number },
  onSlice: OnSlice,
): Promise<Unanimous> {
  const { memory, threads } = work;
  const { tree, unique } = prepared;
  const queries = ownQueries(work, tree, unique, asked);
  const { count, listOf } = queries;
  const distances = memory.float64(count * (k + 1));
  distances.view().fill(Number.POSITIVE_INFINITY);
  const indices = memory.int32(count * (k + 1));
  indices.view().fill(NO_ROW);
  const pointLabels = memory.int32(tree.points);
  const byPlace = pointLabels.view();
  byPlace.fill(MIXED - 1);
  for (let row = 0; row < labels.length; row++) {
    const place = tree.placeOf[unique.pointOf[row]!]!;
    if (byPlace[place] === MIXED - 1) byPlace[place] = labels[row]!;
    else if (byPlace[place] !== labels[row]) byPlace[place] = MIXED;
  }
  const nodeLabels = memory.int32(2 * tree.leaves - 1);
  // Taking a block may move the memory, which empties views taken before.
  labelNodes(nodeLabels.view(), pointLabels.view(), tree.leaves);
  const places = memory.int32(count);
  const placed = places.view();
  for (let i = 0; i < asked.length; i++) placed[listOf[i]!] = tree.placeOf[unique.pointOf[asked[i]!]!]!;
  const flags = memory.bytes(count, 'zero');

  const scratchBytes = memory.call('neighbourScratch', tree.plan.address);
  const scratch = memory.bytes(threads * scratchBytes, 'zero');
  const lists = { kind: 0 as const, k: k + 1, radius: 0, distances, indices };
  const plan = searchPlan(work, metric, queries, lists, fuzz(tree, 0), scratch.address, scratchBytes);
  const tasks = Math.ceil(count / GROUP);
  const args = [pointLabels, nodeLabels, places, flags].map(({ address }) => address);
  await work.run('unanimousNeighbours', tasks, [tree.plan.address, plan.address, ...args], (done) =>
    onSlice(done, tasks),
  );
  const found = flags.view();
  const certain = new Uint8Array(asked.length);
  for (let i = 0; i < asked.length; i++) certain[i] = found[listOf[i]!]!;
  const near = spread(k, k + 1, indices.view(), distances.view(), listOf, asked);
  return Object.freeze({ k, certain, indices: near.indices });
}

/** The one class of each node's points, or MIXED; nodes in preorder. */
function labelNodes(nodes: Int32Array, points: Int32Array, leaves: number): void {
  const visit = (node: number, a: number, b: number): number => {
    let label: number;
    if (b - a === 1) {
      const end = Math.min(points.length, b * GROUP);
      label = points[a * GROUP]!;
      for (let i = a * GROUP + 1; i < end; i++) if (points[i] !== label) label = MIXED;
    } else {
      const middle = (a + b) >> 1;
      const left = visit(node + 1, a, middle);
      const right = visit(node + 2 * (middle - a), middle, b);
      label = left === right ? left : MIXED;
    }
    nodes[node] = label;
    return label;
  };
  visit(0, 0, leaves);
}
