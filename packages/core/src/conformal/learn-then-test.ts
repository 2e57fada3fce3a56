import { incompleteBeta } from '../metrics/distributions.ts';
import { CounterweightError } from '../runtime/errors.ts';
import { requireAlpha } from './rank-rule.ts';

/** How errors over all settings together are kept at delta. */
export type FamilyControl = 'bonferroni-holm' | 'bonferroni' | 'fixed-sequence';

export interface LearnThenTestOptions {
  /** Mean loss of each setting over its rows, in 0 .. 1. */
  readonly risks: ArrayLike<number>;
  /** Rows behind each mean: one number for all settings, or one each (precision counts the rows called positive). */
  readonly rows: number | ArrayLike<number>;
  /** Asked risk. */
  readonly alpha: number;
  /** Chance that any setting called safe is not; 0.05 unless told. */
  readonly delta?: number | undefined;
  /** `bonferroni-holm` unless told. `fixed-sequence` tests in the order given and stops at the first failure. */
  readonly control?: FamilyControl | undefined;
  /** `hoeffding-bentkus` for any losses in 0 .. 1; `binomial` is sharper, for losses that are 0 or 1. */
  readonly test?: 'hoeffding-bentkus' | 'binomial' | undefined;
}

export interface LearnThenTest {
  /** Settings whose risk is at most alpha, all of them right with probability 1 - delta; ascending. */
  readonly safe: Int32Array;
  /** P-value of "the risk is above alpha" for each setting. */
  readonly pValues: Float64Array;
}

/**
 * Learn then Test: finds the settings (thresholds, λs, any grid) that keep a risk, with confidence, for any loss that is
 * independent from row to row; losses need not be monotone. Choose freely among `safe`.
 * Angelopoulos, Bates, Candès, Jordan, Lei (2021). Throws `bad-option`, `bad-losses`, `shape-mismatch`.
 */
export function learnThenTest(options: LearnThenTestOptions): LearnThenTest {
  const { alpha, delta = 0.05, control = 'bonferroni-holm', test = 'hoeffding-bentkus' } = options;
  requireAlpha(alpha);
  if (!(delta > 0 && delta < 1)) {
    throw new CounterweightError('bad-option', `delta must lie between 0 and 1, got ${delta}`);
  }
  const risks = Float64Array.from(options.risks);
  const counts = rowCounts(options.rows, risks.length);
  const pValues = risks.map((risk, i) =>
    test === 'binomial' ? binomialPValue(risk, counts[i]!, alpha) : hoeffdingBentkus(risk, counts[i]!, alpha),
  );
  const safe = rejected(pValues, delta, control);
  return Object.freeze({ safe: Int32Array.from(safe).sort(), pValues });
}

/**
 * P-value of "the mean of losses in 0 .. 1 is above alpha" from a mean of `rows` independent ones: the smaller of
 * Hoeffding's exp(-n kl(min(r, α), α)) and Bentkus's e P(Bin(n, α) <= ⌈n r⌉). 1 without rows.
 */
export function hoeffdingBentkus(risk: number, rows: number, alpha: number): number {
  requireRisk(risk);
  if (rows === 0) return 1;
  const hoeffding = Math.exp(-rows * divergence(Math.min(risk, alpha), alpha));
  return Math.min(1, hoeffding, Math.E * binomialAtMost(wholeCount(risk, rows), rows, alpha));
}

/** The same for losses that are 0 or 1: P(Bin(n, α) <= n r), exact. */
export function binomialPValue(risk: number, rows: number, alpha: number): number {
  requireRisk(risk);
  return rows === 0 ? 1 : Math.min(1, binomialAtMost(wholeCount(risk, rows), rows, alpha));
}

/** ⌈n r⌉, whole numbers but for rounding counting as whole. */
function wholeCount(risk: number, rows: number): number {
  return Math.ceil(risk * rows - 1e-9);
}

/** P(X <= k) of the binomial distribution, by DLMF 8.17.5. */
function binomialAtMost(k: number, trials: number, share: number): number {
  if (k >= trials) return 1;
  return k < 0 ? 0 : incompleteBeta(1 - share, trials - k, k + 1);
}

/** Kullback-Leibler divergence of Bernoulli(a) from Bernoulli(b). */
function divergence(a: number, b: number): number {
  return (a > 0 ? a * Math.log(a / b) : 0) + (a < 1 ? (1 - a) * Math.log((1 - a) / (1 - b)) : 0);
}

function rejected(pValues: Float64Array, delta: number, control: FamilyControl): number[] {
  const settings = Array.from(pValues.keys());
  if (control === 'bonferroni') return settings.filter((i) => pValues[i]! <= delta / pValues.length);
  if (control === 'fixed-sequence') {
    const stop = settings.findIndex((i) => pValues[i]! > delta);
    return stop < 0 ? settings : settings.slice(0, stop);
  }
  const order = settings.sort((a, b) => pValues[a]! - pValues[b]! || a - b);
  const stop = order.findIndex((i, done) => pValues[i]! > delta / (pValues.length - done));
  return stop < 0 ? order : order.slice(0, stop);
}

function rowCounts(rows: number | ArrayLike<number>, settings: number): Float64Array {
  const counts = typeof rows === 'number' ? new Float64Array(settings).fill(rows) : Float64Array.from(rows);
  if (counts.length !== settings) {
    throw new CounterweightError('shape-mismatch', `${counts.length} row counts for ${settings} risks`);
  }
  if (!counts.every((count) => Number.isInteger(count) && count >= 0)) {
    throw new CounterweightError('bad-option', 'rows must be whole numbers of at least 0');
  }
  return counts;
}

function requireRisk(risk: number): void {
  if (risk >= 0 && risk <= 1) return;
  throw new CounterweightError('bad-losses', `risks must lie in 0 to 1, got ${risk}`);
}
