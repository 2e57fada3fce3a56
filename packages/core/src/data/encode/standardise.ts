import { valueOfRank } from '../value-of-rank.ts';
import type { Standardisation } from './plan.ts';

/**
 * Values further than this from the training mean, in standard deviations, are brought to it. No training value of fewer
 * than 10^12 rows can be that far (Samuelson's inequality), so only stray new values are; their scores stay finite.
 */
export const FURTHEST = 1e6;
/** Outside these magnitudes sums of squares may leave the range of numbers. */
const LARGE = 1e100;
const SMALL = 1e-100;

/**
 * Median imputation and standardisation of the values at `rows` (NaN is missing): mean 0 and population standard
 * deviation 1 over all rows, imputed ones included. Null if all values are equal or none is there.
 */
export function fitStandardisation(
  values: Float64Array,
  rows: Int32Array,
): { value: Standardisation | null; missing: number } {
  const present = new Float64Array(rows.length);
  let count = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < rows.length; i++) {
    const value = values[rows[i]!]!;
    if (Number.isNaN(value)) continue;
    present[count++] = value;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const missing = rows.length - count;
  if (!(min < max)) return { value: null, missing };
  const scale = scaleFor(Math.max(Math.abs(min), Math.abs(max)));
  let sum = 0;
  for (let i = 0; i < count; i++) sum += present[i]! * scale;
  const fill = medianInPlace(present.subarray(0, count));
  const centre = (sum + missing * fill * scale) / rows.length;
  let squares = missing * (fill * scale - centre) ** 2;
  let drift = missing * (fill * scale - centre);
  for (let i = 0; i < count; i++) {
    const gap = present[i]! * scale - centre;
    squares += gap * gap;
    drift += gap;
  }
  // The second term takes back what rounding left in the mean.
  const variance = squares / rows.length - (drift / rows.length) ** 2;
  const deviation = Math.sqrt(variance);
  return { value: deviation > 0 ? { fill, scale, centre, deviation } : null, missing };
}

/** Median by quickselect; the mean of the two middle values for an even count. Reorders its argument. */
export function medianInPlace(values: Float64Array): number {
  const middle = values.length >> 1;
  const upper = valueOfRank(values, middle);
  if (values.length % 2 === 1) return upper;
  let lower = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < middle; i++) if (values[i]! > lower) lower = values[i]!;
  return lower / 2 + upper / 2;
}

function scaleFor(largest: number): number {
  if (largest <= LARGE && largest >= SMALL) return 1;
  return 2 ** -Math.max(-1000, Math.min(1000, Math.floor(Math.log2(largest))));
}
