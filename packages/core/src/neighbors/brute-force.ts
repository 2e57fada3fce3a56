import type { Work } from '../runtime/work.ts';
import type { Frame } from './frame.ts';

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
  const { rows, queries, columns, k } = search;
  const origin = memory.float64(columns);
  origin.view().set(frame.origin);
  const slabRows = Math.max(LANES, Math.floor(SLAB_BYTES / (columns * 4 + 4) / LANES) * LANES);
  const mostPanels = Math.ceil(Math.min(slabRows, rows.count) / LANES);
  const panels = memory.bytes(mostPanels * LANES * columns * 4);
  const halves = memory.bytes(mostPanels * LANES * 4);
  const scratch = memory.bytes(work.threads * TASK_QUERIES * (columns * 4 + 8));
  const chunkPanels = Math.max(1, Math.floor(CHUNK_BYTES / (LANES * 4 * Math.max(1, columns))));
  const tasks = Math.ceil(queries.count / TASK_QUERIES);
  const slabs = Math.ceil(rows.count / slabRows);
  const slack = (columns + 32) * 2 ** -24;
  for (let slab = 0; slab < slabs; slab++) {
    const first = slab * slabRows;
    const size = Math.min(slabRows, rows.count - first);
    const source = rows.address + first * columns * 8;
    const packed = [origin.address, frame.scale, slack, panels.address, halves.address];
    memory.run('packNeighbours', 0, Math.ceil(size / LANES), [source, size, columns, ...packed]);
    const shape = [queries.address, queries.count, TASK_QUERIES, rows.address, first, size, columns];
    const result = [chunkPanels, search.self, k, search.distances, search.indices, scratch.address];
    await work.run('neighbours', tasks, [...shape, ...packed, ...result], (done) =>
      onSlice?.(slab * tasks + done, slabs * tasks),
    );
  }
  for (const block of [origin, panels, halves, scratch]) memory.release(block);
}
