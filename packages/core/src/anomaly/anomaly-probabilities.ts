import type { Calibration, Calibrator } from '../calibrate/calibrator.ts';
import { modelFields } from '../calibrate/model-fields.ts';
import { calibrationFromJSON, calibratorByName } from '../calibrate/registry.ts';
import { requireLabels, requireNumericRows } from '../data/check-dataset.ts';
import { checkOptionNames } from '../data/check-option-names.ts';
import type { NumericRows } from '../data/dataset.ts';
import type { ClassLabel, Labels } from '../data/labels.ts';
import { matrix } from '../data/matrix.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { Notice } from '../runtime/notices.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import { strangeClass } from './anomaly-threshold.ts';
import { requireAnomalyModel } from './check-use.ts';
import type { AnomalyModel, AnomalyModelJSON } from './detector.ts';
import { detectorFromJSON } from './registry.ts';

export interface AnomalyProbabilityOptions {
  readonly model: AnomalyModel;
  /** Labelled rows that the model was not fitted to. */
  readonly X: NumericRows;
  readonly y: Labels;
  /** The class of strange rows; the rarer of two unless named. All others are taken together. */
  readonly positive?: ClassLabel | undefined;
  /** Name of a calibrator that takes any scores: `venn-abers` (the default), `isotonic` or `platt`. */
  readonly calibrator?: string | undefined;
}

export interface AnomalyProbabilities {
  readonly model: AnomalyModel;
  readonly calibration: Calibration;
  readonly positive: ClassLabel;
  readonly notices: readonly Notice[];
  /** Probability that each row is strange. Throws as `AnomalyModel.score`. */
  probabilities(X: NumericRows, options?: RunOptions): Promise<Float64Array>;
  toJSON(): AnomalyModelJSON;
}

const KIND = 'anomaly-probabilities';

/**
 * Turns scores of a detector into probabilities that a row is strange, by labels: scores alone say nothing of how likely that is, however
 * they are bent into 0 to 1. Throws `unknown-calibrator`, `bad-option`, `shape-mismatch`, `no-such-class`, `not-binary`, and as the
 * model and the calibrator.
 */
export async function anomalyProbabilities(
  options: AnomalyProbabilityOptions,
  run?: RunOptions,
): Promise<AnomalyProbabilities> {
  checkOptionNames('anomalyProbabilities', options, ['model', 'X', 'y', 'positive', 'calibrator']);
  const { model, X, y } = options;
  requireAnomalyModel(model);
  requireNumericRows(X);
  requireLabels(y);
  const calibrator: Calibrator = calibratorByName(options.calibrator ?? 'venn-abers').create({ input: 'scores' });
  if (y.codes.length !== X.rows) {
    throw new CounterweightError('shape-mismatch', `${X.rows} rows but ${y.codes.length} labels`);
  }
  const code = strangeClass(y, options.positive);
  const truth: Labels = { codes: y.codes.map((one) => (one === code ? 1 : 0)), classes: ['ordinary', 'strange'] };
  const scores = await model.score(X, run);
  const calibration = await calibrator.fit(matrix(scores, X.rows, 1), truth, { ...run });
  return probabilityModel(model, calibration, y.classes[code]!);
}

function probabilityModel(model: AnomalyModel, calibration: Calibration, positive: ClassLabel): AnomalyProbabilities {
  return Object.freeze({
    model,
    calibration,
    positive,
    notices: Object.freeze([...model.notices, ...calibration.notices]),
    async probabilities(X: NumericRows, run?: RunOptions) {
      const scores = await model.score(X, run);
      const { data } = calibration.apply(matrix(scores, scores.length, 1));
      return scores.map((_, row) => data[2 * row + 1]!);
    },
    toJSON: () => ({ kind: KIND, positive, model: model.toJSON(), calibration: calibration.toJSON() }),
  });
}

/** Throws `bad-model`. */
export function anomalyProbabilitiesFromJSON(json: unknown): AnomalyProbabilities {
  const fields = modelFields(json, 'anomaly probabilities');
  fields.oneOf('kind', KIND);
  const positive = fields.any('positive');
  fields.require('positive', typeof positive === 'string' || Number.isFinite(positive));
  const calibration = calibrationFromJSON(fields.any('calibration'));
  fields.require('calibration', calibration.classes.length === 2);
  return probabilityModel(detectorFromJSON(fields.any('model')), calibration, positive as ClassLabel);
}
