import {
  type Calibrator,
  heldOutRecalibration,
  type PriorCorrection,
  priorCorrection,
  type Recalibration,
  type RecalibrationDecision,
  type RecalibrationResult,
  recalibrationFromJSON,
} from '../calibrate/index.ts';
import { modelFields } from '../calibrate/model-fields.ts';
import type { Dataset, NumericRows } from '../data/dataset.ts';
import type { Learner, Model, ModelJSON } from '../learn/index.ts';
import type { Resampler } from '../resample/resampler.ts';
import type { Notice } from '../runtime/notices.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import {
  type CalibrationFold,
  fitFolds,
  foldsFor,
  gathered,
  type ModelReader,
  registeredModel,
} from './calibrated-learner.ts';
import { mergeNotices } from './merge-notices.ts';
import { resamplerTreatment, type Treatment, treatmentNamed, weightShares } from './treatments.ts';

export interface AutoCalibratedOptions {
  readonly learner: Learner;
  /** What is done about the imbalance before the learner sees the rows: a resampler, or a name such as `class-weight` or `smote`. */
  readonly treatment: Resampler | string;
  /** What mends probabilities that no correction puts right; see `RecalibrationOptions`. */
  readonly calibrator?: Calibrator | undefined;
  /** As in `CalibratedLearnerOptions`. */
  readonly folds?: number | readonly CalibrationFold[] | undefined;
  /** Level of the calibration check, default 0.95. */
  readonly level?: number | undefined;
  readonly seed: number;
}

/** Which correction was used, and how the probabilities out of fold fared without and with it. */
export interface AutoCalibrationReport extends Omit<RecalibrationResult, 'recalibration' | 'notices'> {
  readonly decision: RecalibrationDecision;
  /** Shares of the classes in the data, and in what the learner saw after the treatment. */
  readonly trueShares: Float64Array;
  readonly seenShares: Float64Array;
  readonly folds: number;
}

/** A model with calibrated probabilities. */
export interface AutoCalibratedModel extends Model {
  /** The treated model as the learner made it. */
  readonly raw: Model;
  readonly recalibration: Recalibration;
  /** Null in a model read from JSON. */
  readonly report: AutoCalibrationReport | null;
}

export interface AutoCalibratedLearner extends Learner {
  fit(data: Dataset, options?: RunOptions): Promise<AutoCalibratedModel & { readonly report: AutoCalibrationReport }>;
}

/**
 * A learner that treats the imbalance and whose models come out calibrated all the same.
 *
 * Each fold is treated, learned from and scores what it holds out. The prior correction by the change of class shares is kept
 * if these scores pass the calibration check with it; if they pass without it, it is left out; if both fail, a calibrator is fitted to
 * the corrected scores (`heldOutRecalibration`). The final model learns from all rows, treated. `fit` throws as
 * `calibratedLearner`, the treatment and the learner; the factory throws `unknown-strategy`.
 *
 * @example
 * const learner = autoCalibrated({ learner: logisticRegression(), treatment: smote({ seed: 1 }), seed: 1 });
 * const model = await learner.fit(data);
 * model.report.decision; // 'prior-correction'
 */
export function autoCalibrated(options: AutoCalibratedOptions): AutoCalibratedLearner {
  const { learner, calibrator, level, seed } = options;
  const treatment = treatmentOf(options.treatment);
  return Object.freeze({
    name: `auto-calibrated/${treatment.name}/${learner.name}`,
    fit: async (data: Dataset, run: RunOptions = {}) => {
      const { folds, notices } = foldsFor(data, options.folds ?? 5, seed);
      const treated = await fitFolds(
        data,
        folds,
        async (training) => learner.fit((await treatment.treat(training, seed, run)).data, run),
        run,
      );
      const whole = await treatment.treat(data, seed, run);
      const raw = await learner.fit(whole.data, run);
      const trueShares = weightShares(data.y, data.weights);
      const correction = priorCorrection({ trueShares, seenShares: whole.seenShares });
      const found = await heldOutRecalibration({
        probabilities: gathered(treated, data),
        y: data.y,
        weights: data.weights,
        correction,
        level,
        calibrator,
        signal: run.signal,
      });
      return modelOf(
        raw,
        found.recalibration,
        reportOf(found, correction, folds.length),
        mergeNotices([notices, whole.notices, raw.notices, found.notices]),
      );
    },
  });
}

/** Reads what `toJSON` wrote. `read` reads models of learners that are not in `learners`. Throws `bad-model`. */
export function autoCalibratedModelFromJSON(json: unknown, read: ModelReader = registeredModel): AutoCalibratedModel {
  const fields = modelFields(json, 'auto-calibrated model');
  fields.oneOf('kind', 'auto-calibrated');
  fields.oneOf('version', 1);
  const model = fields.any('model');
  fields.require('model', typeof model === 'object' && model !== null);
  const raw = read(model as ModelJSON);
  const recalibration = recalibrationFromJSON(fields.any('recalibration'));
  const { correction, calibration } = recalibration;
  fields.require('recalibration', correction === null || correction.trueShares.length === raw.classes.length);
  fields.require(
    'recalibration',
    calibration === null || JSON.stringify(calibration.classes) === JSON.stringify(raw.classes),
  );
  return modelOf(raw, recalibration, null, fields.notices('notices'));
}

function treatmentOf(asked: string | Resampler): Treatment {
  return typeof asked === 'string' ? treatmentNamed(asked) : resamplerTreatment(asked.name, asked.name, () => asked);
}

function reportOf(found: RecalibrationResult, correction: PriorCorrection, folds: number): AutoCalibrationReport {
  const { recalibration, raw, corrected, recalibrated } = found;
  const { trueShares, seenShares } = correction;
  return Object.freeze({
    decision: recalibration.decision,
    raw,
    corrected,
    recalibrated,
    trueShares,
    seenShares,
    folds,
  });
}

function modelOf<Report extends AutoCalibrationReport | null>(
  raw: Model,
  recalibration: Recalibration,
  report: Report,
  found: readonly Notice[],
): AutoCalibratedModel & { readonly report: Report } {
  const notices = Object.freeze([...found]);
  return Object.freeze({
    classes: raw.classes,
    notices,
    raw,
    recalibration,
    report,
    predictProba: async (X: NumericRows, run?: RunOptions) => recalibration.apply(await raw.predictProba(X, run)),
    toJSON: (): ModelJSON => ({
      kind: 'auto-calibrated',
      version: 1,
      model: raw.toJSON(),
      recalibration: recalibration.toJSON(),
      notices,
    }),
  });
}
