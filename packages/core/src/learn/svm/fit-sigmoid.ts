import { matrix } from '../../data/matrix.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import type { RunOptions } from '../../runtime/run-options.ts';
import { LEAST_WEIGHT } from '../logistic-data.ts';
import { logisticRegression } from '../logistic-regression.ts';

/** Log-odds of the positive class: slope times decision value plus intercept. */
export interface Sigmoid {
  readonly slope: number;
  readonly intercept: number;
}

export interface ScoredRows {
  readonly scores: Float64Array;
  /** 1 for the positive class, else 0; both occur. */
  readonly labels: Uint8Array;
  readonly weights: Float64Array;
}

/**
 * Weights of a larger sum count in their ratios, as if they had this one: more rows do not make targets softer than arithmetic
 * can tell from 0 and 1.
 */
const MOST_ROWS = 2 ** 32;

/**
 * Platt's sigmoid (1999): a logistic regression of softened targets. Targets are 1 - e N0 / N and e N1 / N with e = N / ((N1 + 1)
 * (N0 + 1)): Platt's (N1 + 1) / (N1 + 2) and 1 / (N0 + 2) but for terms of second order, and with a mean that is the share of
 * the positive class to the last digit, also where it is rare. Undefined where larger scores do not go with the positive class.
 */
export async function fitSigmoid(
  { scores, labels, weights: given }: ScoredRows,
  run?: RunOptions,
): Promise<Sigmoid | undefined> {
  const rows = given.reduce((sum, weight) => sum + weight, 0);
  const weights = rows > MOST_ROWS ? given.map((weight) => (weight / rows) * MOST_ROWS) : given;
  let positives = 0;
  let total = 0;
  for (let i = 0; i < scores.length; i++) {
    total += weights[i]!;
    if (labels[i]) positives += weights[i]!;
  }
  const negatives = total - positives;
  let mean = 0;
  for (let i = 0; i < scores.length; i++) mean += (weights[i]! / total) * scores[i]!;
  let square = 0;
  for (let i = 0; i < scores.length; i++) square += (weights[i]! / total) * (scores[i]! - mean) ** 2;
  const spread = Math.sqrt(square);
  if (!(spread > 1e-12 * Math.abs(mean))) return undefined;
  const softness = 1 / (positives + 1) / (negatives + 1);
  const count = scores.length;
  const cells = new Float64Array(2 * count);
  const shares = new Float64Array(2 * count);
  for (let i = 0; i < count; i++) {
    const target = labels[i] ? 1 - softness * negatives : softness * positives;
    cells[i] = (scores[i]! - mean) / spread;
    cells[count + i] = cells[i]!;
    shares[i] = heard(weights[i]! * (1 - target));
    shares[count + i] = heard(weights[i]! * target);
  }
  const codes = new Int32Array(2 * count).fill(1, count);
  const data = { X: matrix(cells, 2 * count, 1), y: { codes, classes: [0, 1] }, weights: shares };
  const { coefficients, intercepts } = await logisticRegression({ C: Number.POSITIVE_INFINITY })
    .fit(data, run)
    .catch(toldAsSigmoid);
  const slope = coefficients.data[0]! / spread;
  return slope > 0 ? { slope, intercept: intercepts[0]! - slope * mean } : undefined;
}

/** A share so small that learners take no such weight is none. */
const heard = (share: number): number => (share < LEAST_WEIGHT ? 0 : share);

/** What the regression says of its penalty speaks of nothing that a caller of a machine has set. */
function toldAsSigmoid(error: unknown): never {
  if (!(error instanceof CounterweightError) || error.code !== 'no-optimum') throw error;
  throw new CounterweightError(
    'no-optimum',
    'the sigmoid from decision values to probabilities has no optimum: bring the weights and C to an ordinary size, and the columns to one scale',
    error.details,
  );
}
