import { selectNumericRows } from '../../data/select-numeric-rows.ts';
import { type Arrivals, arrivals } from '../../neighbors/arrivals.ts';
import { denseRows } from '../dense-rows.ts';
import { findNeighbours } from './find-neighbours.ts';
import type { UnderProblem } from './under-sampler.ts';

/** The nearest rows of a store that grows one row at a time, for some fixed rows. */
export interface GrowingNeighbours {
  /** Puts a row into the store. */
  add(row: number): void;
  /**
   * The nearest rows of the store for the query at this place, in order of (distance, row): min(k, rows in the store) of
   * them. The array is the same at each call.
   */
  nearest(place: number): Int32Array;
  /** Gives its memory back. */
  dispose(): void;
}

export interface GrowingSearch {
  readonly queries: Int32Array;
  /** The rows that the store starts with; not empty. */
  readonly store: Int32Array;
  readonly k: number;
}

/** One search finds the nearest rows of the starting store; what joins it later is met by the queries that still ask. */
export async function growingNeighbours(
  problem: Pick<UnderProblem, 'data' | 'run'>,
  { queries, store, k }: GrowingSearch,
): Promise<GrowingNeighbours> {
  const { data, run } = problem;
  const rows = store.slice().sort();
  const width = Math.min(k, rows.length);
  const count = queries.length;
  const indices = new Int32Array(count * k).fill(-1);
  const distances = new Float64Array(count * k).fill(Number.POSITIVE_INFINITY);
  if (count > 0) {
    const found = await findNeighbours(
      problem,
      selectNumericRows(data.X, rows),
      selectNumericRows(data.X, queries),
      width,
    );
    for (let i = 0, from = 0; i < count; i++) {
      for (let j = i * k; j < i * k + width; j++, from++) {
        indices[j] = rows[found.indices[from]!]!;
        distances[j] = found.distances[from]!;
      }
    }
  }
  const waiting: Arrivals = await arrivals({ rows: denseRows(data.X), queries, start: { k, indices, distances } }, run);
  const list = new Int32Array(k);
  const answers = Array.from({ length: k + 1 }, (_, length) => list.subarray(0, length));
  return Object.freeze({
    add: waiting.add,
    nearest(place: number) {
      if (k > 1) return answers[waiting.list(place, list)]!;
      list[0] = waiting.nearest(place);
      return list;
    },
    dispose: waiting.dispose,
  });
}
