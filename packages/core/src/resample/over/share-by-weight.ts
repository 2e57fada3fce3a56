import type { RandomStream } from '../../runtime/random.ts';

/**
 * Shares `total` whole units in proportion to weights by largest remainder: every share is its proportion rounded down or up,
 * and they add up to `total`. Which of equal remainders are rounded up is drawn, so that no place in the order is preferred.
 * Weights are finite and not negative; where none is above 0 all count alike.
 */
export function shareByWeight(total: number, weights: ArrayLike<number>, stream: RandomStream): Int32Array {
  const n = weights.length;
  const largest = Array.from(weights).reduce((most, weight) => Math.max(most, weight), 0);
  const relative = Float64Array.from({ length: n }, (_, i) => (largest > 0 ? weights[i]! / largest : 1));
  const sum = relative.reduce((running, weight) => running + weight, 0);
  const shares = new Int32Array(n);
  const remainders = new Float64Array(n);
  let left = total;
  for (let i = 0; i < n; i++) {
    const exact = (total * relative[i]!) / sum;
    shares[i] = Math.floor(exact);
    remainders[i] = exact - shares[i]!;
    left -= shares[i]!;
  }
  if (left === 0) return shares;
  // A sort that is stable leaves equal remainders in the drawn order.
  const order = stream.permutation(n).sort((a, b) => remainders[b]! - remainders[a]!);
  // Rounding may leave one unit too many or too few among millions; what weighs nothing gets none of it.
  for (let i = 0; left !== 0; i = (i + 1) % n) {
    const at = order[left > 0 ? i : n - 1 - i]!;
    const step = Math.sign(left);
    if (relative[at] === 0 || shares[at]! + step < 0) continue;
    shares[at]! += step;
    left -= step;
  }
  return shares;
}

/** Every position as often as its share says, ascending. */
export function repeated(shares: Int32Array): Int32Array {
  const positions = new Int32Array(shares.reduce((total, share) => total + share, 0));
  let end = 0;
  for (let i = 0; i < shares.length; i++) {
    positions.fill(i, end, end + shares[i]!);
    end += shares[i]!;
  }
  return positions;
}
