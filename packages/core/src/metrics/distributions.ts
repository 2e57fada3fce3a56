/**
 * Normal and Student-t distributions to about 1e-14, from their formulas; cited by the numbers of the NIST Digital
 * Library of Mathematical Functions (DLMF).
 */

/** Standard normal density. */
function normalDensity(x: number): number {
  return Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
}

/** P(Z <= x). In the tails the continued fraction of DLMF 7.9.3, else the Maclaurin-like series of 7.6.2. */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  const size = Math.abs(x);
  if (size > 40) return x < 0 ? 0 : 1;
  if (size < 2.5) {
    let term = size;
    let sum = size;
    for (let k = 3; term > sum * 1e-17 && k < 400; k += 2) {
      term *= (size * size) / k;
      sum += term;
    }
    const half = normalDensity(size) * sum;
    return x < 0 ? 0.5 - half : 0.5 + half;
  }
  let fraction = 0;
  for (let k = 150; k >= 1; k--) fraction = k / (size + fraction);
  const tail = normalDensity(size) / (size + fraction);
  return x < 0 ? tail : 1 - tail;
}

/** The x with P(Z <= x) = p; ±infinity at 0 and 1, NaN outside. Halley's method on the smaller tail. */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN;
  if (p === 0) return Number.NEGATIVE_INFINITY;
  if (p === 1) return Number.POSITIVE_INFINITY;
  if (p === 0.5) return 0;
  if (p > 0.5) return -normalQuantile(1 - p);
  const far = Math.sqrt(-2 * Math.log(p));
  let x = p > 0.1 ? (p - 0.5) * Math.sqrt(2 * Math.PI) : -(far - Math.log(far * Math.sqrt(2 * Math.PI)) / far);
  for (let step = 0; step < 60; step++) {
    const newton = (normalCdf(x) - p) / normalDensity(x);
    const change = newton / (1 + (x * newton) / 2);
    x -= change;
    if (Math.abs(change) <= 1e-15 * Math.abs(x)) break;
  }
  return x;
}

/** Regularised incomplete beta function I_x(a, b), a, b > 0; continued fraction of DLMF 8.17.22 by Lentz's method. */
export function incompleteBeta(x: number, a: number, b: number): number {
  return incompleteBetaOf(x, 1 - x, a, b);
}

/**
 * The same with 1 - x given apart, so that neither end loses digits. The side of the mean on which x lies is asked once:
 * asked again after the exchange, both sides can say "the other" where x is the dividing point up to rounding.
 */
function incompleteBetaOf(x: number, rest: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (rest <= 0) return 1;
  return x > (a + 1) / (a + b + 2) ? 1 - lowerTail(rest, x, b, a) : lowerTail(x, rest, a, b);
}

/** I_x(a, b) for 0 < x <= (a + 1) / (a + b + 2), where the continued fraction converges fast. */
function lowerTail(x: number, rest: number, a: number, b: number): number {
  if (a < 10 && b < 10) return lowerBeta(x, rest, a, b) / wholeBeta(a, b);
  return Math.exp(logBetaKernel(x, rest, a, b)) / a / betaFraction(x, a, b);
}

/** The incomplete beta function, not regularised. */
function lowerBeta(x: number, rest: number, a: number, b: number): number {
  return (x ** a * rest ** b) / a / betaFraction(x, a, b);
}

/** B(a, b) as its two parts, which loses less than a difference of three ln Γ. */
function wholeBeta(a: number, b: number): number {
  const low = (a + 1) / (a + b + 2);
  const high = (b + 1) / (a + b + 2);
  return lowerBeta(low, high, a, b) + lowerBeta(high, low, b, a);
}

/**
 * ln(x^a (1 - x)^b / B(a, b)). With both large the big terms are cancelled analytically: what is left is n times the
 * divergence of x from a / n, as in Loader's binomial density (2000).
 */
function logBetaKernel(x: number, rest: number, a: number, b: number): number {
  if (a < 10 || b < 10) return a * Math.log(x) + b * (x < 0.5 ? Math.log1p(-x) : Math.log(rest)) - logBeta(a, b);
  const n = a + b;
  const divergence = a * log1pLess((n * x - a) / a) + b * log1pLess((n * rest - b) / b);
  return divergence + 0.5 * Math.log((a * b) / (2 * Math.PI * n)) + stirlingRest(n) - stirlingRest(a) - stirlingRest(b);
}

/** ln(1 + u) - u without cancellation near 0. */
function log1pLess(u: number): number {
  if (Math.abs(u) > 0.3) return Math.log1p(u) - u;
  const r = u / (2 + u);
  const squared = r * r;
  let power = squared;
  let sum = 0;
  for (let k = 3; power > 1e-18 * squared; k += 2) {
    sum += power / k;
    power *= squared;
  }
  return 2 * r * sum - u * r;
}

/** 1 + d_1 / (1 + d_2 / (1 + ...)). */
function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  let value = 1;
  let c = 1;
  let d = 0;
  for (let k = 1; k < 10_000; k++) {
    const m = k >> 1;
    const term =
      k & 1
        ? (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
        : (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + term * d || tiny);
    c = 1 + term / c || tiny;
    const change = c * d;
    value *= change;
    if (Math.abs(change - 1) < 1e-16) break;
  }
  return value;
}

/** ln Γ(x) for x > 0: Stirling's series (DLMF 5.11.1) after shifting x above 10. */
export function logGamma(x: number): number {
  let shift = 1;
  let high = x;
  while (high < 10) shift *= high++;
  return (high - 0.5) * Math.log(high) - high + 0.5 * Math.log(2 * Math.PI) + stirlingRest(high) - Math.log(shift);
}

/** ln Γ(x) less its leading terms, x >= 10. */
function stirlingRest(x: number): number {
  const inverse = 1 / (x * x);
  const series =
    1 / 12 -
    inverse * (1 / 360 - inverse * (1 / 1260 - inverse * (1 / 1680 - inverse * (1 / 1188 - (inverse * 691) / 360360))));
  return series / x;
}

/** ln B(a, b). With a large argument the difference of two ln Γ is formed analytically, so nothing cancels. */
function logBeta(a: number, b: number): number {
  const large = Math.max(a, b);
  const small = Math.min(a, b);
  if (large < 10) return logGamma(a) + logGamma(b) - logGamma(a + b);
  const difference =
    small -
    small * Math.log(large) -
    (large + small - 0.5) * Math.log1p(small / large) +
    stirlingRest(large) -
    stirlingRest(large + small);
  return logGamma(small) + difference;
}

/** P(T <= t) for Student's t with the given degrees of freedom (DLMF 8.17(i)). */
export function studentCdf(t: number, degrees: number): number {
  if (Number.isNaN(t) || !(degrees > 0)) return Number.NaN;
  const tail = studentTail(Math.abs(t), degrees);
  return t < 0 ? tail : 1 - tail;
}

/** P(T > t) for t >= 0, accurate in the tail. */
export function studentTail(t: number, degrees: number): number {
  if (t === Number.POSITIVE_INFINITY) return 0;
  const squared = t * t;
  const sum = degrees + squared;
  return incompleteBetaOf(degrees / sum, squared / sum, degrees / 2, 0.5) / 2;
}

/** The t with P(T <= t) = p: Newton's method kept inside a bracket. */
export function studentQuantile(p: number, degrees: number): number {
  if (!(p >= 0 && p <= 1) || !(degrees > 0)) return Number.NaN;
  if (p === 0.5) return 0;
  if (p > 0.5) return -studentQuantile(1 - p, degrees);
  if (p === 0) return Number.NEGATIVE_INFINITY;
  const logScale = -0.5 * Math.log(degrees) - logBeta(degrees / 2, 0.5);
  let low = 0;
  let high = 1;
  while (studentTail(high, degrees) > p) {
    low = high;
    high *= 2;
  }
  let t = (low + high) / 2;
  for (let step = 0; step < 200; step++) {
    const gap = studentTail(t, degrees) - p;
    if (gap > 0) low = t;
    else high = t;
    const density = Math.exp(logScale - ((degrees + 1) / 2) * Math.log1p((t * t) / degrees));
    let next = t + gap / density;
    if (!(next > low && next < high)) next = (low + high) / 2;
    const change = Math.abs(next - t);
    t = next;
    if (change <= 2e-16 * t) break;
  }
  return -t;
}
