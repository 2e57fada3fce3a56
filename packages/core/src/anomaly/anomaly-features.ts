import { modelFields } from '../calibrate/model-fields.ts';
import { requireNumericRows } from '../data/check-dataset.ts';
import type { NumericRows } from '../data/dataset.ts';
import { stratifiedFolds } from '../data/folds.ts';
import { type Matrix, matrix } from '../data/matrix.ts';
import { selectNumericRows } from '../data/select-numeric-rows.ts';
import { denseRows } from '../neighbors/dense-rows.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { Notice } from '../runtime/notices.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import { checkKnown } from './check-options.ts';
import { requireDetector } from './check-use.ts';
import type { AnomalyModel, AnomalyModelJSON, Detector } from './detector.ts';
import { detectorFromJSON } from './registry.ts';

export interface AnomalyFeatureOptions {
  readonly detectors: readonly Detector[];
  /** Default 5. */
  readonly folds?: number | undefined;
  /** Codes of rows that must stay in one fold. */
  readonly groups?: Int32Array | undefined;
  /** Decides the folds. Default 0. */
  readonly seed?: number | undefined;
}

export interface AnomalyFeatures {
  /** The training rows with one column a detector on the right: scores of models that have not seen the row. */
  readonly X: Matrix;
  /** Fitted to all rows; their scores are the columns of new rows. */
  readonly models: readonly AnomalyModel[];
  readonly notices: readonly Notice[];
  /** New rows with the same columns. Throws as `AnomalyModel.score`. */
  transform(X: NumericRows, options?: RunOptions): Promise<Matrix>;
  toJSON(): AnomalyModelJSON;
}

const KIND = 'anomaly-features';

/**
 * Adds scores of detectors as columns, for a learner to use beside the others (Zhao and Hryniewicz, "XGBOD", IJCNN 2018). Scores of training
 * rows are out of fold, so that they mean there what they mean for new rows: a detector takes rows it was fitted to for too
 * ordinary. Labels play no part. Throws `bad-option`, `too-few-rows`, `too-few-groups`, and as the detectors.
 */
export async function anomalyFeatures(
  X: NumericRows,
  options: AnomalyFeatureOptions,
  run?: RunOptions,
): Promise<AnomalyFeatures> {
  checkKnown(KIND, options, ['detectors', 'folds', 'groups', 'seed']);
  const { detectors, folds: asked = 5, groups, seed = 0 } = options;
  if (!Array.isArray(detectors) || detectors.length === 0) {
    throw new CounterweightError('bad-option', 'detectors must name at least one detector');
  }
  detectors.forEach((detector, d) => {
    requireDetector(`detectors[${d}]`, detector);
  });
  requireNumericRows(X);
  const rows = denseRows(X);
  const labels = { codes: new Int32Array(rows.rows), classes: ['row'] };
  const { folds, notices } = stratifiedFolds({ labels, folds: asked, seed, groups });
  const scores = detectors.map(() => new Float64Array(rows.rows));
  for (const { train, validate } of folds) {
    const fitted = selectNumericRows(rows, train);
    const held = selectNumericRows(rows, validate);
    for (const [d, detector] of detectors.entries()) {
      const found = await (await detector.fit(fitted, run)).score(held, run);
      for (let i = 0; i < validate.length; i++) scores[d]![validate[i]!] = found[i]!;
    }
  }
  const models: AnomalyModel[] = [];
  for (const detector of detectors) models.push(await detector.fit(rows, run));
  const all = [...notices, ...models.flatMap((model) => model.notices)];
  return Object.freeze({ X: withColumns(rows, scores), ...transformer(models), notices: Object.freeze(all) });
}

function transformer(models: readonly AnomalyModel[]): Pick<AnomalyFeatures, 'models' | 'transform' | 'toJSON'> {
  return {
    models: Object.freeze([...models]),
    async transform(X: NumericRows, run?: RunOptions) {
      const scores: Float64Array[] = [];
      for (const model of models) scores.push(await model.score(X, run));
      return withColumns(denseRows(X), scores);
    },
    toJSON: () => ({ kind: KIND, models: models.map((model) => model.toJSON()) }),
  };
}

function withColumns({ rows, columns, data }: Matrix, added: readonly Float64Array[]): Matrix {
  const width = columns + added.length;
  const wide = new Float64Array(rows * width);
  for (let i = 0; i < rows; i++) {
    wide.set(data.subarray(i * columns, (i + 1) * columns), i * width);
    for (let d = 0; d < added.length; d++) wide[i * width + columns + d] = added[d]![i]!;
  }
  return matrix(wide, rows, width);
}

/** The part that serves new rows. Throws `bad-model`. */
export function anomalyFeaturesFromJSON(json: unknown): Pick<AnomalyFeatures, 'models' | 'transform' | 'toJSON'> {
  const fields = modelFields(json, 'anomaly features');
  fields.oneOf('kind', KIND);
  const models = fields.list('models').map(detectorFromJSON);
  fields.require('models', models.length > 0 && models.every(({ columns }) => columns === models[0]!.columns));
  return Object.freeze(transformer(models));
}
