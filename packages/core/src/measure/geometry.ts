import type { RunOptions } from '../runtime/run-options.ts';
import { breather } from './breathe.ts';
import { checkDifficultyInput, type DifficultyInput, denseValues } from './difficulty-input.ts';
import { rowDistance } from './row-distance.ts';

/**
 * What the distances between all pairs of rows say, one entry a row. Nearest means first by (distance, row index); -1 and
 * infinity where there is none.
 */
export interface Geometry {
  readonly nearestFriend: Int32Array;
  readonly friendDistance: Float64Array;
  readonly nearestEnemy: Int32Array;
  readonly enemyDistance: Float64Array;
  /** Rows nearer than the nearest enemy, the row itself included; 0 if an enemy is at distance 0. */
  readonly localSet: Int32Array;
  /** The row through which each row joined the minimum spanning tree; -1 for row 0, its root. */
  readonly treeParent: Int32Array;
}

/**
 * Goes over all pairs of rows once (time quadratic in rows, memory linear). The minimum spanning tree is Prim's from row 0;
 * of equal distances the lower row joins first and keeps its first parent, and edges of length 0 are edges.
 * Throws `shape-mismatch`, `one-class`, `not-finite`, `aborted`.
 */
export async function pairGeometry(data: DifficultyInput, options?: RunOptions): Promise<Geometry> {
  checkDifficultyInput(data);
  const { columns, rows: count } = data.X;
  const { codes } = data.y;
  const values = denseValues(data.X);
  const found = {
    nearestFriend: new Int32Array(count).fill(-1),
    friendDistance: new Float64Array(count).fill(Number.POSITIVE_INFINITY),
    nearestEnemy: new Int32Array(count).fill(-1),
    enemyDistance: new Float64Array(count).fill(Number.POSITIVE_INFINITY),
    localSet: new Int32Array(count),
    treeParent: new Int32Array(count).fill(-1),
  };
  const distances = new Float64Array(count);
  const tree = growTree(count, found.treeParent);
  const breathe = breather(options, 'distances between all rows');
  for (let step = 0, row = 0; step < count; step++) {
    await breathe(step, count);
    for (let other = 0; other < count; other++) distances[other] = rowDistance(values, columns, row, other);
    lookAround(found, distances, codes, row);
    row = tree.add(row, distances);
  }
  return Object.freeze(found);
}

function lookAround(
  found: { -readonly [K in keyof Geometry]: Geometry[K] },
  distances: Float64Array,
  codes: Int32Array,
  row: number,
): void {
  const own = codes[row]!;
  let friend = -1;
  let enemy = -1;
  let friendDistance = Number.POSITIVE_INFINITY;
  let enemyDistance = Number.POSITIVE_INFINITY;
  for (let other = 0; other < distances.length; other++) {
    const d = distances[other]!;
    if (codes[other] !== own) {
      if (d < enemyDistance) {
        enemyDistance = d;
        enemy = other;
      }
    } else if (d < friendDistance && other !== row) {
      friendDistance = d;
      friend = other;
    }
  }
  let inside = 0;
  for (let other = 0; other < distances.length; other++) if (distances[other]! < enemyDistance) inside++;
  found.nearestFriend[row] = friend;
  found.friendDistance[row] = friendDistance;
  found.nearestEnemy[row] = enemy;
  found.enemyDistance[row] = enemyDistance;
  found.localSet[row] = inside;
}

/** Prim's algorithm, one row at a time. */
function growTree(count: number, parent: Int32Array) {
  const reach = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  const outside = Int32Array.from({ length: count }, (_, row) => row);
  let left = count;
  let position = 0;
  return {
    /** Adds the row whose distances these are (first row 0, then the one returned); returns the next one, or -1 at the end. */
    add(row: number, distances: Float64Array): number {
      // Keeps the rows outside in ascending order, so that the first of equals is the lowest.
      outside.copyWithin(position, position + 1, left);
      left--;
      let next = -1;
      for (let i = 0; i < left; i++) {
        const other = outside[i]!;
        if (distances[other]! < reach[other]!) {
          reach[other] = distances[other]!;
          parent[other] = row;
        }
        if (next < 0 || reach[other]! < reach[next]!) {
          next = other;
          position = i;
        }
      }
      return next;
    },
  };
}
