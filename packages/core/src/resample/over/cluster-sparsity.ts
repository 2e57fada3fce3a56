import type { NumericRows } from '../../data/dataset.ts';
import type { Matrix } from '../../data/matrix.ts';
import { rowDistance } from '../../measure/row-distance.ts';
import type { RandomStream } from '../../runtime/random.ts';
import { denseRows } from '../dense-rows.ts';

/** Beyond so many pairs of rows the mean distance comes from that many drawn ones: its error is then below a thousandth. */
const MOST_PAIRS = 2 ** 21;

/**
 * For each cluster (rows of one class) how sparse it is, as a share of all: the mean distance of two rows to the power of
 * `exponentOf(rows)`, divided by the number of rows. Worked out in logarithms, so that no power leaves the range of numbers. Clusters of
 * equal rows have no part, unless all are such. With a stream, large clusters are seen by drawn pairs.
 */
export function clusterSparsities(
  X: NumericRows,
  clusters: readonly Int32Array[],
  exponentOf: (rows: number) => number,
  stream?: RandomStream,
): number[] {
  const means = clusters.map((rows, i) => meanDistance(denseRows(X, rows), stream?.child(i)));
  const allEqual = means.every((mean) => mean === 0);
  const logarithms = means.map((mean, i) => {
    const size = clusters[i]!.length;
    return (allEqual ? 0 : exponentOf(size) * Math.log(mean)) - Math.log(size);
  });
  const largest = Math.max(...logarithms);
  const weights = logarithms.map((value) => Math.exp(value - largest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

function meanDistance({ data, rows, columns }: Matrix, stream: RandomStream | undefined): number {
  const pairs = (rows * (rows - 1)) / 2;
  let total = 0;
  if (stream && pairs > MOST_PAIRS) {
    for (let pair = 0; pair < MOST_PAIRS; pair++) {
      const a = stream.integer(rows);
      const b = stream.integer(rows - 1);
      total += rowDistance(data, columns, a, b < a ? b : b + 1);
    }
    return total / MOST_PAIRS;
  }
  for (let a = 1; a < rows; a++) for (let b = 0; b < a; b++) total += rowDistance(data, columns, a, b);
  return total / pairs;
}
