/** Whole weights of a smaller sum are as many rows, and stay as they are. */
const MOST_COPIES = 2 ** 32;

/**
 * Bits of the sum of other weights in fixed point. Sums in float64 are exact up to 53; four bits are room for a bootstrap that
 * draws heavy rows more often than its size lets expect.
 */
const SUM_BITS = 49;

/** How weights become whole numbers, so that their sums are exact whatever the order. */
export interface WeightScale {
  /** Units of a weight of 1, a power of 2. */
  readonly scale: number;
  /** Whether weights are rows, that is whole numbers of a sum below 2^32; `scale` is 1 then. */
  readonly whole: boolean;
}

export function weightScale(total: number, isWhole: boolean): WeightScale {
  if (isWhole && total < MOST_COPIES) return { scale: 1, whole: true };
  return { scale: 2 ** (SUM_BITS - Math.ceil(Math.log2(total))), whole: false };
}

/** A weight above 0 in whole units, one at least: no row is lost. */
export function fixedWeight(weight: number, { scale, whole }: WeightScale): number {
  return whole ? weight : Math.max(1, Math.round(weight * scale));
}

/** All weights of the rows in whole units. */
export function fixWeights(weights: Float64Array): WeightScale & { readonly fixed: Float64Array } {
  let total = 0;
  for (const weight of weights) total += weight;
  const scale = weightScale(total, weights.every(Number.isInteger));
  return { ...scale, fixed: scale.whole ? weights : weights.map((weight) => fixedWeight(weight, scale)) };
}
