import { selectNumericRows } from '../data/select-numeric-rows.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import type { DifficultyInput } from './difficulty-input.ts';
import type { FindNeighbours, Neighbourhoods } from './neighbourhoods.ts';

/** The nearest row of another class, one entry a row asked about; -1 and infinity where there is no other class. */
export interface NearestOther {
  readonly rows: Int32Array;
  readonly distances: Float64Array;
}

/**
 * The nearest row of another class of each row looked at, the first of equals. Exact: it is read off the neighbours where one
 * of them is of another class, and searched for where none is.
 */
export async function nearestOfOtherClasses(
  data: DifficultyInput,
  around: Neighbourhoods,
  find: FindNeighbours,
  options?: RunOptions,
): Promise<NearestOther> {
  const { k, rows, indices, distances, codes } = around;
  const found = emptyNearest(rows.length);
  const open = new Map<number, number[]>();
  for (let i = 0; i < rows.length; i++) {
    const own = codes[rows[i]!]!;
    let j = i * k;
    while (j < (i + 1) * k && codes[indices[j]!] === own) j++;
    if (j < (i + 1) * k) {
      found.rows[i] = indices[j]!;
      found.distances[i] = distances[j]!;
    } else {
      const asked = open.get(own);
      if (asked) asked.push(i);
      else open.set(own, [i]);
    }
  }
  for (const [code, asked] of open) {
    const some = await nearestEnemies(
      data,
      code,
      Int32Array.from(asked, (i) => rows[i]!),
      find,
      options,
    );
    for (const [at, i] of asked.entries()) {
      found.rows[i] = some.rows[at]!;
      found.distances[i] = some.distances[at]!;
    }
  }
  return Object.freeze(found);
}

/** The nearest row of any class but `code` of each of the given rows, by search among these rows alone. */
async function nearestEnemies(
  { X, y }: DifficultyInput,
  code: number,
  rows: Int32Array,
  find: FindNeighbours,
  options?: RunOptions,
): Promise<NearestOther> {
  const enemies = Int32Array.from(y.codes.keys()).filter((row) => y.codes[row] !== code);
  if (enemies.length === 0) return emptyNearest(rows.length);
  const reference = selectNumericRows(X, enemies);
  const lists = await find({ reference, queries: selectNumericRows(X, rows), k: 1 }, options);
  return { rows: lists.indices.map((at) => enemies[at]!), distances: lists.distances };
}

function emptyNearest(count: number) {
  return {
    rows: new Int32Array(count).fill(-1),
    distances: new Float64Array(count).fill(Number.POSITIVE_INFINITY),
  };
}
