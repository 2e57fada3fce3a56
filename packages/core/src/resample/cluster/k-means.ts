import type { NumericRows } from '../../data/dataset.ts';
import { type Matrix, matrix } from '../../data/matrix.ts';
import { rowDistance } from '../../measure/row-distance.ts';
import { nearestNeighbours } from '../../neighbors/nearest-neighbours.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import type { RandomStream } from '../../runtime/random.ts';
import { type RunOptions, throwIfAborted } from '../../runtime/run-options.ts';
import { denseRows } from '../dense-rows.ts';

export interface KMeansRequest {
  readonly X: NumericRows;
  /** From 1 to the number of rows. */
  readonly clusters: number;
  readonly stream: RandomStream;
  /** Default 100. */
  readonly maxIter?: number | undefined;
}

export interface Clustering {
  /** `clusters × columns`, the mean of each cluster's rows. */
  readonly centres: Matrix;
  /** Cluster of each row; every cluster has a row. */
  readonly clusterOf: Int32Array;
  /** Whether the last round changed nothing to speak of. */
  readonly settled: boolean;
}

/** Seeds are drawn among at most so many rows a cluster: more make the start hardly better, and its cost grows with them. */
const SEED_ROWS = 20;
/** The rounds end when the centres move less than this share of the mean variance of the columns, as in scikit-learn. */
const TOLERANCE = 1e-4;

/**
 * k-means: Lloyd's rounds from centres drawn by k-means++.
 *
 * A cluster left without rows takes over the row farthest from its centre. Everything comes from the stream; ties go to the
 * lower cluster and row. Throws `bad-option` for a number of clusters out of range, and what `nearestNeighbours` throws.
 *
 * Lloyd, IEEE Trans. IT 28 (1982); Arthur and Vassilvitskii, "k-means++", SODA 2007.
 */
export async function kMeans(request: KMeansRequest, run: RunOptions = {}): Promise<Clustering> {
  const { clusters, stream, maxIter = 100 } = request;
  const X = denseRows(request.X);
  if (!(Number.isInteger(clusters) && clusters >= 1 && clusters <= X.rows)) {
    throw new CounterweightError('bad-option', `${X.rows} rows cannot form ${clusters} clusters`);
  }
  const enough = TOLERANCE * meanVariance(X);
  const clusterOf = new Int32Array(X.rows);
  let centres = seedCentres(X, clusters, stream);
  for (let round = 0; round < maxIter; round++) {
    throwIfAborted(run.signal);
    await assign(X, centres, clusterOf, run);
    const next = centresOf(X, clusterOf, clusters);
    let moved = 0;
    for (let i = 0; i < next.data.length; i++) moved += (next.data[i]! - centres.data[i]!) ** 2;
    centres = next;
    if (moved <= enough) return Object.freeze({ centres, clusterOf, settled: true });
  }
  return Object.freeze({ centres, clusterOf, settled: false });
}

/** Each row to its nearest centre; then empty clusters take over the farthest rows. */
async function assign(X: Matrix, centres: Matrix, clusterOf: Int32Array, run: RunOptions): Promise<void> {
  const { signal, runtime } = run;
  const search = { reference: centres, queries: X, k: 1 };
  const { indices, distances } = await nearestNeighbours(search, { signal, runtime });
  clusterOf.set(indices);
  const sizes = new Int32Array(centres.rows);
  for (let row = 0; row < X.rows; row++) sizes[clusterOf[row]!]!++;
  const empty = [...sizes.keys()].filter((cluster) => sizes[cluster] === 0);
  if (empty.length === 0) return;
  const farthest = Int32Array.from(clusterOf.keys()).sort((a, b) => distances[b]! - distances[a]! || a - b);
  let next = 0;
  for (const cluster of empty) {
    while (sizes[clusterOf[farthest[next]!]!]! < 2) next++;
    const row = farthest[next++]!;
    sizes[clusterOf[row]!]!--;
    sizes[cluster] = 1;
    clusterOf[row] = cluster;
  }
}

/** Mean of the rows of each cluster. */
function centresOf({ data, rows, columns }: Matrix, clusterOf: Int32Array, clusters: number): Matrix {
  const centres = new Float64Array(clusters * columns);
  const sizes = new Int32Array(clusters);
  for (let row = 0, at = 0; row < rows; row++) {
    const start = clusterOf[row]! * columns;
    sizes[clusterOf[row]!]!++;
    for (let j = 0; j < columns; j++) centres[start + j]! += data[at++]!;
  }
  for (let i = 0; i < centres.length; i++) centres[i]! /= sizes[Math.floor(i / columns)]!;
  return matrix(centres, clusters, columns);
}

/** k-means++: each further seed is drawn with probability in proportion to its squared distance to the nearest so far. */
function seedCentres(X: Matrix, clusters: number, stream: RandomStream): Matrix {
  const pool = stream
    .permutation(X.rows)
    .subarray(0, Math.min(X.rows, SEED_ROWS * clusters))
    .sort();
  const squared = new Float64Array(pool.length).fill(Number.POSITIVE_INFINITY);
  const chosen = new Uint8Array(pool.length);
  const seeds = new Int32Array(clusters);
  let at = stream.integer(pool.length);
  for (let cluster = 0; ; ) {
    seeds[cluster++] = pool[at]!;
    chosen[at] = 1;
    if (cluster === clusters) return denseRows(X, seeds);
    let total = 0;
    for (let i = 0; i < pool.length; i++) {
      const distance = rowDistance(X.data, X.columns, pool[i]!, pool[at]!);
      if (distance * distance < squared[i]!) squared[i] = distance * distance;
      total += squared[i]!;
    }
    at = total > 0 ? pick(squared, stream.uniform() * total) : -1;
    // Only duplicates of seeds are left, or rounding ran past the end.
    if (at < 0 || chosen[at] === 1) at = chosen.indexOf(0);
  }
}

function pick(weights: Float64Array, target: number): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) {
    sum += weights[i]!;
    if (sum > target) return i;
  }
  return -1;
}

function meanVariance({ data, rows, columns }: Matrix): number {
  let total = 0;
  for (let j = 0; j < columns; j++) {
    let mean = 0;
    for (let at = j; at < data.length; at += columns) mean += data[at]! / rows;
    for (let at = j; at < data.length; at += columns) total += (data[at]! - mean) ** 2 / rows;
  }
  return columns === 0 ? 0 : total / columns;
}
