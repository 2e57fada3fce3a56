import type { Work } from '../runtime/work.ts';

/** The nearest rows of each query, in order of (distance, row index). */
export interface Neighbours {
  readonly k: number;
  /** Row of the reference, `queries × k`. */
  readonly indices: Int32Array;
  /** Distance, `queries × k`. */
  readonly distances: Float64Array;
}

/** All rows within a radius of each query, in order of (distance, row index). */
export interface RadiusNeighbours {
  /** Query `i` has the entries `offsets[i] ... offsets[i + 1]` of the other two arrays. */
  readonly offsets: Int32Array;
  readonly indices: Int32Array;
  readonly distances: Float64Array;
}

export type OnSlice = (done: number, total: number) => void;

/**
 * Rows of one kind under one metric, and how to search them. `Q` is the inner form of rows to search for; an Int32Array
 * names rows of the search itself, which then leave themselves out.
 */
export interface RowSearch<Q> {
  readonly rows: number;
  nearest(work: Work, asked: Q | Int32Array, k: number, onSlice: OnSlice): Promise<Neighbours>;
  within(work: Work, asked: Q | Int32Array, radius: number, onSlice: OnSlice): Promise<RadiusNeighbours>;
  /** Rows of this search as rows to search for. */
  pick(rows: Int32Array): Q;
  /** Some of the rows to search for. */
  take(queries: Q, places: Int32Array): Q;
  /** A search among some of the rows; row `i` of it is `rows[i]`. */
  among(rows: Int32Array): RowSearch<Q>;
}
