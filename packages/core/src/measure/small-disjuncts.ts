import type { Labels } from '../data/labels.ts';
import { rowsByClass } from './difficulty-input.ts';
import type { Neighbourhoods } from './neighbourhoods.ts';

export interface ClassDisjuncts {
  /** Rows of each cluster, from the largest to the smallest. */
  readonly sizes: readonly number[];
  /** Rows of the class, ascending. */
  readonly rows: Int32Array;
  /** Number of the cluster of each of them; clusters are numbered as in `sizes`. */
  readonly clusterOf: Int32Array;
  /** Share of the class's rows in its largest cluster. */
  readonly largestShare: number;
  /** Share of the class's rows in clusters of at most k rows. */
  readonly smallShare: number;
}

/**
 * The clusters into which each class falls: components of the graph that joins two rows of the class when either is among
 * the k nearest neighbours, in all data, of the other. A class in one piece has one cluster; rows cut off by other
 * classes form small disjuncts (Holte, Acker, Porter 1989; Jo and Japkowicz 2004), which learners serve worst.
 *
 * In the order of the classes; null for a class without rows, and for one of which not all rows were looked at.
 */
export function smallDisjuncts(y: Labels, around: Neighbourhoods): readonly (ClassDisjuncts | null)[] {
  const { k, rows, indices, codes } = around;
  const parent = Int32Array.from({ length: codes.length }, (_, row) => row);
  const root = (row: number) => {
    let top = row;
    while (parent[top] !== top) {
      parent[top] = parent[parent[top]!]!;
      top = parent[top]!;
    }
    return top;
  };
  const seen = new Int32Array(y.classes.length);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    seen[codes[row]!]!++;
    for (let j = i * k; j < (i + 1) * k; j++) {
      if (codes[indices[j]!] !== codes[row]) continue;
      const [a, b] = [root(row), root(indices[j]!)];
      parent[Math.max(a, b)] = Math.min(a, b);
    }
  }
  const byClass = rowsByClass(y);
  return Object.freeze(
    byClass.map((own, code) => (own.length > 0 && seen[code] === own.length ? clustersOf(own, root, k) : null)),
  );
}

function clustersOf(rows: Int32Array, root: (row: number) => number, k: number): ClassDisjuncts {
  const sizeOf = new Map<number, number>();
  for (const row of rows) sizeOf.set(root(row), (sizeOf.get(root(row)) ?? 0) + 1);
  // A root is the lowest row of its cluster, so equal sizes have a stable order.
  const ordered = [...sizeOf].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  const numbers = new Map(ordered.map(([top], number) => [top, number]));
  const sizes = ordered.map(([, size]) => size);
  const small = sizes.filter((size) => size <= k).reduce((sum, size) => sum + size, 0);
  return Object.freeze({
    sizes: Object.freeze(sizes),
    rows,
    clusterOf: rows.map((row) => numbers.get(root(row))!),
    largestShare: sizes[0]! / rows.length,
    smallShare: small / rows.length,
  });
}
