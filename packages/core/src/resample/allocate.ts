/**
 * Shares `total` whole units in proportion to `quotas` by largest remainder (Hamilton's method): every share is its exact
 * proportion rounded down, and the units left over go one each to the largest remainders, ties to the earlier entry.
 * Exact for all quotas and totals up to 2^53, and no share exceeds its quota when `total` is at most their sum.
 * A sum of 0 shares nothing.
 */
export function largestRemainder(total: number, quotas: readonly number[]): number[] {
  const sum = quotas.reduce((running, quota) => running + BigInt(quota), 0n);
  if (sum === 0n) return quotas.map(() => 0);
  const units = BigInt(total);
  const products = quotas.map((quota) => BigInt(quota) * units);
  const shares = products.map((product) => Number(product / sum));
  let left = total - shares.reduce((running, share) => running + share, 0);
  const byRemainder = products
    .map((product, index) => ({ index, remainder: product % sum }))
    .sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder < b.remainder ? 1 : -1));
  for (const { index } of byRemainder) {
    if (left === 0) break;
    shares[index]!++;
    left--;
  }
  return shares;
}
