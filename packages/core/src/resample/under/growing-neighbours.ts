import type { NumericRows } from '../../data/dataset.ts';
import { selectNumericRows } from '../../data/select-numeric-rows.ts';
import { rowDistance } from '../../measure/row-distance.ts';
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
}

export interface GrowingSearch {
  readonly queries: Int32Array;
  /** The rows that the store starts with; not empty. */
  readonly store: Int32Array;
  readonly k: number;
}

/**
 * Each query keeps its k nearest so far and how many of the added rows it has seen, so an added row is compared once with each
 * query that asks, and mostly left after a few columns: those with the largest variance come first.
 */
export async function growingNeighbours(
  problem: Pick<UnderProblem, 'data' | 'run'>,
  { queries, store, k }: GrowingSearch,
): Promise<GrowingNeighbours> {
  const { X } = problem.data;
  const dense = denseRows(X);
  const { columns, data } = dense;
  const bestRow = new Int32Array(queries.length * k).fill(-1);
  const bestDistance = new Float64Array(queries.length * k).fill(Number.POSITIVE_INFINITY);
  const seen = new Int32Array(queries.length);
  const added: number[] = [];
  const spread = bySpread(data, columns, dense.rows);
  const sorted = reordered(data, columns, spread, queries);
  let addedValues = new Float64Array(64 * columns);
  const answers = Array.from({ length: k + 1 }, (_, length) => new Int32Array(length));

  const offer = (place: number, row: number, distance: number) => {
    const start = place * k;
    let at = start + k - 1;
    if (!comesBefore(distance, row, bestDistance[at]!, bestRow[at]!)) return;
    for (; at > start && comesBefore(distance, row, bestDistance[at - 1]!, bestRow[at - 1]!); at--) {
      bestDistance[at] = bestDistance[at - 1]!;
      bestRow[at] = bestRow[at - 1]!;
    }
    bestDistance[at] = distance;
    bestRow[at] = row;
  };
  await startFrom(problem, X, queries, store, k, (place, row) => {
    offer(place, row, rowDistance(data, columns, queries[place]!, row));
  });

  const update = (place: number) => {
    const x = place * columns;
    const last = place * k + k - 1;
    for (let i = seen[place]!; i < added.length; i++) {
      // Rounding may put the sum of reordered columns beside the true one; the margin covers it.
      const limit = bestDistance[last]! * bestDistance[last]! * (1 + 1e-12);
      let sum = 0;
      let y = i * columns;
      for (let j = x; j < x + columns && sum <= limit; j++, y++) {
        const difference = sorted[j]! - addedValues[y]!;
        sum += difference * difference;
      }
      if (sum <= limit) offer(place, added[i]!, rowDistance(data, columns, queries[place]!, added[i]!));
    }
    seen[place] = added.length;
  };

  return Object.freeze({
    add: (row: number) => {
      if ((added.length + 1) * columns > addedValues.length) {
        const longer = new Float64Array(2 * addedValues.length);
        longer.set(addedValues);
        addedValues = longer;
      }
      for (let j = 0; j < columns; j++) addedValues[added.length * columns + j] = data[row * columns + spread[j]!]!;
      added.push(row);
    },
    nearest: (place: number) => {
      update(place);
      const found = answers[Math.min(k, store.length + added.length)]!;
      for (let i = 0; i < found.length; i++) found[i] = bestRow[place * k + i]!;
      return found;
    },
  });
}

function comesBefore(distance: number, row: number, other: number, otherRow: number): boolean {
  return distance < other || (distance === other && row < otherRow);
}

async function startFrom(
  problem: Pick<UnderProblem, 'run'>,
  X: NumericRows,
  queries: Int32Array,
  store: Int32Array,
  k: number,
  take: (place: number, row: number) => void,
): Promise<void> {
  if (queries.length === 0) return;
  const rows = store.slice().sort();
  const width = Math.min(k, rows.length);
  const reference = selectNumericRows(X, rows);
  const { indices } = await findNeighbours(problem, reference, selectNumericRows(X, queries), width);
  for (let i = 0; i < indices.length; i++) take(Math.floor(i / width), rows[indices[i]!]!);
}

/** Columns by falling variance. */
function bySpread(data: Float64Array, columns: number, rows: number): Int32Array {
  const means = new Float64Array(columns);
  const squares = new Float64Array(columns);
  for (let i = 0, at = 0; i < rows; i++) for (let j = 0; j < columns; j++) means[j]! += data[at++]! / rows;
  for (let i = 0, at = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) squares[j]! += (data[at++]! - means[j]!) ** 2;
  return Int32Array.from(means.keys()).sort((a, b) => squares[b]! - squares[a]! || a - b);
}

function reordered(data: Float64Array, columns: number, order: Int32Array, rows: Int32Array): Float64Array {
  const values = new Float64Array(rows.length * columns);
  for (let i = 0, to = 0; i < rows.length; i++) {
    const start = rows[i]! * columns;
    for (let j = 0; j < columns; j++) values[to++] = data[start + order[j]!]!;
  }
  return values;
}
