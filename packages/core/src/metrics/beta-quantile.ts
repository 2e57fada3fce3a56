import { incompleteBeta, logGamma } from './distributions.ts';

/** The x with I_x(a, b) = p; NaN for p outside 0 .. 1. Newton's method kept inside a bracket. */
export function betaQuantile(p: number, a: number, b: number): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN;
  if (p === 0 || p === 1) return p;
  const logBeta = logGamma(a) + logGamma(b) - logGamma(a + b);
  let low = 0;
  let high = 1;
  let x = a / (a + b);
  for (let step = 0; step < 400; step++) {
    const gap = incompleteBeta(x, a, b) - p;
    if (gap === 0) break;
    if (gap > 0) high = x;
    else low = x;
    const density = Math.exp((a - 1) * Math.log(x) + (b - 1) * Math.log1p(-x) - logBeta);
    let next = x - gap / density;
    // The geometric mean finds a root near 0 in few steps, where halving would take hundreds.
    if (!(next > low && next < high)) next = low > 0 && high / low > 4 ? Math.sqrt(low * high) : (low + high) / 2;
    const change = Math.abs(next - x);
    x = next;
    if (change <= 4e-16 * x) break;
  }
  return x;
}

/** P(X >= successes) for X binomial, accurate in the tail: I_p(k, n - k + 1). */
export function binomialUpperTail(successes: number, trials: number, share: number): number {
  if (successes <= 0) return 1;
  if (successes > trials) return 0;
  return incompleteBeta(share, successes, trials - successes + 1);
}
