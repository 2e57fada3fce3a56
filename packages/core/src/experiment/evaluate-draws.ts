import { type RandomStream, randomStream } from '../runtime/random.ts';

/**
 * Most rows drawn from a class in one replicate. Beyond, m of n rows are drawn and the counts brought to the spread of n
 * draws, so that the time of a replicate does not grow with the table.
 */
export const mostDraws = 20_000;
/** Whole weights are laid out as copies up to this sum, else looked up in their cumulative sums. */
const mostCopies = 50_000_000;

/** The rows of one class as a bootstrap draws them. */
export interface Stratum {
  /** Rows of the class, each as often as it counts where weights are copies. */
  readonly size: number;
  /** The row of each unit that can be drawn; rows occur as often as they are copied. */
  readonly units: Int32Array;
  /** Units drawn in a replicate. */
  readonly draws: number;
  /** What each draw counts, and what each row keeps of its own weight without being drawn. */
  readonly perDraw: number;
  readonly kept: number;
  /** Fills `places` with the units of one replicate. */
  draw(stream: RandomStream, places: Int32Array): void;
}

/**
 * Draws with replacement from the rows of a class. `counts`: weights are copies of rows, so as many draws as copies.
 * Else each row is drawn alike.
 *
 * With m < n draws the weight of a set of rows is W (1 - sqrt(m/n)) + sqrt(n/m) × the weight drawn: never negative, with
 * the mean and the covariances of n draws.
 */
export function stratumOf(
  rows: Int32Array,
  weights: Float64Array | undefined,
  counts: boolean,
  most = mostDraws,
): Stratum {
  const copied = counts && weights !== undefined;
  const ends = copied ? cumulated(rows, weights) : null;
  const size = ends ? ends[ends.length - 1]! : rows.length;
  const draws = Math.min(size, most);
  const scale = Math.sqrt(size / draws);
  const spread = { size, draws, perDraw: scale, kept: 1 - 1 / scale };
  if (ends && size > mostCopies)
    return { ...spread, units: rows, draw: (stream, places) => drawAlong(stream, places, ends) };
  const units = ends ? copiesOf(rows, ends) : rows;
  return { ...spread, units, draw: (stream, places) => drawAlike(stream, places, size) };
}

function cumulated(rows: Int32Array, weights: Float64Array): Float64Array {
  let sum = 0;
  return Float64Array.from(rows, (row) => {
    sum += weights[row]!;
    return sum;
  });
}

function copiesOf(rows: Int32Array, ends: Float64Array): Int32Array {
  const copies = new Int32Array(ends[ends.length - 1]!);
  rows.forEach((row, i) => {
    copies.fill(row, i === 0 ? 0 : ends[i - 1]!, ends[i]!);
  });
  return copies;
}

/** Lemire's multiply-and-reject, its bound taken once; exact below 2^21, where the product fits a float. */
function drawAlike(stream: RandomStream, places: Int32Array, size: number): void {
  if (size >= 2097152) {
    for (let i = 0; i < places.length; i++) places[i] = stream.integer(size);
    return;
  }
  const reject = 4294967296 % size;
  for (let i = 0; i < places.length; ) {
    const product = stream.uint32() * size;
    const high = Math.floor(product / 4294967296);
    if (product - high * 4294967296 >= reject) places[i++] = high;
  }
}

function drawAlong(stream: RandomStream, places: Int32Array, ends: Float64Array): void {
  const total = ends[ends.length - 1]!;
  for (let i = 0; i < places.length; i++) places[i] = firstAbove(ends, stream.uniform() * total);
}

function firstAbove(ends: Float64Array, place: number): number {
  let low = 0;
  let high = ends.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ends[middle]! > place) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The rows of each of the classes 0 .. classes - 1, ascending. */
export function rowsByClass(truth: Int32Array, classes: number): Int32Array[] {
  const sizes = new Int32Array(classes);
  for (const label of truth) sizes[label] = sizes[label]! + 1;
  const strata = Array.from(sizes, (size) => new Int32Array(size));
  sizes.fill(0);
  truth.forEach((label, row) => {
    strata[label]![sizes[label]!] = row;
    sizes[label] = sizes[label]! + 1;
  });
  return strata;
}

export const replicateStream = (seed: number, replicate: number): RandomStream =>
  randomStream(seed, 'evaluate', replicate);
