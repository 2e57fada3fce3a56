import { CounterweightError } from '../runtime/errors.ts';
import { requireFinite, requireWeights } from './checks.ts';

/**
 * Weighted isotonic regression: the non-decreasing values nearest to `values` in weighted least squares, by pooling
 * adjacent violators (Ayer et al., 1955; Barlow et al., 1972).
 *
 * `values` stand in the order of their scores; rows of one score must be merged before (weighted mean, summed weights).
 * Each result is Σ w y / Σ w of its block. Blocks are compared by cross products, so with integer values and weights
 * every decision is exact. An entry of weight 0 takes the value of the block before it, the first ones of the block after.
 * Throws `bad-scores` for values that are not finite, `bad-weights`, `shape-mismatch`.
 */
export function poolAdjacentViolators(values: Float64Array, weights?: Float64Array): Float64Array {
  requireFinite('values', values);
  requireWeights(weights, values.length);
  const sums = weights ? values.map((value, row) => value * weights[row]!) : values;
  return poolSums(sums, weights ?? new Float64Array(values.length).fill(1));
}

/** The same from sums Σ w y and weights Σ w of the entries, both finite and the weights at least 0. */
export function poolSums(sums: Float64Array, weights: Float64Array): Float64Array {
  if (sums.length !== weights.length) {
    throw new CounterweightError('shape-mismatch', `${sums.length} sums need as many weights, got ${weights.length}`);
  }
  const count = sums.length;
  const blockSums = new Float64Array(count);
  const blockWeights = new Float64Array(count);
  const ends = new Int32Array(count);
  let top = -1;
  for (let row = 0; row < count; row++) {
    let sum = sums[row]!;
    let weight = weights[row]!;
    // Mean of the block before >= mean of this one, without a division.
    while (top >= 0 && blockSums[top]! * weight >= sum * blockWeights[top]!) {
      sum += blockSums[top]!;
      weight += blockWeights[top]!;
      top--;
    }
    top++;
    blockSums[top] = sum;
    blockWeights[top] = weight;
    ends[top] = row + 1;
  }
  const fitted = new Float64Array(count);
  for (let block = 0, row = 0; block <= top; block++) {
    const mean = blockWeights[block]! > 0 ? blockSums[block]! / blockWeights[block]! : 0;
    fitted.fill(mean, row, ends[block]!);
    row = ends[block]!;
  }
  return fitted;
}
