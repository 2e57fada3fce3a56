import type { Matrix } from '../data/matrix.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { KernelScope } from '../runtime/kernel-runtime.ts';
import type { PreparedRows } from './numeric-search.ts';
import { LEAF, writePlan } from './plan.ts';
import { fuzz, type MetricInKernel, NO_ROW, searchPlan } from './search-tree.ts';

/**
 * The nearest member of a growing store for every row of an index. A member is its own nearest, unless a lower row equals it.
 */
export interface GrowingNearest {
  /** Members of the store. */
  readonly size: number;
  /** Adds a row of the index. Returns for how many distinct rows it is now the nearest. Throws `bad-queries`, `disposed`. */
  insert(row: number): number;
  /** The member nearest to a row, ties to the lower row; -1 while the store is empty. */
  nearestOf(row: number): number;
  /** Its distance; infinity while the store is empty. */
  distanceOf(row: number): number;
}

/** A store over a tree; its memory belongs to `memory`. */
export function growingNearest(
  memory: KernelScope,
  rows: Matrix,
  { unique, tree }: PreparedRows,
  metric: MetricInKernel,
  factor: number,
  alive: () => boolean,
): GrowingNearest {
  const { points, columns, placeOf } = tree;
  const leaves = Math.ceil(points / LEAF);
  const { axes } = tree.frame;
  const distances = memory.float64(points);
  distances.view().fill(Number.POSITIVE_INFINITY);
  const indices = memory.int32(points);
  indices.view().fill(NO_ROW);
  const reaches = memory.bytes(leaves * LEAF * 4);
  const reach = new Float32Array(reaches.view().buffer, reaches.address, leaves * LEAF);
  reach.fill(Number.POSITIVE_INFINITY, 0, points);
  reach.fill(-1, points);
  const farthest = memory.float64(2 * leaves - 1);
  farthest.view().fill(Number.POSITIVE_INFINITY);
  const point = memory.float64(Math.ceil(axes / 2) * 2, 'zero');
  const scratch = [point, memory.bytes(axes * 16), memory.float64(columns), memory.bytes(LEAF * 4)];
  const blocks = [distances, indices, reaches, farthest, ...scratch].map(({ address }) => address);
  const state = writePlan(memory, blocks, []);
  const lists = { kind: 0 as const, k: 1, radius: 0 };
  const search = searchPlan({ memory }, metric, { rows: tree.rows, count: points }, lists, fuzz(tree, 0));
  let size = 0;

  const place = (row: number): number => {
    if (!alive()) throw new CounterweightError('disposed', 'the index of this store has been disposed of');
    if (!(Number.isInteger(row) && row >= 0 && row < rows.rows)) {
      throw new CounterweightError('bad-queries', `there is no row ${row} in the index`, { row });
    }
    return placeOf[unique.pointOf[row]!]!;
  };

  return Object.freeze({
    get size() {
      return size;
    },
    insert(row: number) {
      const at = tree.rows.address + place(row) * columns * 8;
      size++;
      return memory.call('insertNeighbour', tree.plan.address, search.address, state.address, at, row);
    },
    nearestOf(row: number) {
      const at = place(row);
      return size === 0 ? -1 : indices.view()[at]!;
    },
    distanceOf: (row: number) => distances.view()[place(row)]! * factor,
  });
}
