import { CounterweightError } from '../runtime/errors.ts';
import { normalQuantile, studentQuantile, studentTail } from './distributions.ts';

/** Both ends of an interval. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** A mean with its interval and the two-sided p-value of "the true mean is 0". */
export interface MeanInterval extends Interval {
  readonly mean: number;
  readonly standardError: number;
  readonly pValue: number;
}

/**
 * Wilson's score interval of a share (1927): stays in 0 .. 1 and keeps its level for rare events.
 * NaN without trials. Throws `bad-option` for counts or levels that cannot be.
 */
export function wilsonInterval(successes: number, trials: number, level = 0.95): Interval {
  requireLevel(level);
  if (!(successes >= 0 && successes <= trials)) {
    throw new CounterweightError(
      'bad-option',
      `successes must lie between 0 and trials, got ${successes} of ${trials}`,
    );
  }
  if (trials === 0) return { low: Number.NaN, high: Number.NaN };
  const z = normalQuantile(0.5 + level / 2);
  const share = successes / trials;
  const shrink = 1 + (z * z) / trials;
  const centre = (share + (z * z) / (2 * trials)) / shrink;
  const half = (z / shrink) * Math.sqrt((share * (1 - share)) / trials + (z * z) / (4 * trials * trials));
  return {
    low: successes === 0 ? 0 : Math.max(0, centre - half),
    high: successes === trials ? 1 : Math.min(1, centre + half),
  };
}

/**
 * The corrected resampled t interval of Nadeau and Bengio (Machine Learning 52, 2003): the variance of J paired
 * differences from overlapping training sets is taken as s² (1 / J + testRows / trainRows), with J - 1 degrees of freedom; `standardError` is its root.
 *
 * `differences` has one value a fold and repeat. One value: ends and p-value are NaN. All values equal: the interval is
 * that value, and p is 1 where it is 0 and 0 elsewhere. Throws `bad-option` without values or with values or row
 * numbers that are not finite.
 */
export function correctedInterval(options: {
  readonly differences: readonly number[];
  readonly trainRows: number;
  readonly testRows: number;
  readonly level?: number;
}): MeanInterval {
  const { differences, trainRows, testRows, level = 0.95 } = options;
  requireLevel(level);
  requireDifferences(differences, trainRows, testRows);
  const count = differences.length;
  const mean = differences.reduce((sum, value) => sum + value, 0) / count;
  if (count === 1) return { mean, standardError: Number.NaN, low: Number.NaN, high: Number.NaN, pValue: Number.NaN };
  if (differences.every((value) => value === differences[0])) {
    const value = differences[0]!;
    return { mean: value, standardError: 0, low: value, high: value, pValue: value === 0 ? 1 : 0 };
  }
  const variance = differences.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
  const error = Math.sqrt(variance * (1 / count + testRows / trainRows));
  const half = studentQuantile(0.5 + level / 2, count - 1) * error;
  return {
    mean,
    standardError: error,
    low: mean - half,
    high: mean + half,
    pValue: Math.min(1, 2 * studentTail(Math.abs(mean) / error, count - 1)),
  };
}

/** Throws `bad-option` unless a level can be. */
export function requireLevel(level: number): void {
  if (!(level > 0 && level < 1)) {
    throw new CounterweightError('bad-option', `level must lie between 0 and 1, got ${level}`);
  }
}

function requireDifferences(differences: readonly number[], trainRows: number, testRows: number): void {
  if (differences.length === 0 || !differences.every(Number.isFinite)) {
    throw new CounterweightError('bad-option', 'differences must be at least one finite number');
  }
  if (!(trainRows > 0 && testRows >= 0 && Number.isFinite(trainRows + testRows))) {
    throw new CounterweightError(
      'bad-option',
      `trainRows must be above 0 and testRows at least 0, got ${trainRows} and ${testRows}`,
    );
  }
}
