import type { Recalibration } from '../../calibrate/index.ts';
import { modelFields } from '../../data/model-fields.ts';
import { CounterweightError } from '../../runtime/errors.ts';

/** What a recalibration does to scores: `factor` times the score, plus the shift of its class. */
export interface ScoreShift {
  readonly factor: number;
  /** Added to the score of each class of the recalibration; of two classes only their difference matters. */
  readonly shifts: Float64Array;
}

/**
 * A recalibration as a change of the scores whose softmax probabilities are: the prior correction is a shift by the logarithms
 * of its factors, temperature a factor, a beta calibration with a = b (`am`) a factor and a shift of the log-odds. It leaves
 * out that calibrations keep probabilities 2^-52 away from 0 and 1.
 *
 * Throws `not-exportable` for every other.
 */
export function scoreShift({ correction, calibration }: Recalibration, classes: number): ScoreShift {
  const shifts = new Float64Array(classes);
  if (correction && !correction.isIdentity) {
    const { trueShares, seenShares } = correction;
    for (let k = 0; k < classes; k++) {
      if (trueShares[k] === 0 && seenShares[k]! > 0) throw refused('a class that truly never occurs', 'correction');
      if (seenShares[k]! > 0) shifts[k] = Math.log(trueShares[k]! / seenShares[k]!);
    }
  }
  if (!calibration) return { factor: 1, shifts };
  const json = calibration.toJSON();
  const fields = modelFields(json, 'calibration');
  const scaled = (factor: number, added: ArrayLike<number>): ScoreShift => ({
    factor,
    shifts: shifts.map((shift, k) => factor * shift + added[k]!),
  });
  if (json.kind === 'temperature') return scaled(fields.number('inverseTemperature'), new Float64Array(classes));
  if (json.kind === 'beta' && classes === 2) {
    const map = fields.list('maps')[0];
    if (map === null) return { factor: 1, shifts };
    const beta = modelFields(map, 'calibration');
    if (beta.number('a') === beta.number('b')) return scaled(beta.number('a'), [0, beta.number('c')]);
  }
  if (json.kind === 'vector-scaling' && fields.numbers('present').length === classes) {
    const weights = fields.numbers('weights', classes);
    if (weights.every((weight) => weight === weights[0])) return scaled(weights[0]!, fields.numbers('biases', classes));
  }
  throw refused(json.kind, 'calibration');
}

function refused(what: string, part: string): CounterweightError {
  return new CounterweightError(
    'not-exportable',
    `XGBoost's format cannot hold the ${part} of this model's probabilities (${what}): it is no shift of scores; ONNX can`,
  );
}
