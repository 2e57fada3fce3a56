/**
 * AdaBoost.M2 (Freund and Schapire 1997): weights stand on pairs of a row and a class that is not its own, so that a member
 * pays for each wrong class that it thinks likely, and is heard with its probabilities.
 */
export interface MislabelWeights {
  /** `rows × classes`, 0 at a row's own class; sums to 1. */
  readonly pairs: Float64Array;
  /** Sum of a row's pairs: what the next member learns from. */
  readonly rows: Float64Array;
}

/** Each row's weight spread over the classes that are not its own. */
export function mislabelWeights(weights: Float64Array, labels: Int32Array, classes: number): MislabelWeights {
  const pairs = new Float64Array(weights.length * classes);
  for (let i = 0; i < weights.length; i++) {
    for (let k = 0; k < classes; k++) if (k !== labels[i]) pairs[i * classes + k] = weights[i]!;
  }
  return scaled(pairs, weights.length, classes);
}

/** Half the weighted mean of 1 - h(own) + h(other): 0 where all is right, 0.5 for chance. */
export function pseudoLoss(
  { pairs }: MislabelWeights,
  shares: Float64Array,
  labels: Int32Array,
  classes: number,
): number {
  let loss = 0;
  for (let i = 0; i < labels.length; i++) {
    const own = shares[i * classes + labels[i]!]!;
    for (let k = 0; k < classes; k++) loss += pairs[i * classes + k]! * (1 - own + shares[i * classes + k]!);
  }
  return loss / 2;
}

/** The weights after a member of pseudo-loss e: each pair times (e / (1 - e))^((1 + h(own) - h(other)) / 2). */
export function nextMislabelWeights(
  { pairs }: MislabelWeights,
  shares: Float64Array,
  labels: Int32Array,
  classes: number,
  loss: number,
): MislabelWeights {
  const beta = loss / (1 - loss);
  const next = pairs.map((weight, at) => {
    const i = Math.floor(at / classes);
    const own = shares[i * classes + labels[i]!]!;
    return weight * beta ** ((1 + own - shares[at]!) / 2);
  });
  return scaled(next, labels.length, classes);
}

/** A weight is never 0, so that no pair is lost for good, and far from the least number, so that products of it are none. */
const LEAST_SHARE = 1e-200;

/** Scales pairs to a sum of 1. */
function scaled(pairs: Float64Array, count: number, classes: number): MislabelWeights {
  let total = 0;
  for (const weight of pairs) total += weight;
  const level = pairs.map((weight) => (weight > 0 ? Math.max(weight / total, LEAST_SHARE) : 0));
  const rows = new Float64Array(count);
  for (let at = 0; at < level.length; at++) rows[Math.floor(at / classes)]! += level[at]!;
  return { pairs: level, rows };
}
