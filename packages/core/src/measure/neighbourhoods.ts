import type { NumericRows } from '../data/dataset.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { Notice } from '../runtime/notices.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import type { DifficultyInput } from './difficulty-input.ts';

/** Neighbours of some rows, `queries × k`, each row's in order of (distance, row index). */
export interface NeighbourLists {
  readonly k: number;
  readonly indices: Int32Array;
  readonly distances: Float64Array;
}

/**
 * Finds exact nearest neighbours: those of reference rows named by index, which are then not their own neighbours (their
 * duplicates may be), or those of rows given. `nearestNeighbours` of this library is one; measures take it as an argument
 * because both stand on the same floor.
 */
export type FindNeighbours = (
  search: { readonly reference: NumericRows; readonly queries: NumericRows | Int32Array; readonly k: number },
  options?: RunOptions,
) => Promise<NeighbourLists>;

/** What stands around some of the rows, or around all of them. */
export interface Neighbourhoods extends NeighbourLists {
  /** Class of every row of the set. */
  readonly codes: Int32Array;
  /** Rows looked at, ascending; neighbours are sought among all rows. */
  readonly rows: Int32Array;
  readonly notices: readonly Notice[];
}

/**
 * The k nearest neighbours of the given rows (all by default) among all rows; with fewer other rows than k, all of them,
 * and the notice `k-clamped`. Throws `bad-option`, `too-few-rows` with a single row, and what `find` throws.
 */
export async function findNeighbourhoods(
  data: DifficultyInput,
  request: { readonly find: FindNeighbours; readonly k?: number | undefined; readonly rows?: Int32Array | undefined },
  options?: RunOptions,
): Promise<Neighbourhoods> {
  const asked = request.k ?? 5;
  if (!Number.isInteger(asked) || asked < 1) {
    throw new CounterweightError('bad-option', `k must be a positive integer, got ${asked}`);
  }
  const all = data.X.rows;
  if (all < 2) throw new CounterweightError('too-few-rows', 'a single row has no neighbours', { rows: all });
  const k = Math.min(asked, all - 1);
  const rows = (request.rows ?? Int32Array.from({ length: all }, (_, i) => i)).slice().sort();
  const lists = await request.find({ reference: data.X, queries: rows, k }, options);
  return Object.freeze({
    k,
    indices: lists.indices,
    distances: lists.distances,
    codes: data.y.codes,
    rows,
    notices: k === asked ? [] : [clamped(asked, k)],
  });
}

function clamped(asked: number, k: number): Notice {
  return {
    code: 'k-clamped',
    severity: 'warning',
    message: `${asked} neighbours were asked for, but each row has only ${k} others; ${k} are used`,
    numbers: { asked, k },
  };
}

/** How many neighbours of each row looked at are of another class. */
export function enemyCounts({ k, indices, codes, rows }: Neighbourhoods): Int32Array {
  const counts = new Int32Array(rows.length);
  for (let i = 0; i < rows.length; i++) {
    const own = codes[rows[i]!]!;
    for (let j = i * k; j < (i + 1) * k; j++) if (codes[indices[j]!] !== own) counts[i]!++;
  }
  return counts;
}
