import type { Work } from '../runtime/work.ts';
import type { Frame } from './frame.ts';
import { NO_ROW } from './search-tree.ts';

/** Rows of one panel of the filter, and queries scanned at once; must equal LANES and QUERIES of the kernel. */
const LANES = 8;
/** Queries a task owns: enough that each chunk of panels is read once for many queries. */
const TASK_QUERIES = 32;
/** Packed rows that one task goes over before it turns to its next queries; about half a second-level cache. */
const CHUNK_BYTES = 262144;
/** Packed rows held at once; more are packed slab by slab. */
const SLAB_BYTES = 268435456;

/** Addresses of rows and of lists, `count × k`, that hold infinity and the largest index to begin with. */
export interface BruteSearch {
  readonly rows: { readonly address: number; readonly count: number };
  readonly queries: { readonly address: number; readonly count: number };
  readonly columns: number;
  /** Row that each query is, or -1. */
  readonly self: number;
  readonly k: number;
  readonly distances: number;
  readonly indices: number;
}

/** Norm to which rows are scaled before they are rounded; see kernels/neighbours-products.ts. */
const ROUNDED_NORM = 31000;
/** Rows of one task of `farthestNorms`; must equal BLOCK of the kernel. */
const NORM_ROWS = 1024;
/** Groups of queries that are tried against so many rows each. */
const PROBES = 4;
const PROBED_ROWS = 4096;
/** Pairs of query and row from which to try: the trial itself goes over half a million. */
const WORTH_A_PROBE = 4e6;
/** Narrower rows gain little from products in whole numbers. */
const FEWEST_COLUMNS = 6;

/** Bound of the relative error of products in float32; kernels/neighbours.ts derives it. */
export const productSlack = (columns: number) => (columns + 32) * 2 ** -24;

/** What the filter works with. */
interface Filter {
  readonly pack: 'packNeighbours' | 'packProducts';
  readonly search: 'neighbours' | 'productNeighbours';
  readonly scale: number;
  /** Slack, or margin. */
  readonly allowance: number;
}

/** Address of the origin, scale, allowance, and addresses of panels and halves. */
type Packed = readonly [number, number, number, number, number];

/**
 * Euclidean neighbours among all rows, block by block: for rows so wide that no tree helps. `frame` gives origin and scale;
 * queries must lie within its reach.
 */
export async function bruteForce(
  work: Work,
  frame: Pick<Frame, 'origin' | 'scale'>,
  search: BruteSearch,
  onSlice?: (done: number, total: number) => void,
): Promise<void> {
  const { memory } = work;
  const { rows, queries, columns } = search;
  const origin = memory.float64(columns);
  origin.view().set(frame.origin);
  const slabRows = Math.max(LANES, Math.floor(SLAB_BYTES / (columns * 4 + 4) / LANES) * LANES);
  const mostPanels = Math.ceil(Math.min(slabRows, rows.count) / LANES);
  const panels = memory.bytes(mostPanels * LANES * columns * 4);
  const halves = memory.bytes(mostPanels * LANES * 4);
  const scratch = memory.bytes(work.threads * TASK_QUERIES * (columns * 4 + 8));
  const counts = memory.float64(work.threads, 'zero');
  const chunkPanels = Math.max(1, Math.floor(CHUNK_BYTES / (LANES * 4 * Math.max(1, columns))));
  const tasks = Math.ceil(queries.count / TASK_QUERIES);
  const slabs = Math.ceil(rows.count / slabRows);
  const inFloats: Filter = {
    pack: 'packNeighbours',
    search: 'neighbours',
    scale: frame.scale,
    allowance: productSlack(columns),
  };

  const pack = (first: number, size: number, { pack, scale, allowance }: Filter): Packed => {
    const packed: Packed = [origin.address, scale, allowance, panels.address, halves.address];
    const source = rows.address + first * columns * 8;
    memory.run(pack, 0, Math.ceil(size / LANES), [source, size, columns, ...packed]);
    return packed;
  };
  const argumentsOf = (first: number, size: number, packed: Packed, some: BruteSearch) => {
    const { queries, self, k, distances, indices } = some;
    const shape = [queries.address, queries.count, TASK_QUERIES, rows.address, first, size, columns];
    return [...shape, ...packed, chunkPanels, self, k, distances, indices, scratch.address, counts.address];
  };

  const large = rows.count * queries.count >= WORTH_A_PROBE && queries.count >= TASK_QUERIES;
  const filter = large && columns >= FEWEST_COLUMNS ? inProducts() : inFloats;
  for (let slab = 0; slab < slabs; slab++) {
    const first = slab * slabRows;
    const size = Math.min(slabRows, rows.count - first);
    let chosen = filter;
    let packed = pack(first, size, chosen);
    if (chosen !== inFloats && !worthwhile(first, size, packed)) {
      chosen = inFloats;
      packed = pack(first, size, chosen);
    }
    const args = argumentsOf(first, size, packed, search);
    if (chosen === inFloats) args.pop();
    await work.run(chosen.search, tasks, args, (done) => onSlice?.(slab * tasks + done, slabs * tasks));
  }
  for (const block of [origin, panels, halves, scratch, counts]) memory.release(block);

  /** Whole numbers, scaled so that the farthest of all rows and queries has the norm wanted. */
  function inProducts(): Filter {
    const most = Math.sqrt(Math.max(...[rows, queries].map(({ address, count }) => farthest(address, count))));
    if (!(most > 0)) return inFloats;
    const scale = (ROUNDED_NORM / most) * (1 - 1e-9);
    const allowance = Math.sqrt(columns) * 1.00001;
    return { pack: 'packProducts', search: 'productNeighbours', scale, allowance };
  }

  function farthest(address: number, count: number): number {
    const blocks = Math.ceil(count / NORM_ROWS);
    const norms = memory.float64(blocks);
    memory.run('farthestNorms', 0, blocks, [address, count, columns, origin.address, norms.address]);
    const most = norms.view().reduce((a, b) => Math.max(a, b), 0);
    memory.release(norms);
    return most;
  }

  /** Whether few of the rows pass the filter, for some of the queries: not so where most lie in a clump and few far out. */
  function worthwhile(first: number, size: number, [origin, scale, margin, panels, halves]: Packed): boolean {
    const { k } = search;
    const distances = memory.float64(TASK_QUERIES * k);
    const indices = memory.int32(TASK_QUERIES * k);
    const tried = Math.min(size, PROBED_ROWS);
    const before = total();
    for (let probe = 0; probe < PROBES; probe++) {
      const query = Math.floor((probe * (queries.count - TASK_QUERIES)) / (PROBES - 1));
      const panel = Math.floor((probe * (size - tried)) / (PROBES - 1) / LANES);
      distances.view().fill(Number.POSITIVE_INFINITY);
      indices.view().fill(NO_ROW);
      const some = {
        ...search,
        queries: { address: queries.address + query * columns * 8, count: TASK_QUERIES },
        self: search.self + query * 4,
        distances: distances.address,
        indices: indices.address,
      };
      const panelBytes = Math.ceil(columns / 2) * LANES * 4;
      const part: Packed = [origin, scale, margin, panels + panel * panelBytes, halves + panel * LANES * 4];
      memory.run('productNeighbours', 0, 1, argumentsOf(first + panel * LANES, tried, part, some));
    }
    memory.release(distances);
    memory.release(indices);
    const measured = (total() - before) / (PROBES * TASK_QUERIES);
    // The k best of so many rows in no order change this often.
    const needed = k * (2 + Math.log(1 + tried / k));
    // One row in a hundred measured on top of that costs little beside the filter, which goes over all hundred.
    return measured < 2 * needed + tried / 100;
  }

  function total(): number {
    return counts.view().reduce((a, b) => a + b, 0);
  }
}
