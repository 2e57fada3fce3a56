import { modelFields } from '../calibrate/model-fields.ts';
import { requireNumericRows } from '../data/check-dataset.ts';
import type { NumericRows } from '../data/dataset.ts';
import { selectNumericRows } from '../data/select-numeric-rows.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { Notice } from '../runtime/notices.ts';
import { randomStream } from '../runtime/random.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import { anomalyPValues, sortedScores } from './anomaly-p-values.ts';
import { anomalyThreshold } from './anomaly-threshold.ts';
import { checkKnown } from './check-options.ts';
import { requireDetector } from './check-use.ts';
import type { AnomalyModel, AnomalyModelJSON, Detector } from './detector.ts';
import { detectorFromJSON } from './registry.ts';

export interface ConformalDetectorOptions {
  readonly detector: Detector;
  /** Share of the rows held out to calibrate, above 0 and below 1. Default 0.3. */
  readonly calibrationSize?: number | undefined;
  /** Decides which rows are held out. Default 0. */
  readonly seed?: number | undefined;
}

export interface ConformalAnomalyModel {
  readonly model: AnomalyModel;
  /** Scores of the rows held out, ascending. */
  readonly calibrationScores: Float64Array;
  readonly notices: readonly Notice[];
  /** One a row, see `anomalyPValues`. Throws as `AnomalyModel.score`. */
  pValues(X: NumericRows, options?: RunOptions): Promise<Float64Array>;
  /** The threshold on `model.score` that holds an alarm rate, see `anomalyThreshold`. */
  threshold(alarmRate: number): ReturnType<typeof anomalyThreshold>;
  toJSON(): AnomalyModelJSON;
}

const KIND = 'conformal-detector';

/**
 * A detector whose alarms can be counted: it is fitted to a part of the rows and calibrated on the others, so that its p-values hold
 * for new rows drawn as these (split conformal prediction).
 *
 * `fit` throws `too-few-rows` unless two rows are left to fit and one to calibrate, `bad-option`, and as the detector.
 *
 * ```ts
 * const watch = await conformalDetector({ detector: isolationForest() }).fit(X);
 * const { threshold } = watch.threshold(0.01); // one false alarm in a hundred ordinary rows
 * ```
 */
export function conformalDetector(options: ConformalDetectorOptions) {
  checkKnown(KIND, options, ['detector', 'calibrationSize', 'seed']);
  const { detector, calibrationSize = 0.3, seed = 0 } = options;
  requireDetector('detector', detector);
  if (!(calibrationSize > 0 && calibrationSize < 1)) {
    const message = `calibrationSize must be above 0 and below 1, got ${String(calibrationSize)}`;
    throw new CounterweightError('bad-option', message);
  }
  return Object.freeze({
    name: detector.name,
    async fit(X: NumericRows, run?: RunOptions): Promise<ConformalAnomalyModel> {
      requireNumericRows(X);
      const held = Math.max(1, Math.round(calibrationSize * X.rows));
      if (X.rows - held < 2) {
        const message = `two rows to fit and one to calibrate are needed, ${X.rows} rows give ${Math.max(0, X.rows - held)} to fit`;
        throw new CounterweightError('too-few-rows', message);
      }
      const order = randomStream(seed, KIND).permutation(X.rows);
      const model = await detector.fit(selectNumericRows(X, order.slice(held).sort()), run);
      const scores = await model.score(selectNumericRows(X, order.slice(0, held).sort()), run);
      return conformalModel(model, sortedScores(scores));
    },
  });
}

function conformalModel(model: AnomalyModel, calibrationScores: Float64Array): ConformalAnomalyModel {
  return Object.freeze({
    model,
    calibrationScores,
    notices: model.notices,
    pValues: async (X: NumericRows, options?: RunOptions) =>
      anomalyPValues(calibrationScores, await model.score(X, options)),
    threshold: (alarmRate: number) => anomalyThreshold({ scores: calibrationScores, alarmRate }),
    toJSON: () => ({ kind: KIND, model: model.toJSON(), calibrationScores: Array.from(calibrationScores) }),
  });
}

/** Throws `bad-model`. */
export function conformalDetectorFromJSON(json: unknown): ConformalAnomalyModel {
  const fields = modelFields(json, 'conformal detector');
  fields.oneOf('kind', KIND);
  const scores = fields.numbers('calibrationScores');
  fields.require('calibrationScores', scores.length > 0);
  return conformalModel(detectorFromJSON(fields.any('model')), scores.sort());
}
