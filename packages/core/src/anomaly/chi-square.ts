import { logGamma } from '../metrics/distributions.ts';

/** Share of the chi-square distribution at or below x: the regularised incomplete gamma function P(degrees / 2, x / 2). */
export function chiSquareCdf(x: number, degrees: number): number {
  if (!(x > 0)) return 0;
  const a = degrees / 2;
  const z = x / 2;
  const front = Math.exp(a * Math.log(z) - z - logGamma(a));
  return z < a + 1 ? front * series(a, z) : 1 - front * fraction(a, z);
}

/** sum of z^n / (a (a + 1) ... (a + n)). */
function series(a: number, z: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; n < 10_000 && term > sum * 1e-17; n++) {
    term *= z / (a + n);
    sum += term;
  }
  return sum;
}

/** Continued fraction of Γ(a, z) / (e^-z z^a), by Lentz's method. */
function fraction(a: number, z: number): number {
  let b = z + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let h = d;
  for (let n = 1; n < 10_000; n++) {
    const an = -n * (n - a);
    b += 2;
    d = 1 / (an * d + b);
    c = b + an / c;
    const factor = c * d;
    h *= factor;
    if (Math.abs(factor - 1) < 1e-16) break;
  }
  return h;
}

/** The x at or below which a share p, above 0 and below 1, of the distribution lies. */
export function chiSquareQuantile(p: number, degrees: number): number {
  let low = 0;
  let high = degrees + 10;
  while (chiSquareCdf(high, degrees) < p) high *= 2;
  for (let step = 0; step < 200; step++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (chiSquareCdf(middle, degrees) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
