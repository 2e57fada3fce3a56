import type { Matrix } from '../../data/matrix.ts';
import { rowDistance } from '../../measure/row-distance.ts';
import { largestRemainder } from '../allocate.ts';

/**
 * A row is nearer than another only if its squared distance is smaller than this share of the other's. The two rows of a cluster
 * of two lie equally far from their mean, and rounding shall not choose between them.
 */
const NEARER = 1 - 1e-9;

/** Rows, centres and which centre each row belongs to. */
export interface Clusters {
  readonly rows: Matrix;
  readonly centres: Matrix;
  readonly clusterOf: Int32Array;
}

/**
 * Of each cluster the row nearest to its centre; for a cluster without rows the nearest row that no other has taken. Every
 * row at most once; one a cluster, in the order of the clusters.
 */
export function nearestInClusters({ rows, centres, clusterOf }: Clusters): Int32Array {
  const best = new Int32Array(centres.rows).fill(-1);
  const least = new Float64Array(centres.rows).fill(Number.POSITIVE_INFINITY);
  for (let row = 0; row < rows.rows; row++) {
    const cluster = clusterOf[row]!;
    const distance = distanceBetween(rows, row, centres, cluster);
    if (distance >= least[cluster]! * NEARER) continue;
    least[cluster] = distance;
    best[cluster] = row;
  }
  const taken = new Uint8Array(rows.rows);
  for (const row of best) if (row >= 0) taken[row] = 1;
  for (let cluster = 0; cluster < best.length; cluster++) {
    if (best[cluster]! >= 0) continue;
    best[cluster] = nearestTo(rows, centres, cluster, (row) => taken[row] === 0);
    taken[best[cluster]!] = 1;
  }
  return best;
}

/** The row nearest to each centre; a row may be nearest to several. */
export function nearestToCentres({ rows, centres }: Clusters): Int32Array {
  return Int32Array.from({ length: centres.rows }, (_, cluster) => nearestTo(rows, centres, cluster, () => true));
}

/**
 * `count` rows that stand for their clusters: each cluster gets its share by size (largest remainder), and of it first the
 * row nearest to its centre, then again and again the row farthest from those chosen. Ascending.
 */
export function diverseRows({ rows, centres, clusterOf }: Clusters, count: number): Int32Array {
  const members = Array.from({ length: centres.rows }, () => [] as number[]);
  for (let row = 0; row < rows.rows; row++) members[clusterOf[row]!]!.push(row);
  const shares = largestRemainder(
    count,
    members.map(({ length }) => length),
  );
  const chosen: number[] = [];
  for (const [cluster, own] of members.entries()) {
    if (shares[cluster] === 0) continue;
    const isOwn = new Set(own);
    let next = nearestTo(rows, centres, cluster, (row) => isOwn.has(row));
    const apart = new Float64Array(own.length).fill(Number.POSITIVE_INFINITY);
    for (let left = shares[cluster]!; ; left--) {
      chosen.push(next);
      if (left === 1) break;
      let farthest = -1;
      for (let i = 0; i < own.length; i++) {
        if (own[i] === next) apart[i] = -1;
        else if (apart[i]! >= 0) apart[i] = Math.min(apart[i]!, rowDistance(rows.data, rows.columns, own[i]!, next));
        if (apart[i]! >= 0 && (farthest < 0 || apart[i]! > apart[farthest]!)) farthest = i;
      }
      next = own[farthest]!;
    }
  }
  return Int32Array.from(chosen).sort();
}

function nearestTo(rows: Matrix, centres: Matrix, cluster: number, mayBe: (row: number) => boolean): number {
  let best = -1;
  let least = Number.POSITIVE_INFINITY;
  for (let row = 0; row < rows.rows; row++) {
    if (!mayBe(row)) continue;
    const distance = distanceBetween(rows, row, centres, cluster);
    if (best < 0 || distance < least * NEARER) [best, least] = [row, distance];
  }
  return best;
}

function distanceBetween(a: Matrix, row: number, b: Matrix, other: number): number {
  let sum = 0;
  for (let j = 0, x = row * a.columns, y = other * b.columns; j < a.columns; j++, x++, y++) {
    sum += (a.data[x]! - b.data[y]!) ** 2;
  }
  return sum;
}
