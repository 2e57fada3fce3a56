import type { Matrix } from '../data/matrix.ts';
import { sortedOrder } from '../data/sorted-order.ts';
import { requireFinite, requireLength } from '../metrics/checks.ts';
import { CounterweightError } from '../runtime/errors.ts';
import { type RandomStream, randomStream } from '../runtime/random.ts';

export interface WorstSliceOptions {
  /** Features, `rows × columns`, finite. */
  readonly X: Matrix;
  /** 1 for each row whose set has the true label. */
  readonly covered: Uint8Array;
  /** Least share of rows in a slice; 0.1 unless told. */
  readonly delta?: number | undefined;
  /** Random directions to look along; 1000 unless told. */
  readonly directions?: number | undefined;
  /** Share of rows that measure the slice which the others found; 0.75 unless told. */
  readonly testShare?: number | undefined;
  readonly seed?: number | undefined;
}

export interface WorstSlice {
  /** Coverage in the slice on rows that did not choose it; null where none of them lies in it. */
  readonly coverage: number | null;
  /** Coverage on the rows that chose it, too low for having been chosen. */
  readonly searchCoverage: number;
  /** Rows in the slice that measured it. */
  readonly rows: number;
  /** The slice is low <= x · direction <= high. */
  readonly direction: Float64Array;
  readonly low: number;
  readonly high: number;
}

interface Slice {
  readonly coverage: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Worst-slice coverage (Cauchois, Gupta, Duchi 2021): the slab between two parallel planes with at least a share delta of
 * the rows where coverage is lowest, over random directions. Found on one part of the rows, measured on the rest.
 * Throws `too-few-rows` where the part that searches has no row, `bad-option`, `bad-scores`, `shape-mismatch`.
 */
export function worstSliceCoverage(options: WorstSliceOptions): WorstSlice {
  const { X, covered, delta = 0.1, directions = 1000, testShare = 0.75, seed = 0 } = options;
  requireLength('covered', covered.length, X.rows);
  requireFinite('X', X.data);
  if (!(delta > 0 && delta <= 1 && testShare > 0 && testShare < 1 && Number.isInteger(directions) && directions > 0)) {
    throw new CounterweightError(
      'bad-option',
      `delta must lie in 0 to 1, testShare between 0 and 1, directions be at least 1; got ${delta}, ${testShare}, ${directions}`,
    );
  }
  const order = randomStream(seed, 'conformal', 'worst-slice').permutation(X.rows);
  const test = Math.round(testShare * X.rows);
  const search = order.slice(test);
  if (search.length === 0)
    throw new CounterweightError('too-few-rows', `${X.rows} rows leave none to search for a slice`);
  const least = Math.max(1, Math.ceil(delta * search.length));
  let worst: (Slice & { direction: Float64Array }) | undefined;
  for (let i = 0; i < directions; i++) {
    const direction = unitVector(X.columns, randomStream(seed, 'conformal', 'worst-slice', i));
    const slice = lowestSlice(projections(X, search, direction), covered, search, least);
    if (!worst || slice.coverage < worst.coverage) worst = { ...slice, direction };
  }
  const { direction, low, high, coverage: searchCoverage } = worst!;
  const rows = order.slice(0, test);
  const along = projections(X, rows, direction);
  const inside = rows.filter((_row, i) => along[i]! >= low && along[i]! <= high);
  const hits = inside.reduce((sum, row) => sum + covered[row]!, 0);
  const coverage = inside.length === 0 ? null : hits / inside.length;
  return Object.freeze({ coverage, searchCoverage, rows: inside.length, direction, low, high });
}

function unitVector(columns: number, stream: RandomStream): Float64Array {
  const vector = Float64Array.from({ length: columns }, stream.normal);
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return length > 0 ? vector.map((value) => value / length) : vector;
}

function projections({ data, columns }: Matrix, rows: Int32Array, direction: Float64Array): Float64Array {
  return Float64Array.from(rows, (row) => {
    let sum = 0;
    for (let column = 0; column < columns; column++) sum += data[row * columns + column]! * direction[column]!;
    return sum;
  });
}

/**
 * The run of at least `least` neighbours along the projection with the lowest mean, by Dinkelbach's rounds: a run whose
 * sum of (covered - λ) is least at the current mean λ has a lower mean, until none has. Equal projections stay together.
 */
function lowestSlice(along: Float64Array, covered: Uint8Array, rows: Int32Array, least: number): Slice {
  const order = sortedOrder(along);
  const values = Float64Array.from(order, (i) => along[i]!);
  const hits = Float64Array.from(order, (i) => covered[rows[i]!]!);
  const n = values.length;
  let best = { begin: 0, end: n, mean: hits.reduce((sum, hit) => sum + hit, 0) / n };
  for (;;) {
    const run = leastRun(values, hits, least, best.mean);
    let sum = 0;
    for (let i = run.begin; i < run.end; i++) sum += hits[i]!;
    const mean = sum / (run.end - run.begin);
    if (!(mean < best.mean)) break;
    best = { ...run, mean };
  }
  return { coverage: best.mean, low: values[best.begin]!, high: values[best.end - 1]! };
}

function leastRun(values: Float64Array, hits: Float64Array, least: number, level: number) {
  const n = values.length;
  const sums = new Float64Array(n + 1);
  for (let i = 0; i < n; i++) sums[i + 1] = sums[i]! + hits[i]! - level;
  let begin = 0;
  let end = n;
  let lowest = sums[n]!;
  let start = 0;
  for (let stop = least; stop <= n; stop++) {
    const candidate = stop - least;
    if ((candidate === 0 || values[candidate] !== values[candidate - 1]) && sums[candidate]! > sums[start]!)
      start = candidate;
    if (stop < n && values[stop] === values[stop - 1]) continue;
    const sum = sums[stop]! - sums[start]!;
    if (sum < lowest) {
      lowest = sum;
      begin = start;
      end = stop;
    }
  }
  return { begin, end };
}
