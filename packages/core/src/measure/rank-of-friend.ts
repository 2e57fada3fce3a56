import type { RunOptions } from '../runtime/run-options.ts';
import { breather } from './breathe.ts';
import { type DifficultyInput, denseValues, rowsByClass } from './difficulty-input.ts';
import type { FindNeighbours } from './neighbourhoods.ts';
import { rowDistance } from './row-distance.ts';

/** Ranks up to these are read off lists of so many neighbours, which the search gives cheaply; larger ones are counted. */
const LIST_LENGTHS = [32, 256];

/**
 * Rank (1 is nearest) among all other rows of the nearest row of the same class, for rows that have none among their first
 * `beyond` neighbours; infinity for the only row of its class. Order is by (distance, row index).
 */
export async function ranksOfNearestFriend(
  data: DifficultyInput,
  rows: Int32Array,
  beyond: number,
  find: FindNeighbours,
  options: RunOptions | undefined,
): Promise<Float64Array> {
  const { X, y } = data;
  const ranks = new Float64Array(rows.length).fill(Number.POSITIVE_INFINITY);
  const byClass = rowsByClass(y);
  let open = Array.from(rows.keys()).filter((i) => byClass[y.codes[rows[i]!]!]!.length > 1);
  for (const length of LIST_LENGTHS) {
    const k = Math.min(length, X.rows - 1);
    if (open.length === 0 || k <= beyond) continue;
    const lists = await find({ reference: X, queries: Int32Array.from(open, (i) => rows[i]!), k }, options);
    open = open.filter((i, at) => {
      const own = y.codes[rows[i]!];
      const rank = lists.indices.subarray(at * k, (at + 1) * k).findIndex((row) => y.codes[row] === own);
      if (rank >= 0) ranks[i] = rank + 1;
      return rank < 0;
    });
  }
  if (open.length > 0) await countRanks(data, rows, open, byClass, ranks, options);
  return ranks;
}

async function countRanks(
  { X, y }: DifficultyInput,
  rows: Int32Array,
  open: readonly number[],
  byClass: readonly Int32Array[],
  ranks: Float64Array,
  options: RunOptions | undefined,
): Promise<void> {
  const values = denseValues(X);
  const breathe = breather(options, 'ranks of nearest rows of the class');
  for (const [done, i] of open.entries()) {
    await breathe(done, open.length);
    const row = rows[i]!;
    let friend = -1;
    let nearest = Number.POSITIVE_INFINITY;
    for (const other of byClass[y.codes[row]!]!) {
      if (other === row) continue;
      const d = rowDistance(values, X.columns, row, other);
      if (d < nearest) {
        nearest = d;
        friend = other;
      }
    }
    let before = 0;
    for (let other = 0; other < X.rows; other++) {
      if (other === row) continue;
      const d = rowDistance(values, X.columns, row, other);
      if (d < nearest || (d === nearest && other < friend)) before++;
    }
    ranks[i] = before + 1;
  }
}
