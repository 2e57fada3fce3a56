import * as core from '@counterweight/core';

/**
 * Mean of the differences between two contenders over repeated random splits, with its 95 % interval. The splits share rows, so that the
 * plain t interval is too narrow: the variance of the mean is taken as variance (1 / repeats + test rows / training rows) (Nadeau and
 * Bengio, Machine Learning 52, 2003). `null` for fewer than two differences.
 */
export function pairedInterval(differences, testPerTraining) {
  const repeats = differences.length;
  if (repeats < 2) return null;
  const mean = meanOf(differences);
  const variance = differences.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (repeats - 1);
  const half = core.studentQuantile(0.975, repeats - 1) * Math.sqrt(variance * (1 / repeats + testPerTraining));
  return { mean, low: mean - half, high: mean + half };
}

export const meanOf = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
