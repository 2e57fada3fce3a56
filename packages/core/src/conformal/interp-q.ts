import type { Labels } from '../data/labels.ts';
import type { Matrix } from '../data/matrix.ts';
import { CounterweightError } from '../runtime/errors.ts';
import { type CalibrationScores, calibrationScores } from './calibration-scores.ts';
import { calibrationFromJSON, calibrationToJSON, fieldReader } from './conformal-json.ts';
import { groupBounds, groupTable } from './group-bounds.ts';
import { refuseExact, singleMatrix } from './grouped-model.ts';
import type { ConformalFitOptions, ConformalModel, ConformalPredictor, ConformalSetOptions } from './predictor.ts';
import { lac } from './scores/least-ambiguous.ts';
import type { ConformalOptions } from './split.ts';
import { setsByThreshold } from './threshold-sets.ts';

export const INTERP_Q_KIND = 'interp-q';

export interface InterpQOptions extends ConformalOptions {
  /** Weight τ of the class's own bound, from 0 (split) to 1 (Mondrian); 0.5 unless told. */
  readonly tau?: number | undefined;
}

/**
 * Interp-Q: the bound of a class is τ times its own plus 1 - τ times that of all rows, an infinite own bound counting as
 * the largest score there is. Between the marginal and the class-conditional guarantee, with neither proved.
 * Ding, Fermanian, Salmon (2026). Throws `bad-option` unless τ lies in 0 .. 1.
 */
export function interpQ(options: InterpQOptions = {}): ConformalPredictor {
  const { score = lac(), seed = 0, tau = 0.5 } = options;
  if (!(tau >= 0 && tau <= 1)) throw new CounterweightError('bad-option', `tau must lie in 0 to 1, got ${tau}`);
  const fit = (probabilities: Matrix, labels: Labels, fitOptions: ConformalFitOptions = {}) =>
    interpQModel(calibrationScores(probabilities, labels, { score, seed, u: fitOptions.u }), tau);
  return Object.freeze({ name: INTERP_Q_KIND, fit });
}

/** Reads what `toJSON` wrote. Throws `bad-model`. */
export function interpQFromJSON(json: unknown): ConformalModel {
  const read = fieldReader(json, INTERP_Q_KIND);
  const tau = read.number('tau', (value) => value >= 0 && value <= 1);
  return interpQModel(calibrationFromJSON(read), tau);
}

function interpQModel(calibration: CalibrationScores, tau: number): ConformalModel {
  const { classes, score } = calibration;
  const groupOfClass = Int32Array.from(classes, (_label, code) => code);
  const table = groupTable(calibration, { groupOfClass, groups: classes.length }, 'pooled');
  const largest = score.largest(classes.length);
  const thresholds = (alpha: number) => {
    const bounds = groupBounds(table, alpha);
    const all = bounds[table.pooled]!;
    const mixed = (own: number) => {
      if (tau === 0 || all === Number.POSITIVE_INFINITY) return all;
      return tau === 1 ? own : tau * Math.min(own, largest) + (1 - tau) * all;
    };
    return Float64Array.from(classes, (_label, code) => mixed(bounds[code]!));
  };
  return Object.freeze({
    name: INTERP_Q_KIND,
    classes,
    notices: Object.freeze([]),
    thresholds,
    sets: (probabilities: Matrix | readonly Matrix[], options: ConformalSetOptions) => {
      refuseExact(INTERP_Q_KIND, options);
      return setsByThreshold(calibration, thresholds(options.alpha), singleMatrix(probabilities), options, []);
    },
    toJSON: () => ({ ...calibrationToJSON(INTERP_Q_KIND, calibration), tau }),
  });
}
