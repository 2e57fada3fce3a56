import type { Matrix } from '../data/matrix.ts';
import { type Neighbours, nearestNeighbours } from '../neighbors/nearest-neighbours.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import { pickRows } from './pick-rows.ts';

/** Neighbours of each query, as many as lie no farther than its k-th: entries `offsets[i] ... offsets[i + 1]`, nearest first. */
export interface NeighbourLists {
  readonly offsets: Int32Array;
  readonly indices: Int32Array;
  readonly distances: Float64Array;
}

/** The k nearest rows and all that tie with the k-th. Queries are rows of their own, or numbers of rows of the reference. */
export async function tiedNeighbours(
  reference: Matrix,
  queries: Matrix | Int32Array,
  k: number,
  run: RunOptions | undefined,
): Promise<NeighbourLists> {
  const selves = queries instanceof Int32Array;
  const total = selves ? queries.length : queries.rows;
  const available = reference.rows - (selves ? 1 : 0);
  const parts: Neighbours[] = [];
  const partOf = new Int32Array(total);
  const placeOf = new Int32Array(total);
  const lengths = new Int32Array(total);
  let asked = Int32Array.from({ length: total }, (_, i) => i);
  // One more than asked shows whether the k-th ties with the next; where it does, twice as many are looked at.
  for (let wide = Math.min(available, k + 1); asked.length > 0; wide = Math.min(available, 2 * wide)) {
    const some = selves ? asked.map((i) => queries[i]!) : asked.length === total ? queries : pickRows(queries, asked);
    const found = await nearestNeighbours({ reference, queries: some, k: wide }, run);
    const open: number[] = [];
    for (let i = 0; i < asked.length; i++) {
      const begin = i * wide;
      const reach = found.distances[begin + k - 1]!;
      let length = k;
      while (length < wide && found.distances[begin + length] === reach) length++;
      if (length === wide && wide < available) {
        open.push(asked[i]!);
        continue;
      }
      partOf[asked[i]!] = parts.length;
      placeOf[asked[i]!] = begin;
      lengths[asked[i]!] = length;
    }
    parts.push(found);
    asked = Int32Array.from(open);
  }
  return gather(parts, partOf, placeOf, lengths);
}

function gather(
  parts: readonly Neighbours[],
  partOf: Int32Array,
  placeOf: Int32Array,
  lengths: Int32Array,
): NeighbourLists {
  const offsets = new Int32Array(lengths.length + 1);
  for (let i = 0; i < lengths.length; i++) offsets[i + 1] = offsets[i]! + lengths[i]!;
  const indices = new Int32Array(offsets.at(-1)!);
  const distances = new Float64Array(indices.length);
  for (let i = 0; i < lengths.length; i++) {
    const part = parts[partOf[i]!]!;
    const begin = placeOf[i]!;
    indices.set(part.indices.subarray(begin, begin + lengths[i]!), offsets[i]!);
    distances.set(part.distances.subarray(begin, begin + lengths[i]!), offsets[i]!);
  }
  return { offsets, indices, distances };
}
