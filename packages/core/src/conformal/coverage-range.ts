import { checkCount } from '../data/folds.ts';
import { betaQuantile } from '../metrics/beta-quantile.ts';
import { logGamma } from '../metrics/distributions.ts';
import { requireLevel } from '../metrics/intervals.ts';
import { conformalRank } from './rank-rule.ts';

export interface CoverageRange {
  /** Rank k of the calibration score that bounds the sets; above `rows` every label is taken. */
  readonly rank: number;
  /** Mean over calibration sets, k / (n + 1); at least 1 - alpha, exact where scores do not tie. */
  readonly mean: number;
  /** Where coverage lies with the asked probability; both ends are 1 where every label is taken. */
  readonly low: number;
  readonly high: number;
}

/**
 * What coverage to expect of the sets that one calibration set of `calibrationRows` exchangeable rows makes: in the long
 * run it is drawn from Beta(k, n + 1 - k), over `testRows` rows from the beta-binomial distribution. Vovk (2012);
 * Angelopoulos and Bates (2023). For a class, with Mondrian sets, give the rows of the class.
 *
 * `level` is 0.95 unless told. Throws `bad-option`.
 */
export function coverageRange(options: {
  readonly calibrationRows: number;
  readonly alpha: number;
  readonly testRows?: number | undefined;
  readonly level?: number | undefined;
}): CoverageRange {
  const { calibrationRows: n, alpha, testRows, level = 0.95 } = options;
  checkCount('calibrationRows', n, 0);
  if (testRows !== undefined) checkCount('testRows', testRows, 1);
  requireLevel(level);
  const rank = conformalRank(n, alpha);
  if (rank > n) return Object.freeze({ rank, mean: 1, low: 1, high: 1 });
  const tail = (1 - level) / 2;
  const [low, high] = rank < 1 ? [0, 0] : ends(rank, n + 1 - rank, tail, testRows);
  return Object.freeze({ rank, mean: Math.max(0, rank / (n + 1)), low, high });
}

function ends(a: number, b: number, tail: number, testRows: number | undefined): [number, number] {
  if (testRows === undefined) return [betaQuantile(tail, a, b), 1 - betaQuantile(tail, b, a)];
  const [low, high] = betaBinomialEnds(testRows, a, b, tail);
  return [low / testRows, high / testRows];
}

/** Smallest and largest count with at least `tail` of the beta-binomial distribution up to, and from, it. */
function betaBinomialEnds(trials: number, a: number, b: number, tail: number): [number, number] {
  const logBeta = (x: number, y: number) => logGamma(x) + logGamma(y) - logGamma(x + y);
  // Each probability from the one before: P(j + 1) / P(j) = (m - j)(a + j) / ((j + 1)(b + m - j - 1)).
  const step = (from: number, alpha: number, beta: number) =>
    Math.log(((trials - from) * (alpha + from)) / ((from + 1) * (beta + trials - from - 1)));
  const end = (alpha: number, beta: number) => {
    let logP = logBeta(alpha, beta + trials) - logBeta(alpha, beta);
    let sum = 0;
    for (let count = 0; count < trials; count++) {
      sum += Math.exp(logP);
      if (sum > tail) return count;
      logP += step(count, alpha, beta);
    }
    return trials;
  };
  return [end(a, b), trials - end(b, a)];
}
