import type { Labels } from '../data/labels.ts';
import type { Matrix } from '../data/matrix.ts';
import { type CalibrationScores, calibrationScores } from './calibration-scores.ts';
import { calibrationFromJSON, fieldReader, tooFewPolicies } from './conformal-json.ts';
import { groupedModel } from './grouped-model.ts';
import type { ConformalFitOptions, ConformalModel, ConformalPredictor, TooFewPolicy } from './predictor.ts';
import { lac } from './scores/least-ambiguous.ts';
import type { ConformalScore } from './scores/score.ts';

export const SPLIT_KIND = 'split';

export interface ConformalOptions {
  /** LAC unless told. */
  readonly score?: ConformalScore | undefined;
  /** 0 unless told; randomised scores, smoothing and inner splits follow from it. */
  readonly seed?: number | undefined;
}

export interface SplitConformalOptions extends ConformalOptions {
  /** `full` unless told; too few rows are those of the whole calibration set. */
  readonly tooFew?: Exclude<TooFewPolicy, 'pooled'> | undefined;
}

/**
 * Split conformal prediction: the label is in the set if its score is at most the ⌈(n + 1)(1 - alpha)⌉-th smallest of n
 * calibration scores. Coverage over all rows is at least 1 - alpha, and at most 1 / (n + 1) more without ties; nothing is
 * promised for one class. Papadopoulos et al. (2002); Vovk, Gammerman, Shafer (2005).
 */
export function splitConformal(options: SplitConformalOptions = {}): ConformalPredictor {
  const { score = lac(), seed = 0, tooFew = 'full' } = options;
  const fit = (probabilities: Matrix, labels: Labels, fitOptions: ConformalFitOptions = {}) =>
    splitModel(calibrationScores(probabilities, labels, { score, seed, u: fitOptions.u }), tooFew);
  return Object.freeze({ name: SPLIT_KIND, fit });
}

/** Reads what `toJSON` wrote. Throws `bad-model`. */
export function splitConformalFromJSON(json: unknown): ConformalModel {
  const read = fieldReader(json, SPLIT_KIND);
  return splitModel(calibrationFromJSON(read), read.oneOf('tooFew', tooFewPolicies));
}

function splitModel(calibration: CalibrationScores, tooFew: TooFewPolicy): ConformalModel {
  const grouping = { groupOfClass: new Int32Array(calibration.classes.length), groups: 1 };
  return groupedModel({ name: SPLIT_KIND, calibration, grouping, tooFew, notices: [], fields: { tooFew } });
}
