import { checkOptionNames } from '../data/check-option-names.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { Calibration, Calibrator } from './calibrator.ts';
import { clippedLogit, fitLogistic, sigmoid } from './logistic-fit.ts';
import { type BinaryMap, type BinaryRows, oneVersusRestCalibrator, oneVersusRestFromJSON } from './one-vs-rest.ts';
import { smoothedTargets } from './platt.ts';
import { groupScores } from './score-groups.ts';

export interface SplineOptions {
  /** Knots, 3 to 7; default 5. */
  readonly knots?: number;
}

/** Where Harrell (2015, table 2.3) puts 3 .. 7 knots. */
const knotQuantiles: Readonly<Record<number, readonly number[]>> = {
  3: [0.1, 0.5, 0.9],
  4: [0.05, 0.35, 0.65, 0.95],
  5: [0.05, 0.275, 0.5, 0.725, 0.95],
  6: [0.05, 0.23, 0.41, 0.59, 0.77, 0.95],
  7: [0.025, 0.1833, 0.3417, 0.5, 0.6583, 0.8167, 0.975],
};

/**
 * Spline calibration: a logistic regression on a natural cubic spline of the logit, the flexible calibration curve of
 * Harrell (2015, section 2.4.5) with knots at fixed quantiles of the scores. Linear in the logit beyond the outer knots.
 *
 * Smoother than isotonic and freer than beta; the curve need not ascend. Scores that allow fewer distinct knots get fewer,
 * with a notice; fewer than 3 make it linear. Separable scores are fitted to Platt's targets, with a notice.
 * Throws `bad-option`.
 */
export function splineCalibrator(options: SplineOptions = {}): Calibrator {
  checkOptionNames('the spline calibrator', options, ['knots']);
  const { knots = 5 } = options;
  if (typeof knots !== 'number' || !Object.hasOwn(knotQuantiles, knots)) {
    throw new CounterweightError('bad-option', `knots must be an integer from 3 to 7, got ${String(knots)}`);
  }
  const fit = (rows: BinaryRows) => fitSpline(rows, knots);
  return oneVersusRestCalibrator({ name: 'spline', needsBothLabels: true, fit }, 'probabilities');
}

/** Reads what `toJSON` wrote. Throws `bad-model`. */
export function splineFromJSON(json: unknown): Calibration {
  return oneVersusRestFromJSON('spline', json, (fields) => {
    const knots = fields.numbers('knots');
    fields.require('knots', knots.length !== 1 && knots.length !== 2 && knots.length <= 7);
    fields.require(
      'knots',
      knots.every((knot, i) => i === 0 || knot > knots[i - 1]!),
    );
    const coefficients = fields.numbers('coefficients', Math.max(1, knots.length - 1));
    return splineMap(knots, coefficients, fields.number('intercept'));
  });
}

function fitSpline(rows: BinaryRows, asked: number) {
  const logits = rows.scores.map(clippedLogit);
  const knots = placedKnots(logits, rows, asked);
  const notices: { code: string; severity: 'info' | 'warning'; message: string }[] = [];
  if (knots.length < asked) {
    const message = `The scores have room for ${knots.length} of ${asked} knots${knots.length ? '' : ', so the curve is linear'}.`;
    notices.push({ code: 'fewer-knots', severity: 'info', message });
  }
  const features = splineFeatures(logits, knots);
  const fit = (targets: Float64Array) => fitLogistic({ features, targets, weights: rows.weights, intercept: true });
  let fitted = fit(Float64Array.from(rows.labels));
  if (!fitted.converged) {
    fitted = fit(smoothedTargets(rows));
    const message =
      'The likelihood has no single maximum, as when the scores separate the classes or have only two values; smoothed labels were used.';
    notices.push({ code: 'separable-scores', severity: 'warning', message });
  }
  return { map: splineMap(knots, fitted.coefficients, fitted.intercept), notices };
}

/** Weighted quantiles, the mean of both neighbours where a quantile falls between two groups; repeated ones only once. */
function placedKnots(logits: Float64Array, { labels, weights }: BinaryRows, asked: number): Float64Array {
  const groups = groupScores(logits, labels, weights);
  const total = groups.weights.reduce((sum, weight) => sum + weight, 0);
  const knots = knotQuantiles[asked]!.map((quantile) => {
    let sum = 0;
    for (let i = 0; i < groups.scores.length; i++) {
      sum += groups.weights[i]!;
      const over = sum / total - quantile;
      if (Math.abs(over) <= 1e-12 && i + 1 < groups.scores.length)
        return (groups.scores[i]! + groups.scores[i + 1]!) / 2;
      if (over > 0) return groups.scores[i]!;
    }
    return groups.scores.at(-1)!;
  });
  const distinct = Float64Array.from(new Set(knots));
  return distinct.length < 3 ? new Float64Array(0) : distinct;
}

function splineFeatures(logits: Float64Array, knots: Float64Array): Float64Array[] {
  const features = [logits];
  for (let j = 0; j < knots.length - 2; j++) features.push(logits.map((x) => bent(x, knots, j)));
  return features;
}

/** Harrell's basis: truncated cubes combined so that the second derivative is 0 beyond the outer knots. */
function bent(x: number, knots: Float64Array, j: number): number {
  const last = knots.at(-1)!;
  const before = knots.at(-2)!;
  const cube = (knot: number) => Math.max(0, x - knot) ** 3;
  const width = last - before;
  const range = last - knots[0]!;
  const tail = (cube(before) * (last - knots[j]!)) / width - (cube(last) * (before - knots[j]!)) / width;
  return (cube(knots[j]!) - tail) / (range * range);
}

function splineMap(knots: Float64Array, coefficients: Float64Array, intercept: number): BinaryMap {
  return {
    values: (scores) =>
      scores.map((score) => {
        const x = clippedLogit(score);
        let z = intercept + coefficients[0]! * x;
        for (let j = 0; j < knots.length - 2; j++) z += coefficients[j + 1]! * bent(x, knots, j);
        return sigmoid(z);
      }),
    toJSON: () => ({ knots: [...knots], coefficients: [...coefficients], intercept }),
  };
}
