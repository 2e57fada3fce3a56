import type { RandomStream } from '../runtime/random.ts';
import { logGamma } from './distributions.ts';

/**
 * A draw from the binomial distribution, exact, in time that does not grow with `trials`: counting by inversion where
 * the mean is below 10, else the transformed rejection BTRS of Hormann (Journal of Statistical Computation and
 * Simulation 46, 1993).
 */
export function binomialDraw(trials: number, share: number, stream: RandomStream): number {
  if (trials <= 0 || share <= 0) return 0;
  if (share >= 1) return trials;
  if (share > 0.5) return trials - binomialDraw(trials, 1 - share, stream);
  return trials * share < 10 ? byInversion(trials, share, stream) : byRejection(trials, share, stream);
}

/** Walks up the distribution function; P(k + 1) / P(k) = (n - k) / (k + 1) p / q. */
function byInversion(trials: number, share: number, stream: RandomStream): number {
  const odds = share / (1 - share);
  let left = stream.uniform();
  let chance = Math.exp(trials * Math.log1p(-share));
  for (let k = 0; k < trials; k++) {
    left -= chance;
    if (left < 0) return k;
    chance *= (odds * (trials - k)) / (k + 1);
  }
  return trials;
}

function byRejection(trials: number, share: number, stream: RandomStream): number {
  const spread = Math.sqrt(trials * share * (1 - share));
  const b = 1.15 + 2.53 * spread;
  const a = -0.0873 + 0.0248 * b + 0.01 * share;
  const centre = trials * share + 0.5;
  const sure = 0.92 - 4.2 / b;
  const alpha = (2.83 + 5.1 / b) * spread;
  const logOdds = Math.log(share / (1 - share));
  const mode = Math.floor((trials + 1) * share);
  const atMode = logGamma(mode + 1) + logGamma(trials - mode + 1);
  for (;;) {
    const u = stream.uniform() - 0.5;
    const v = stream.uniform();
    const near = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / near + b) * u + centre);
    if (k < 0 || k > trials) continue;
    if (near >= 0.07 && v <= sure) return k;
    const height = Math.log((v * alpha) / (a / (near * near) + b));
    if (height <= atMode - logGamma(k + 1) - logGamma(trials - k + 1) + (k - mode) * logOdds) return k;
  }
}
