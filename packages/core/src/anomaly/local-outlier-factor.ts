import type { NumericRows } from '../data/dataset.ts';
import type { Matrix } from '../data/matrix.ts';
import { uniqueRows } from '../neighbors/unique-rows.ts';
import { checkWhole } from '../resample/options.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { Notice } from '../runtime/notices.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import { checkKnown } from './check-options.ts';
import { fittedModel } from './fitted-model.ts';
import { fittingRows } from './fitting-rows.ts';
import type { NeighbourAnomalyModel, NeighbourDetector } from './k-nearest.ts';
import { clampNeighbours, readNeighbourModel } from './neighbour-rows.ts';
import { pickRows } from './pick-rows.ts';
import { type NeighbourLists, tiedNeighbours } from './tied-neighbours.ts';

export interface LocalOutlierFactorOptions {
  /** Neighbours. Default 20. */
  readonly nNeighbors?: number | undefined;
}

export const LOCAL_OUTLIER_FACTOR = 'local-outlier-factor';

/**
 * Local outlier factor: how much thinner rows lie around a row than around its neighbours; about 1 inside a cluster (Breunig, Kriegel, Ng
 * and Sander, SIGMOD 2000). Euclidean, so the units of columns decide: bring them to one scale first.
 *
 * All rows that tie with the k-th neighbour are neighbours, as in the paper. Equal rows stand at one place: k counts the rows at other
 * places, so that no density is infinite, and those at the own place are neighbours beside them. (The paper lets k count places there, its
 * k-distinct-distance: a small cluster with copies in it then has neighbours far outside.) Without ties and duplicates the factors are
 * those of scikit-learn.
 *
 * `score` takes any row as new; `trainingScores` holds each fitted row against the others. Fit throws `too-few-rows` unless two rows
 * differ, and `distance-overflow` where distances between them are too large or too small for a number; with fewer than k rows
 * elsewhere there is a notice `neighbours-clamped`. Throws `bad-option`.
 */
export function localOutlierFactor(options: LocalOutlierFactorOptions = {}): NeighbourDetector {
  checkKnown(LOCAL_OUTLIER_FACTOR, options, ['nNeighbors']);
  checkWhole('nNeighbors', options.nNeighbors, 1);
  const { nNeighbors = 20 } = options;
  return Object.freeze({
    name: LOCAL_OUTLIER_FACTOR,
    async fit(X: NumericRows, run?: RunOptions) {
      const { rows, notices } = fittingRows(LOCAL_OUTLIER_FACTOR, X, run);
      const { count, first, pointOf } = uniqueRows(rows.data, rows.rows, rows.columns);
      if (count < 2) {
        throw new CounterweightError(
          'too-few-rows',
          'a local outlier factor needs two rows that differ; all are alike',
        );
      }
      const copies = new Float64Array(count);
      for (const point of pointOf) copies[point]!++;
      const elsewhere = rows.rows - copies.reduce((a, b) => Math.max(a, b));
      const clamped = clampNeighbours(nNeighbors, elsewhere, 'rows that differ from each');
      const places = pickRows(rows, first.slice(0, count));
      const facts = await measurePlaces(places, copies, clamped.k, run);
      return lofModel(
        { places, copies, pointOf, k: clamped.k, ...facts },
        Object.freeze([...notices, ...clamped.notices]),
      );
    },
  });
}

interface Places {
  readonly places: Matrix;
  /** Rows at each place. */
  readonly copies: Float64Array;
  /** Place of each fitted row. */
  readonly pointOf: Int32Array;
  readonly k: number;
  /** Distance from each place to the k-th nearest row at another one. */
  readonly reaches: Float64Array;
  /** Mean reachability distance of each place: 1 / local reachability density. */
  readonly sparsity: Float64Array;
  /** Factor of the rows at each place. */
  readonly factors: Float64Array;
}

async function measurePlaces(places: Matrix, copies: Float64Array, k: number, run: RunOptions | undefined) {
  const every = Int32Array.from({ length: places.rows }, (_, i) => i);
  const lists = within(await tiedNeighbours(places, every, Math.min(k, places.rows - 1), run), copies, k);
  const reaches = Float64Array.from(every, (i) => lists.distances[lists.offsets[i + 1]! - 1]!);
  checkReaches(reaches);
  // The other rows at the own place are neighbours too, at distance 0.
  const own = (i: number) => copies[i]! - 1;
  const sparsity = Float64Array.from(every, (i) => sparsityOf(lists, i, reaches, copies, own(i) * reaches[i]!, own(i)));
  const factors = Float64Array.from(every, (i) => factorOf(lists, i, sparsity, copies, sparsity[i]!, own(i)));
  return { reaches, sparsity, factors };
}

/** Places differ: a distance of 0 between them is one whose square was too small for a number. */
function checkReaches(reaches: Float64Array): void {
  const odd = reaches.find((reach) => !(reach > 0 && reach < Number.POSITIVE_INFINITY));
  if (odd === undefined) return;
  throw new CounterweightError(
    'distance-overflow',
    `the squares of distances between rows are too ${odd === 0 ? 'small' : 'large'} for a number; scale the features first`,
  );
}

/** The lists up to the k-th row that stands elsewhere, and all that tie with it. */
function within({ offsets, indices, distances }: NeighbourLists, copies: Float64Array, k: number): NeighbourLists {
  const kept = new Int32Array(offsets.length);
  let end = 0;
  for (let i = 0; i + 1 < offsets.length; i++) {
    let rows = 0;
    let reach = 0;
    for (let at = offsets[i]!; at < offsets[i + 1]! && (rows < k || distances[at] === reach); at++) {
      if (distances[at]! > 0) rows += copies[indices[at]!]!;
      reach = distances[at]!;
      // What is kept is never more than what was there, so that both can share the arrays.
      indices[end] = indices[at]!;
      distances[end++] = reach;
    }
    kept[i + 1] = end;
  }
  return { offsets: kept, indices: indices.subarray(0, end), distances: distances.subarray(0, end) };
}

/** Mean of max(reach of the neighbour, distance to it) over all rows of the list; `sum` and `count` of others come first. */
function sparsityOf(
  { offsets, indices, distances }: NeighbourLists,
  i: number,
  reaches: Float64Array,
  copies: Float64Array,
  sum = 0,
  count = 0,
): number {
  let total = sum;
  let rows = count;
  for (let at = offsets[i]!; at < offsets[i + 1]!; at++) {
    const place = indices[at]!;
    total += copies[place]! * Math.max(reaches[place]!, distances[at]!);
    rows += copies[place]!;
  }
  return total / rows;
}

/** Mean of the neighbours' densities over the row's own; `alike` rows of the same density come on top. */
function factorOf(
  { offsets, indices }: NeighbourLists,
  i: number,
  sparsity: Float64Array,
  copies: Float64Array,
  own: number,
  alike = 0,
): number {
  let total = alike;
  let rows = alike;
  for (let at = offsets[i]!; at < offsets[i + 1]!; at++) {
    const place = indices[at]!;
    total += copies[place]! * (own / sparsity[place]!);
    rows += copies[place]!;
  }
  return Math.min(total / rows, Number.MAX_VALUE);
}

function lofModel(parts: Places, notices: readonly Notice[]): NeighbourAnomalyModel {
  const { places, copies, pointOf, k, reaches, sparsity, factors } = parts;
  const model = fittedModel({
    name: LOCAL_OUTLIER_FACTOR,
    columns: places.columns,
    notices,
    async score(queries, run) {
      // One more than k: a row at a place has that place in its list.
      const near = await tiedNeighbours(places, queries, Math.min(k + 1, places.rows), run);
      const lists = within(near, copies, k);
      return Float64Array.from({ length: queries.rows }, (_, i) =>
        factorOf(lists, i, sparsity, copies, sparsityOf(lists, i, reaches, copies)),
      );
    },
    fields: () => ({
      k,
      rows: Array.from(places.data),
      copies: Array.from(copies),
      pointOf: Array.from(pointOf),
      reaches: Array.from(reaches),
      sparsity: Array.from(sparsity),
      factors: Array.from(factors),
    }),
  });
  return Object.freeze({
    ...model,
    trainingScores: async () => Float64Array.from(pointOf, (point) => factors[point]!),
  });
}

/** Throws `bad-model`. */
export function localOutlierFactorFromJSON(json: unknown): NeighbourAnomalyModel {
  const { fields, rows: places, k } = readNeighbourModel(json, LOCAL_OUTLIER_FACTOR);
  const positive = (name: string): Float64Array => {
    const values = fields.numbers(name, places.rows);
    fields.require(
      name,
      values.every((value) => value > 0),
    );
    return values;
  };
  const pointOf = Int32Array.from(fields.numbers('pointOf'));
  fields.require(
    'pointOf',
    pointOf.every((point) => point >= 0 && point < places.rows),
  );
  const facts = { copies: positive('copies'), reaches: positive('reaches'), sparsity: positive('sparsity') };
  return lofModel({ places, pointOf, k, ...facts, factors: positive('factors') }, fields.notices('notices'));
}
