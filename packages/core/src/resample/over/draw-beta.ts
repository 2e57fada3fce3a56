import type { RandomStream } from '../../runtime/random.ts';

/**
 * A draw from the Beta distribution with both parameters `alpha` above 0, as the share of one gamma draw in two. The logarithms of the
 * gammas are drawn, so that small parameters, which push nearly all draws to 0 or 1, do not underflow to 0 / 0.
 */
export function drawBeta(alpha: number, stream: RandomStream): number {
  const difference = logGamma(alpha, stream) - logGamma(alpha, stream);
  return 1 / (1 + Math.exp(-difference));
}

/**
 * Logarithm of a gamma draw: Marsaglia and Tsang, "A simple method for generating gamma variables", ACM TOMS 26 (2000), for
 * alpha + 1, times a power of a uniform draw.
 */
function logGamma(alpha: number, stream: RandomStream): number {
  const d = alpha + 1 - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = stream.normal();
    const v = (1 + c * x) ** 3;
    if (v <= 0) continue;
    const accepted = Math.log1p(-stream.uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v);
    if (accepted) return Math.log(d * v) + Math.log1p(-stream.uniform()) / alpha;
  }
}
