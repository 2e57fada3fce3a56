import { requireProbabilities } from './checks.ts';
import { normalCdf } from './distributions.ts';
import { rankScores, type ScoredRows } from './ranked-scores.ts';
import { type UndefinedOption, undefinedValue } from './undefined-value.ts';

export interface CumulativeTest {
  readonly statistic: number;
  readonly pValue: number;
}

export interface CumulativeCalibration {
  /** The farthest that the sum strays from 0: sensitive to probabilities that are too high, or too low, on the whole. */
  readonly kolmogorovSmirnov: CumulativeTest;
  /** The range of the sum, 0 included: sensitive also to a stretch of scores anywhere. */
  readonly kuiper: CumulativeTest;
}

/**
 * Tests of "every probability is right" without bins (Tygert, 2021; Arrieta-Ibarra et al., 2022): the sum of y - p over the
 * rows by ascending p, over its standard deviation sqrt(Σ p (1 - p)), is a Brownian motion if it is.
 *
 * The sum is read where a group of equal probabilities ends, so the order of the rows does not matter; p-values then err
 * on the safe side. (MAPIE 1.5 breaks ties by noise, and its range leaves out the 0 where the sum starts.) Weights count
 * copies of rows. Undefined where all probabilities are 0 or 1. Throws `bad-scores`, and as `rankScores`.
 */
export function cumulativeCalibration(rows: ScoredRows & UndefinedOption): CumulativeCalibration {
  requireProbabilities('scores', rows.scores);
  const { thresholds, truePositives, falsePositives } = rankScores(rows);
  let sum = 0;
  let most = 0;
  let least = 0;
  let variance = 0;
  for (let group = thresholds.length - 1; group >= 0; group--) {
    const p = thresholds[group]!;
    const hits = truePositives[group]! - (truePositives[group - 1] ?? 0);
    const weight = hits + falsePositives[group]! - (falsePositives[group - 1] ?? 0);
    sum += hits - p * weight;
    variance += p * (1 - p) * weight;
    most = Math.max(most, sum);
    least = Math.min(least, sum);
  }
  if (variance === 0) {
    const nothing = { statistic: undefinedValue(rows), pValue: undefinedValue(rows) };
    return { kolmogorovSmirnov: nothing, kuiper: nothing };
  }
  const scale = Math.sqrt(variance);
  const farthest = Math.max(most, -least) / scale;
  const range = (most - least) / scale;
  return Object.freeze({
    kolmogorovSmirnov: { statistic: farthest, pValue: 1 - brownianMaximumCdf(farthest) },
    kuiper: { statistic: range, pValue: 1 - brownianRangeCdf(range) },
  });
}

/** P(max |B| <= x) of a Brownian motion over a unit of time (Darling and Siegert, 1953). */
export function brownianMaximumCdf(x: number): number {
  if (!(x > 0)) return x <= 0 ? 0 : Number.NaN;
  if (x > 1.5) return 1 - 4 * alternating((k) => normalCdf(-(2 * k - 1) * x));
  return (4 / Math.PI) * alternating((k) => Math.exp(-(((2 * k - 1) * Math.PI) ** 2) / (8 * x * x)) / (2 * k - 1));
}

/** P(max B - min B <= x) of a Brownian motion over a unit of time (Feller, 1951). */
export function brownianRangeCdf(x: number): number {
  if (!(x > 0)) return x <= 0 ? 0 : Number.NaN;
  if (x > 2) return 1 - 8 * alternating((k) => k * normalCdf(-k * x));
  let sum = 0;
  for (let k = 1; k <= 20; k++) {
    const squared = ((2 * k - 1) * Math.PI) ** 2;
    sum += (8 / (x * x) + 8 / squared) * Math.exp(-squared / (2 * x * x));
  }
  return sum;
}

/** t(1) - t(2) + t(3) - ... for terms that fall fast. */
function alternating(term: (k: number) => number): number {
  let sum = 0;
  for (let k = 1; k <= 20; k++) sum += k % 2 === 1 ? term(k) : -term(k);
  return sum;
}
