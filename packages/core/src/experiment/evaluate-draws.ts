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
  readonly draws: number;
  /** What each draw counts, and what each row keeps of its own weight without being drawn. */
  readonly perDraw: number;
  readonly kept: number;
  /** The row of one draw. */
  row(stream: RandomStream): number;
}

/**
 * Draws with replacement from the rows of a class. `counts`: weights are copies of rows, so as many draws as copies.
 * Else each row is drawn alike.
 *
 * With m < n draws the weight of a set of rows is W (1 - sqrt(m/n)) + sqrt(n/m) × the weight drawn: never negative, with
 * the mean and the covariances of n draws.
 */
export function stratumOf(rows: Int32Array, weights: Float64Array | undefined, counts: boolean): Stratum {
  const units = counts && weights ? copiesOf(rows, weights) : rowsAlike(rows);
  const draws = Math.min(units.size, mostDraws);
  const scale = Math.sqrt(units.size / draws);
  return { draws, perDraw: scale, kept: 1 - 1 / scale, row: units.row };
}

interface Units {
  readonly size: number;
  row(stream: RandomStream): number;
}

/** Lemire's multiply-and-reject, its bound taken once; exact below 2^21, where the product fits a float. */
function rowsAlike(rows: Int32Array): Units {
  const size = rows.length;
  if (size >= 2097152) return { size, row: (stream) => rows[stream.integer(size)]! };
  const reject = 4294967296 % size;
  const row = (stream: RandomStream) => {
    for (;;) {
      const product = stream.uint32() * size;
      const high = Math.floor(product / 4294967296);
      if (product - high * 4294967296 >= reject) return rows[high]!;
    }
  };
  return { size, row };
}

function copiesOf(rows: Int32Array, weights: Float64Array): Units {
  const ends = new Float64Array(rows.length);
  let size = 0;
  rows.forEach((row, i) => {
    size += weights[row]!;
    ends[i] = size;
  });
  if (size > mostCopies) return { size, row: (stream) => rows[firstAbove(ends, stream.uniform() * size)]! };
  const copies = new Int32Array(size);
  rows.forEach((row, i) => {
    copies.fill(row, ends[i]! - weights[row]!, ends[i]!);
  });
  return rowsAlike(copies);
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
