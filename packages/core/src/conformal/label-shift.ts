import { classCounts } from '../data/label-views.ts';
import type { Labels } from '../data/labels.ts';
import { type Matrix, matrix } from '../data/matrix.ts';
import { counted } from '../data/quoted.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { Notice } from '../runtime/notices.ts';
import { type CalibrationScores, calibrationScores } from './calibration-scores.ts';
import { calibrationFromJSON, calibrationToJSON, fieldReader } from './conformal-json.ts';
import { refuseExact, singleMatrix, tieBreakers } from './grouped-model.ts';
import { predictionSets } from './prediction-sets.ts';
import type {
  ConformalFitOptions,
  ConformalModel,
  ConformalPredictor,
  ConformalPValueOptions,
  ConformalSetOptions,
} from './predictor.ts';
import { requireAlpha } from './rank-rule.ts';
import { lac } from './scores/least-ambiguous.ts';
import type { ConformalOptions } from './split.ts';
import { allScores, rankedCalibration, weightedPValue, weightFrom } from './weighted-p-values.ts';

export const LABEL_SHIFT_KIND = 'label-shift';

/** A weighted sum may pass alpha by rounding alone; p-values this near to it count as equal to it. */
const ROUNDING = 1e-12;

export interface LabelShiftOptions extends ConformalOptions {
  /** Class shares where the sets will be used; those of calibration unless told, which is split conformal prediction. */
  readonly targetShares?: Float64Array | undefined;
  /** Class shares that the calibration rows were drawn with; those seen in them unless told. */
  readonly sourceShares?: Float64Array | undefined;
}

/**
 * Split conformal prediction under label shift: a calibration row of class y weighs π'_y / π_y, so that coverage holds
 * where the classes come with other shares than in the calibration rows (which may have been resampled). Podkopaev,
 * Ramdas (2021). Exact for known shares; with estimated ones as good as they are.
 *
 * A class with a target share but no calibration row cannot be weighed: its label is in every set, with a notice.
 * Throws `bad-shares`.
 */
export function labelShiftConformal(options: LabelShiftOptions = {}): ConformalPredictor {
  const { score = lac(), seed = 0, targetShares, sourceShares } = options;
  const fit = (probabilities: Matrix, labels: Labels, fitOptions: ConformalFitOptions = {}) => {
    const calibration = calibrationScores(probabilities, labels, { score, seed, u: fitOptions.u });
    const counts = classCounts(labels);
    if (!targetShares)
      return labelShiftModel(calibration, new Float64Array(counts.length).fill(1), new Int32Array(counts.length));
    const target = shares('targetShares', targetShares, counts.length);
    const source = sourceShares
      ? shares('sourceShares', sourceShares, counts.length)
      : Float64Array.from(counts, (count) => count / Math.max(1, labels.codes.length));
    const unknown = counts.map((count, code) => (count === 0 && target[code]! > 0 ? 1 : 0));
    return labelShiftModel(calibration, classWeights(counts, target, source), unknown);
  };
  return Object.freeze({ name: LABEL_SHIFT_KIND, fit });
}

/** Reads what `toJSON` wrote. Throws `bad-model`. */
export function labelShiftConformalFromJSON(json: unknown): ConformalModel {
  const read = fieldReader(json, LABEL_SHIFT_KIND);
  const calibration = calibrationFromJSON(read);
  const weights = read.numbers('weights', calibration.classes.length);
  if (!weights.every((weight) => weight >= 0)) throw read.fail('weights');
  return labelShiftModel(calibration, weights, read.codes('unknown', calibration.classes.length, 2));
}

/** π' / π of each class that has calibration rows. */
function classWeights(counts: Int32Array, target: Float64Array, source: Float64Array): Float64Array {
  return target.map((share, code) => {
    if (counts[code] === 0) return 0;
    if (source[code] !== 0) return share / source[code]!;
    const message = `class ${code} has calibration rows but a source share of 0`;
    throw new CounterweightError('bad-shares', message, { class: code });
  });
}

function shares(name: string, given: Float64Array, classes: number): Float64Array {
  const total = given.reduce((sum, share) => sum + share, 0);
  if (given.length !== classes || !given.every((share) => share >= 0) || !(total > 0 && Number.isFinite(total))) {
    throw new CounterweightError(
      'bad-shares',
      `${name} must have one number of at least 0 for each of ${classes} classes, not all 0`,
    );
  }
  return given.map((share) => share / total);
}

function labelShiftModel(calibration: CalibrationScores, weights: Float64Array, unknown: Int32Array): ConformalModel {
  const { classes, scores, codes, seed } = calibration;
  const ranked = rankedCalibration(scores, codes);
  const from = weightFrom(ranked, weights);
  const pValues = (given: Matrix | readonly Matrix[], options: ConformalPValueOptions = {}) => {
    const all = allScores(calibration, singleMatrix(given), options.u);
    const ties = tieBreakers(all.rows, seed, options);
    const out = all.data.map((score, at) => {
      const label = at % classes.length;
      const v = ties ? ties[Math.floor(at / classes.length)]! : -1;
      if (unknown[label]) return v < 0 ? 1 : v;
      return weightedPValue(ranked.sorted, from, score, weights[label]!, v);
    });
    return matrix(out, all.rows, classes.length);
  };
  return Object.freeze({
    name: LABEL_SHIFT_KIND,
    classes,
    notices: Object.freeze(unweighable(unknown)),
    pValues,
    sets: (given: Matrix | readonly Matrix[], options: ConformalSetOptions) => {
      requireAlpha(options.alpha);
      refuseExact(LABEL_SHIFT_KIND, options);
      const { data } = pValues(given, { u: options.u });
      const members = Uint8Array.from(data, (p) => (p > options.alpha + ROUNDING ? 1 : 0));
      return predictionSets(members, classes, options.alpha);
    },
    toJSON: () => ({
      ...calibrationToJSON(LABEL_SHIFT_KIND, calibration),
      weights: [...weights],
      unknown: [...unknown],
    }),
  });
}

function unweighable(unknown: Int32Array): Notice[] {
  const count = unknown.reduce((sum, flag) => sum + flag, 0);
  if (count === 0) return [];
  return [
    {
      code: 'class-without-calibration-rows',
      severity: 'warning',
      message: `${counted(count, 'class', 'classes')} of the target had no calibration rows and will be in every set`,
      numbers: { classes: count },
    },
  ];
}
