import { checkOptionNames } from '../data/check-option-names.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { Calibration, Calibrator } from './calibrator.ts';
import { clipped, fitLogistic, sigmoid } from './logistic-fit.ts';
import { type BinaryMap, type BinaryRows, oneVersusRestCalibrator, oneVersusRestFromJSON } from './one-vs-rest.ts';
import { smoothedTargets } from './platt.ts';

/** Which parameters are fitted: all three; one slope and the place (a = b); both slopes around 1/2. */
export type BetaParameters = 'abm' | 'am' | 'ab';

export interface BetaOptions {
  /** Default `abm`. */
  readonly parameters?: BetaParameters;
}

interface BetaCurve {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly loss: number;
  readonly converged: boolean;
}

/**
 * Beta calibration (Kull, Silva Filho and Flach, 2017): logit p = a ln s - b ln(1 - s) + c, with a, b >= 0 so that the
 * curve never falls. `am` is logistic recalibration of the logit, the curve of calibration slope and intercept.
 *
 * The maximum of the likelihood under a, b >= 0: where the free maximum breaks a sign, the best of the curves with one or
 * both at 0. (The authors' package drops one and does not look at the other's sign again.) s is kept inside
 * 2^-52 .. 1 - 2^-52. Where the scores separate the labels the likelihood has no maximum; Platt's targets give one, and a notice
 * says so. Throws `bad-option`.
 */
export function betaCalibrator(options: BetaOptions = {}): Calibrator {
  checkOptionNames('the beta calibrator', options, ['parameters']);
  const { parameters = 'abm' } = options;
  if (!['abm', 'am', 'ab'].includes(parameters)) {
    throw new CounterweightError(
      'bad-option',
      `parameters must be "abm", "am" or "ab", got ${JSON.stringify(parameters)}`,
    );
  }
  const fit = (rows: BinaryRows) => fitBeta(rows, parameters);
  return oneVersusRestCalibrator({ name: 'beta', needsBothLabels: true, fit }, 'probabilities');
}

/** Reads what `toJSON` wrote. Throws `bad-model`. */
export function betaFromJSON(json: unknown): Calibration {
  return oneVersusRestFromJSON('beta', json, (fields) => {
    const [a, b] = [fields.number('a'), fields.number('b')];
    fields.require('a', a >= 0);
    fields.require('b', b >= 0);
    return betaMap({ a, b, c: fields.number('c') });
  });
}

function fitBeta(rows: BinaryRows, parameters: BetaParameters) {
  const plain = bestCurve(rows, parameters, Float64Array.from(rows.labels));
  if (plain.converged) return { map: betaMap(plain), notices: [] };
  const notice = {
    code: 'separable-scores',
    severity: 'warning' as const,
    message:
      'The likelihood has no single maximum, as when the scores separate the classes or have only two values; smoothed labels were used.',
  };
  return { map: betaMap(bestCurve(rows, parameters, smoothedTargets(rows))), notices: [notice] };
}

function bestCurve(rows: BinaryRows, parameters: BetaParameters, targets: Float64Array): BetaCurve {
  const shift = parameters === 'ab' ? Math.LN2 : 0;
  const low = rows.scores.map((s) => Math.log(clipped(s)) + shift);
  const high = rows.scores.map((s) => -Math.log1p(-clipped(s)) - shift);
  const intercept = parameters !== 'ab';
  const fit = (...features: Float64Array[]) => fitLogistic({ features, targets, weights: rows.weights, intercept });
  const curve = (a: number, b: number, { intercept: c, loss, converged }: ReturnType<typeof fit>): BetaCurve => ({
    a,
    b,
    c: c + shift * (a - b),
    loss,
    converged,
  });
  const flat = () => curve(0, 0, fit());
  if (parameters === 'am') {
    const both = fit(low.map((value, row) => value + high[row]!));
    const slope = both.coefficients[0]!;
    return slope >= 0 ? curve(slope, slope, both) : flat();
  }
  const free = fit(low, high);
  const [a, b] = [free.coefficients[0]!, free.coefficients[1]!];
  if (a >= 0 && b >= 0) return curve(a, b, free);
  // Of a convex loss with its minimum outside the quarter plane, the minimum inside lies on an edge or at the corner.
  const onlyA = fit(low);
  const onlyB = fit(high);
  const edges = [curve(onlyA.coefficients[0]!, 0, onlyA), curve(0, onlyB.coefficients[0]!, onlyB)];
  const allowed = edges.filter((edge) => edge.a >= 0 && edge.b >= 0);
  return allowed.reduce((best, edge) => (edge.loss < best.loss ? edge : best), flat());
}

function betaMap({ a, b, c }: { readonly a: number; readonly b: number; readonly c: number }): BinaryMap {
  return {
    values: (scores) =>
      scores.map((score) => {
        const s = clipped(score);
        return sigmoid(a * Math.log(s) - b * Math.log1p(-s) + c);
      }),
    toJSON: () => ({ a, b, c }),
  };
}
