import { throwIfAborted } from '../../runtime/run-options.ts';
import { denseRows } from '../dense-rows.ts';
import { findNeighbours } from '../under/find-neighbours.ts';
import type { OverProblem } from './over-sampler.ts';

/** Border rows are searched for in blocks, so that a block's neighbours are at most so many. */
const BLOCK = 1 << 21;

/**
 * How much each of `rows` tells about the border (MWMOTE's selection weights): the sum over the border rows that have it among
 * their k nearest of `rows` of C² / Σ C, where C is the closeness of the two and the sum runs over all rows that are among the
 * k nearest of some border row.
 */
export async function informationWeights(
  problem: OverProblem,
  rows: Int32Array,
  border: Int32Array,
  k: number,
  closeness: (distance: number) => number,
): Promise<Float64Array> {
  const { X } = problem.data;
  const informative = new Uint8Array(rows.length);
  await inBlocks(problem, rows, border, k, ({ indices }) => {
    for (const position of indices) informative[position] = 1;
  });
  const chosen = Int32Array.from(rows.keys()).filter((position) => informative[position] === 1);
  const weights = new Float64Array(rows.length);
  // The k nearest of all are the k nearest of those that are nearest to some row.
  const reference = chosen.map((position) => rows[position]!);
  const factors = new Float64Array(chosen.length);
  await inBlocks(problem, reference, border, chosen.length, ({ indices, distances }, queries) => {
    for (let query = 0, at = 0; query < queries; query++, at += chosen.length) {
      let sum = 0;
      for (let i = 0; i < chosen.length; i++) {
        factors[i] = closeness(distances[at + i]!);
        sum += factors[i]!;
      }
      for (let i = 0; i < k; i++) weights[chosen[indices[at + i]!]!]! += (factors[i]! * factors[i]!) / sum;
    }
  });
  return weights;

  async function inBlocks(
    { run }: OverProblem,
    among: Int32Array,
    asked: Int32Array,
    near: number,
    use: (found: { indices: Int32Array; distances: Float64Array }, queries: number) => void,
  ): Promise<void> {
    const known = denseRows(X, among);
    const step = Math.max(1, Math.floor(BLOCK / near));
    for (let start = 0; start < asked.length; start += step) {
      throwIfAborted(run.signal);
      const block = asked.subarray(start, start + step);
      use(await findNeighbours(problem, known, denseRows(X, block), near), block.length);
    }
  }
}
