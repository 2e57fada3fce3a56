import { expPair, logPair } from './elementary';
import { drawUniform } from './tree-draws';

/** Binomial draws whose time does not grow with the number of trials. */

/** Mean below which a draw goes through the numbers from 0 on. */
const FEW: f64 = 10;
/** No draw of so small a mean comes near it. */
const FAR: f64 = 200;

function log(x: f64): f64 {
  return f64x2.extract_lane(logPair(f64x2.splat(x)), 0);
}

/** Successes of `trials` (whole, below 2^53) of probability p, 0 < p < 1; q = 1 - p, given for its digits. */
export function drawBinomial(trials: f64, p: f64, q: f64): f64 {
  if (p > q) return trials - drawBinomial(trials, q, p);
  return trials * p < FEW ? inverted(trials, p, q) : rejected(trials, p, q);
}

/** By inversion: takes the probabilities of 0, 1, 2 ... off a uniform number. */
function inverted(trials: f64, p: f64, q: f64): f64 {
  const none = f64x2.extract_lane(expPair(f64x2.splat(trials * log(q))), 0);
  const ratio = p / q;
  while (true) {
    let left = drawUniform();
    let share = none;
    let count: f64 = 0;
    while (left > share && count < trials && count < FAR) {
      left -= share;
      count++;
      share *= ((trials - count + 1) / count) * ratio;
    }
    if (count < FAR) return count;
  }
}

/** By transformed rejection with squeeze, algorithm BTRS of Hormann (1993). */
function rejected(trials: f64, p: f64, q: f64): f64 {
  const spread = sqrt<f64>(trials * p * q);
  const b = 1.15 + 2.53 * spread;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const c = trials * p + 0.5;
  const squeeze = 0.92 - 4.2 / b;
  const alpha = (2.83 + 5.1 / b) * spread;
  const mode = floor<f64>((trials + 1) * p);
  while (true) {
    const u = drawUniform() - 0.5;
    const v = drawUniform();
    const edge = 0.5 - abs<f64>(u);
    if (edge <= 0 || v <= 0) continue;
    const count = floor<f64>(((2 * a) / edge + b) * u + c);
    if (edge >= 0.07 && v <= squeeze) return count;
    if (count < 0 || count > trials) continue;
    if (log((v * alpha) / (a / (edge * edge) + b)) <= logRatio(trials, p / q, mode, count)) return count;
  }
}

/** Logarithm of the probability of `count` over that of `mode`. */
function logRatio(trials: f64, odds: f64, mode: f64, count: f64): f64 {
  const least = trials - mode + 1;
  return (
    (mode + 0.5) * log((mode + 1) / (odds * least)) +
    (trials + 1) * log(least / (trials - count + 1)) +
    (count + 0.5) * log((odds * (trials - count + 1)) / (count + 1)) +
    stirling(mode) +
    stirling(trials - mode) -
    stirling(count) -
    stirling(trials - count)
  );
}

/** log k! - log sqrt(2 pi) - (k + 1/2) log(k + 1) + k + 1: by its series, which small numbers are brought to. */
function stirling(k: f64): f64 {
  let sum: f64 = 0;
  let at = k;
  for (; at < 10; at++) sum += (at + 1.5) * log((at + 2) / (at + 1)) - 1;
  const x = at + 1;
  return sum + (1.0 / 12 - (1.0 / 360 - 1.0 / 1260 / (x * x)) / (x * x)) / x;
}
