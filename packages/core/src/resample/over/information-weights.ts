import { valueOfRank } from '../../data/value-of-rank.ts';
import { rowDistance } from '../../measure/row-distance.ts';
import { denseRows } from '../dense-rows.ts';
import { breathe } from './breathe.ts';
import type { OverProblem } from './over-sampler.ts';

/** Distances between two rests. */
const DISTANCES_A_TURN = 1 << 22;

/**
 * How much each of `rows` tells about the border (MWMOTE's selection weights): the sum over the border rows that have it among
 * their k nearest of `rows` of C² / Σ C, where C is the closeness of the two and the sum runs over all rows that are among the
 * k nearest of some border row.
 *
 * Every distance is looked at twice and none is kept: k is usually half the rows, where a search for the nearest is the
 * longer way.
 */
export async function informationWeights(
  { data, run }: OverProblem,
  rows: Int32Array,
  border: Int32Array,
  k: number,
  closeness: (distance: number) => number,
): Promise<Float64Array> {
  const own = rows.length;
  // The rows, then the border, in one matrix.
  const all = new Int32Array(own + border.length);
  all.set(rows);
  all.set(border, own);
  const { data: cells, columns } = denseRows(data.X, all);
  const distances = new Float64Array(own);
  const rest = Math.ceil(DISTANCES_A_TURN / own);
  const toAll = async (query: number) => {
    if (query % rest === 0) await breathe(run);
    for (let i = 0; i < own; i++) distances[i] = rowDistance(cells, columns, own + query, i);
  };
  const farthest = new Float64Array(border.length);
  const lastTied = new Int32Array(border.length);
  const informative = new Uint8Array(own);
  for (let query = 0; query < border.length; query++) {
    await toAll(query);
    [farthest[query], lastTied[query]] = nearestBound(distances, k);
    for (let i = 0; i < own; i++) if (isNear(i, query)) informative[i] = 1;
  }
  const weights = new Float64Array(own);
  const factors = new Float64Array(own);
  for (let query = 0; query < border.length; query++) {
    await toAll(query);
    let sum = 0;
    for (let i = 0; i < own; i++) {
      if (informative[i] === 0) continue;
      factors[i] = closeness(distances[i]!);
      sum += factors[i]!;
    }
    for (let i = 0; i < own; i++) if (isNear(i, query)) weights[i]! += (factors[i]! * factors[i]!) / sum;
  }
  return weights;

  function isNear(i: number, query: number): boolean {
    const distance = distances[i]!;
    return distance < farthest[query]! || (distance === farthest[query]! && i <= lastTied[query]!);
  }
}

/** The k-th of the distances in order of (distance, place), and its place. */
function nearestBound(distances: Float64Array, k: number): [number, number] {
  const bound = valueOfRank(distances.slice(), k - 1);
  let below = 0;
  for (let i = 0; i < distances.length; i++) if (distances[i]! < bound) below++;
  let place = -1;
  for (let left = k - below; left > 0; ) if (distances[++place]! === bound) left--;
  return [bound, place];
}
