import { checkOptionNames } from '../data/check-option-names.ts';
import type { Calibration, Calibrator, ScoreInput } from './calibrator.ts';
import { fitLogistic, sigmoid } from './logistic-fit.ts';
import { type BinaryMap, type BinaryRows, oneVersusRestCalibrator, oneVersusRestFromJSON } from './one-vs-rest.ts';

export interface PlattOptions {
  /** `scores` for decision values; default `probabilities`. Probabilities are taken as they are, not as logits. */
  readonly input?: ScoreInput;
}

/**
 * Platt scaling (Platt, 1999): p = 1 / (1 + exp(A f + B)), with the targets (N1 + 1) / (N1 + 2) and 1 / (N0 + 2) instead
 * of 1 and 0, which keep A finite also where the scores separate the labels. N1 and N0 are sums of weights.
 *
 * The same optimum that scikit-learn's `method="sigmoid"` stops some six digits short of. On the logit of a probability
 * the same curve is `betaCalibrator({ parameters: 'am' })`. Throws `bad-option`.
 */
export function plattCalibrator(options: PlattOptions = {}): Calibrator {
  checkOptionNames('the Platt calibrator', options, ['input']);
  const { input = 'probabilities' } = options;
  return oneVersusRestCalibrator({ name: 'platt', needsBothLabels: false, fit: fitPlatt }, input);
}

/** Reads what `toJSON` wrote. Throws `bad-model`. */
export function plattFromJSON(json: unknown): Calibration {
  return oneVersusRestFromJSON('platt', json, (fields) => plattMap(fields.number('a'), fields.number('b')));
}

/** Platt's targets: the posterior mean of a uniform prior, weighted. */
export function smoothedTargets({ labels, positives, negatives }: BinaryRows): Float64Array {
  const one = (positives + 1) / (positives + 2);
  const zero = 1 / (negatives + 2);
  return Float64Array.from(labels, (label) => (label === 1 ? one : zero));
}

function fitPlatt(rows: BinaryRows) {
  const { coefficients, intercept } = fitLogistic({
    features: [rows.scores],
    targets: smoothedTargets(rows),
    weights: rows.weights,
    intercept: true,
  });
  const slope = coefficients[0]!;
  const reversed = {
    code: 'reversed-scores',
    severity: 'warning' as const,
    message: 'Higher scores go with lower chances in the calibration rows; the calibration turns their order around.',
  };
  return { map: plattMap(0 - slope, 0 - intercept), notices: slope < 0 ? [reversed] : [] };
}

function plattMap(a: number, b: number): BinaryMap {
  return {
    values: (scores) => scores.map((score) => sigmoid(-(a * score + b))),
    toJSON: () => ({ a, b }),
  };
}
