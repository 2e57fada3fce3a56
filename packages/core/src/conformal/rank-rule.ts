import { CounterweightError } from '../runtime/errors.ts';

/** (n + 1)(1 - 0.42) is 58.00000000000001 at n = 99: products that are whole numbers but for rounding count as whole. */
const ROUNDING = 1e-9;

/** Throws `bad-option` unless alpha, the asked share of errors, lies strictly between 0 and 1. */
export function requireAlpha(alpha: number): void {
  if (!(alpha > 0 && alpha < 1)) {
    throw new CounterweightError('bad-option', `alpha must lie between 0 and 1, got ${alpha}`);
  }
}

/**
 * The rank k = ⌈(n + 1)(1 - alpha)⌉ of the calibration score that bounds a conformal set; k > n means that n rows are too
 * few and every label is taken. Computed as n + 1 - ⌊(n + 1) alpha⌋ with a guard against rounding.
 */
export function conformalRank(rows: number, alpha: number): number {
  requireAlpha(alpha);
  return rows + 1 - Math.floor((rows + 1) * alpha + ROUNDING);
}

/** The fewest calibration rows for which the bound is finite: the smallest n with (n + 1) alpha >= 1. */
export function rowsNeeded(alpha: number): number {
  requireAlpha(alpha);
  return Math.max(1, Math.ceil(1 / alpha - 1 - ROUNDING));
}

/** The bound itself: the k-th smallest of ascending `sorted[begin .. end)`, infinite where k lies outside. */
export function conformalQuantile(sorted: Float64Array, alpha: number, begin = 0, end = sorted.length): number {
  const rank = conformalRank(end - begin, alpha);
  if (rank < 1) return Number.NEGATIVE_INFINITY;
  return rank > end - begin ? Number.POSITIVE_INFINITY : sorted[begin + rank - 1]!;
}

/** A bound drawn for each row: the lower rank with probability `lowerShare`, else the one that `conformalQuantile` gives. */
export interface ExactBound {
  readonly lower: number;
  readonly upper: number;
  readonly lowerShare: number;
}

/**
 * The two bounds, of ranks k - 1 and k, and the share of rows for the lower one that make coverage 1 - alpha exactly:
 * k / (n + 1) is too much by `over`, (k - 1) / (n + 1) too little by `under`, and over / (over + under) of the rows get the
 * lower one. Ding, Angelopoulos, Bates, Jordan, Tibshirani (2023).
 */
export function exactQuantiles(sorted: Float64Array, alpha: number, begin = 0, end = sorted.length): ExactBound {
  const rows = end - begin;
  const rank = conformalRank(rows, alpha);
  const at = (k: number) => {
    if (k < 1) return Number.NEGATIVE_INFINITY;
    return k > rows ? Number.POSITIVE_INFINITY : sorted[begin + k - 1]!;
  };
  const over = rank - (rows + 1) * (1 - alpha);
  return { lower: at(rank - 1), upper: at(rank), lowerShare: over < ROUNDING ? 0 : over };
}

/** Position of the first of ascending `sorted[begin .. end)` that is at least `value`. */
export function firstAtLeast(sorted: Float64Array, value: number, begin: number, end: number): number {
  let low = begin;
  let size = end - begin;
  while (size > 0) {
    const half = size >> 1;
    if (sorted[low + half]! < value) {
      low += half + 1;
      size -= half + 1;
    } else {
      size = half;
    }
  }
  return low;
}

/** Position of the first of ascending `sorted[begin .. end)` that is above `value`. */
export function firstAbove(sorted: Float64Array, value: number, begin: number, end: number): number {
  let low = begin;
  let size = end - begin;
  while (size > 0) {
    const half = size >> 1;
    if (sorted[low + half]! <= value) {
      low += half + 1;
      size -= half + 1;
    } else {
      size = half;
    }
  }
  return low;
}
