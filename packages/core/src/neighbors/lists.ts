import { CounterweightError } from '../runtime/errors.ts';
import type { Work } from '../runtime/work.ts';
import type { Neighbours, RadiusNeighbours } from './row-search.ts';
import { NO_ROW, type SearchLists } from './search-tree.ts';

/** From lists of queries to those of the caller's; a row that stands in its own list is left out, or else the last. */
export function spread(
  k: number,
  length: number,
  foundIndices: Int32Array,
  foundDistances: Float64Array,
  listOf: Int32Array,
  own: Int32Array | undefined,
): Neighbours {
  const count = listOf.length;
  const indices = new Int32Array(count * k);
  const distances = new Float64Array(count * k);
  for (let i = 0, to = 0; i < count; i++) {
    let from = listOf[i]! * length;
    const row = own ? own[i]! : -1;
    for (let n = 0; n < k; n++, from++, to++) {
      if (foundIndices[from] === row) from++;
      indices[to] = foundIndices[from]!;
      distances[to] = foundDistances[from]!;
    }
  }
  return Object.freeze({ k, indices, distances });
}

/** Counts, then lists what is within the radius. */
export async function collectLists(
  { memory }: Work,
  count: number,
  radius: number,
  run: (lists: SearchLists) => Promise<unknown>,
  listOf: Int32Array,
  own: Int32Array | undefined,
): Promise<RadiusNeighbours> {
  const offsets = memory.float64(2 * count + 1, 'zero');
  await run({ kind: 1, k: 0, radius, offsets });
  const begins = new Float64Array(count + 1);
  const counts = offsets.view();
  for (let i = 0; i < count; i++) begins[i + 1] = begins[i]! + counts[i]!;
  counts.set(begins.subarray(0, count));
  counts.set(begins, count);
  const found = begins[count]!;
  const distances = memory.float64(Math.max(1, found));
  const indices = memory.int32(Math.max(1, found));
  await run({ kind: 2, k: 0, radius, offsets, distances, indices });
  return spreadLists(begins, indices.view(), distances.view(), listOf, own);
}

function spreadLists(
  begins: Float64Array,
  foundIndices: Int32Array,
  foundDistances: Float64Array,
  listOf: Int32Array,
  own: Int32Array | undefined,
): RadiusNeighbours {
  const count = listOf.length;
  const offsets = new Int32Array(count + 1);
  let total = 0;
  for (let i = 0; i < count; i++) {
    const begin = begins[listOf[i]!]!;
    const end = begins[listOf[i]! + 1]!;
    total += end - begin;
    // Where missing values count, a row need not be within reach of itself.
    if (own && foundIndices.subarray(begin, end).includes(own[i]!)) total--;
    if (total > NO_ROW) {
      throw new CounterweightError(
        'too-many-neighbours',
        'more than 2^31 neighbours lie within the radius; make it smaller',
      );
    }
    offsets[i + 1] = total;
  }
  const indices = new Int32Array(total);
  const distances = new Float64Array(total);
  for (let i = 0, to = 0; i < count; i++) {
    const row = own ? own[i]! : -1;
    for (let from = begins[listOf[i]!]!; from < begins[listOf[i]! + 1]!; from++) {
      if (foundIndices[from] === row) continue;
      indices[to] = foundIndices[from]!;
      distances[to++] = foundDistances[from]!;
    }
  }
  return Object.freeze({ offsets, indices, distances });
}
