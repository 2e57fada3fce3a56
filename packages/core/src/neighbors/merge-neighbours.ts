import { CounterweightError } from '../runtime/errors.ts';
import type { Neighbours } from './row-search.ts';

/** Stands for a neighbour that is not there, at infinite distance. */
const NO_NEIGHBOUR = -1;

/**
 * The k nearest of two lists of neighbours of the same queries, found among different rows under the same numbering:
 * associative and commutative, so that blocks of rows can be searched and merged in any order. A list may be shorter than k;
 * where both together are, the rest is row -1 at infinite distance. Throws `shape-mismatch`.
 */
export function mergeNeighbours(a: Neighbours, b: Neighbours, k: number): Neighbours {
  const count = a.k > 0 ? a.indices.length / a.k : 0;
  if (count !== (b.k > 0 ? b.indices.length / b.k : 0)) {
    throw new CounterweightError('shape-mismatch', 'the lists to be merged are of different numbers of queries');
  }
  const indices = new Int32Array(count * k).fill(NO_NEIGHBOUR);
  const distances = new Float64Array(count * k).fill(Number.POSITIVE_INFINITY);
  for (let q = 0; q < count; q++) {
    let i = q * a.k;
    let j = q * b.k;
    const endA = i + a.k;
    const endB = j + b.k;
    for (let to = q * k; to < (q + 1) * k && (i < endA || j < endB); to++) {
      const first = j >= endB || (i < endA && comesBefore(a, i, b, j));
      const list = first ? a : b;
      const from = first ? i++ : j++;
      indices[to] = list.indices[from]!;
      distances[to] = list.distances[from]!;
    }
  }
  return Object.freeze({ k, indices, distances });
}

function comesBefore(a: Neighbours, i: number, b: Neighbours, j: number): boolean {
  if (a.distances[i]! !== b.distances[j]!) return a.distances[i]! < b.distances[j]!;
  // What is not there comes after a row at infinite distance.
  return a.indices[i]! >>> 0 <= b.indices[j]! >>> 0;
}
