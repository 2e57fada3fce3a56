import type { Matrix } from '../../data/matrix.ts';
import { rowDistance } from '../../measure/row-distance.ts';
import { type RunOptions, throwIfAborted } from '../../runtime/run-options.ts';

/**
 * Agglomerative clustering by average linkage, cut at a height: two clusters are joined as long as the mean distance between
 * their members is at most `height`. Gives the cluster of each row, numbered by first occurrence.
 *
 * By the chain of nearest neighbours: quadratic time, and `rows (rows - 1) / 2` distances in memory, so for some thousand
 * rows at most. `sizes` are how many rows each row stands for (default 1). Ties are joined in order of the rows.
 *
 * Murtagh, "A survey of recent advances in hierarchical clustering algorithms", The Computer Journal 26 (1983).
 */
export function averageLinkage(X: Matrix, height: number, sizes?: Int32Array, run: RunOptions = {}): Int32Array {
  const { rows } = X;
  const distances = new Float64Array((rows * (rows - 1)) / 2);
  const place = (a: number, b: number) => (a > b ? (a * (a - 1)) / 2 + b : (b * (b - 1)) / 2 + a);
  for (let a = 1, at = 0; a < rows; a++) {
    for (let b = 0; b < a; b++, at++) distances[at] = rowDistance(X.data, X.columns, a, b);
  }
  const weight = Float64Array.from({ length: rows }, (_, row) => sizes?.[row] ?? 1);
  const alive = new Uint8Array(rows).fill(1);
  const parent = Int32Array.from({ length: rows }, (_, row) => row);
  const chain: number[] = [];
  for (let joined = 0, from = 0; joined < rows - 1; ) {
    throwIfAborted(run.signal);
    while (chain.length === 0) {
      if (alive[from] === 1) chain.push(from);
      else from++;
    }
    const top = chain[chain.length - 1]!;
    const before = chain[chain.length - 2] ?? -1;
    let nearest = before;
    let least = before < 0 ? Number.POSITIVE_INFINITY : distances[place(top, before)]!;
    for (let other = 0; other < rows; other++) {
      if (alive[other] === 0 || other === top) continue;
      const distance = distances[place(top, other)]!;
      // The one before in the chain wins a tie, or the chain would never end.
      if (distance < least || nearest < 0) {
        least = distance;
        nearest = other;
      }
    }
    if (nearest !== before) {
      chain.push(nearest);
      continue;
    }
    chain.length -= 2;
    join(Math.min(top, nearest), Math.max(top, nearest), least);
    joined++;
  }
  return numbered(parent);

  function join(a: number, b: number, least: number): void {
    if (least <= height) parent[rootOf(parent, b)] = rootOf(parent, a);
    const both = weight[a]! + weight[b]!;
    for (let other = 0; other < rows; other++) {
      if (alive[other] === 0 || other === a || other === b) continue;
      const toA = distances[place(a, other)]!;
      const toB = distances[place(b, other)]!;
      distances[place(a, other)] = (weight[a]! * toA + weight[b]! * toB) / both;
    }
    weight[a] = both;
    alive[b] = 0;
  }
}

function rootOf(parent: Int32Array, row: number): number {
  let root = row;
  while (parent[root] !== root) root = parent[root]!;
  for (let at = row; parent[at] !== root; ) {
    const next = parent[at]!;
    parent[at] = root;
    at = next;
  }
  return root;
}

function numbered(parent: Int32Array): Int32Array {
  const numberOf = new Map<number, number>();
  return parent.map((_, row) => {
    const root = rootOf(parent, row);
    if (!numberOf.has(root)) numberOf.set(root, numberOf.size);
    return numberOf.get(root)!;
  });
}
