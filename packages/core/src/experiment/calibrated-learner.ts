import { type Calibration, type Calibrator, calibrationFromJSON } from '../calibrate/index.ts';
import { modelFields } from '../calibrate/model-fields.ts';
import type { Dataset, NumericRows } from '../data/dataset.ts';
import { type Fold, stratifiedFolds } from '../data/folds.ts';
import type { Classes } from '../data/labels.ts';
import { type Matrix, matrix } from '../data/matrix.ts';
import { selectNumericRows } from '../data/select-numeric-rows.ts';
import { subsetDataset } from '../data/subset-dataset.ts';
import { ensembles } from '../ensemble/registry.ts';
import { type Learner, learners, type Model, type ModelJSON } from '../learn/index.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { Notice } from '../runtime/notices.ts';
import { randomStream } from '../runtime/random.ts';
import { type RunOptions, throwIfAborted } from '../runtime/run-options.ts';
import { mergeNotices } from './merge-notices.ts';

/** Which rows a fold learns from and which it calibrates on. */
export type CalibrationFold = Pick<Fold, 'train' | 'validate'>;

export interface CalibratedLearnerOptions {
  readonly learner: Learner;
  /** Gets the learner's probabilities. */
  readonly calibrator: Calibrator;
  /**
   * True (default): a model and a calibration a fold, whose probabilities are averaged. False: one calibration fitted to the
   * out-of-fold probabilities of all rows, and one model of all rows: smaller and faster to apply.
   */
  readonly ensemble?: boolean | undefined;
  /** Stratified folds (whole groups where the data has groups), or folds of one's own that together hold out every row once; default 5. */
  readonly folds?: number | readonly CalibrationFold[] | undefined;
  readonly seed: number;
}

/** A model and what puts its probabilities right. */
export interface CalibratedPart {
  readonly model: Model;
  readonly calibration: Calibration;
}

export interface CalibratedModel extends Model {
  /** One a fold with `ensemble`, else a single one. */
  readonly parts: readonly CalibratedPart[];
}

export interface CalibratedLearner extends Learner {
  fit(data: Dataset, options?: RunOptions): Promise<CalibratedModel>;
}

/** Reads the JSON of a learner's model. */
export type ModelReader = (json: ModelJSON) => Model;

/**
 * A learner whose models are calibrated on rows that they have not seen, as scikit-learn's `CalibratedClassifierCV`; the
 * calibrator always gets probabilities, where scikit-learn prefers decision values.
 *
 * A class with fewer rows (or groups) than folds gives fewer folds and the notice `fewer-folds`; scikit-learn refuses. `fit` throws
 * `too-few-rows` or `too-few-groups` where not even two folds are possible, `bad-option` for folds that do not hold out every row
 * once, and what the learner and the calibrator throw.
 */
export function calibratedLearner(options: CalibratedLearnerOptions): CalibratedLearner {
  const { learner, calibrator, ensemble = true, folds: asked = 5, seed } = options;
  return Object.freeze({
    name: `calibrated/${calibrator.name}/${learner.name}`,
    fit: async (data: Dataset, run: RunOptions = {}) => {
      const { folds, notices } = foldsFor(data, asked, seed);
      const fitted = await fitFolds(data, folds, (own) => learner.fit(own, run), run);
      const { signal } = run;
      if (!ensemble) {
        const outOfFold = gathered(fitted, data);
        const calibration = await calibrator.fit(outOfFold, data.y, { weights: data.weights, signal });
        const model = await learner.fit(data, run);
        return calibratedModel([{ model, calibration }], mergeNotices([notices, model.notices, calibration.notices]));
      }
      const parts: CalibratedPart[] = [];
      for (const { model, fold, probabilities } of fitted) {
        const held = subsetDataset(data, fold.validate);
        const calibration = await calibrator.fit(probabilities, held.y, { weights: held.weights, signal });
        parts.push({ model, calibration });
      }
      const said = parts.flatMap(({ model, calibration }) => [model.notices, calibration.notices]);
      return calibratedModel(parts, mergeNotices([notices, ...said]));
    },
  });
}

/** Reads what `toJSON` wrote. `read` reads models of learners that are not in `learners`. Throws `bad-model`. */
export function calibratedModelFromJSON(json: unknown, read: ModelReader = registeredModel): CalibratedModel {
  const fields = modelFields(json, 'calibrated model');
  fields.oneOf('kind', 'calibrated');
  fields.oneOf('version', 1);
  const list = fields.list('parts');
  fields.require('parts', list.length > 0);
  const parts = list.map((part) => {
    const own = modelFields(part, 'part of a calibrated model');
    const model = own.any('model');
    own.require('model', typeof model === 'object' && model !== null);
    return { model: read(model as ModelJSON), calibration: calibrationFromJSON(own.any('calibration')) };
  });
  const { classes } = parts[0]!.model;
  fields.require(
    'parts',
    parts.every(
      ({ model, calibration }) => sameClasses(model.classes, classes) && sameClasses(calibration.classes, classes),
    ),
  );
  return calibratedModel(parts, fields.notices('notices'));
}

/** Reads a model of any learner or ensemble of the registries. Throws `bad-model`. */
export function registeredModel(json: ModelJSON): Model {
  const entry = learners.find(({ name }) => name === json.kind) ?? ensembles.get(json.kind);
  if (!entry) throw new CounterweightError('bad-model', `no learner makes models of the kind ${String(json.kind)}`);
  return entry.fromJSON(json);
}

/** A learner's model of one fold with its probabilities of the rows held out. */
export interface FittedFold {
  readonly fold: CalibrationFold;
  readonly model: Model;
  readonly probabilities: Matrix;
}

/** Fits a model a fold by `fit` and lets it score what the fold holds out. */
export async function fitFolds(
  data: Dataset,
  folds: readonly CalibrationFold[],
  fit: (training: Dataset) => Promise<Model>,
  run: RunOptions,
): Promise<FittedFold[]> {
  const fitted: FittedFold[] = [];
  for (const fold of folds) {
    throwIfAborted(run.signal);
    const model = await fit(subsetDataset(data, fold.train));
    const probabilities = await model.predictProba(selectNumericRows(data.X, fold.validate), run);
    fitted.push({ fold, model, probabilities });
    run.onProgress?.({ task: 'folds', done: fitted.length, total: folds.length });
  }
  return fitted;
}

/** The probabilities of all rows out of fold, in the order of the rows. */
export function gathered(fitted: readonly FittedFold[], { y }: Dataset): Matrix {
  const columns = y.classes.length;
  const out = new Float64Array(y.codes.length * columns);
  for (const { fold, probabilities } of fitted) {
    fold.validate.forEach((row, i) => {
      out.set(probabilities.data.subarray(i * columns, (i + 1) * columns), row * columns);
    });
  }
  return matrix(out, y.codes.length, columns);
}

/** Folds of the data, or those given once checked. */
export function foldsFor(
  data: Dataset,
  asked: number | readonly CalibrationFold[],
  seed: number,
): { readonly folds: readonly CalibrationFold[]; readonly notices: readonly Notice[] } {
  if (typeof asked === 'number') {
    const foldSeed = randomStream(seed, 'calibrated learner').uint32();
    return stratifiedFolds({ labels: data.y, folds: asked, groups: data.groups, seed: foldSeed });
  }
  const rows = data.y.codes.length;
  const times = new Int32Array(rows);
  for (const { train, validate } of asked) {
    for (const row of validate) times[row]! += row >= 0 && row < rows ? 1 : 2;
    if (train.some((row) => !(row >= 0 && row < rows))) times[0] = 2;
  }
  if (asked.length < 2 || times.some((count) => count !== 1)) {
    throw new CounterweightError(
      'bad-option',
      'folds must be two or more that together hold out every row exactly once',
    );
  }
  return { folds: asked, notices: [] };
}

function calibratedModel(parts: readonly CalibratedPart[], found: readonly Notice[]): CalibratedModel {
  const { classes } = parts[0]!.model;
  const notices = Object.freeze([...found]);
  return Object.freeze({
    classes,
    notices,
    parts: Object.freeze(parts.map((part) => Object.freeze(part))),
    predictProba: async (X: NumericRows, run: RunOptions = {}) => {
      const sums = new Float64Array(X.rows * classes.length);
      for (const { model, calibration } of parts) {
        throwIfAborted(run.signal);
        const { data } = calibration.apply(await model.predictProba(X, run));
        for (let at = 0; at < sums.length; at++) sums[at] = sums[at]! + data[at]!;
      }
      return matrix(
        sums.map((sum) => sum / parts.length),
        X.rows,
        classes.length,
      );
    },
    toJSON: (): ModelJSON => ({
      kind: 'calibrated',
      version: 1,
      parts: parts.map(({ model, calibration }) => ({ model: model.toJSON(), calibration: calibration.toJSON() })),
      notices,
    }),
  });
}

function sameClasses(a: Classes, b: Classes): boolean {
  return a.length === b.length && a.every((label, code) => label === b[code]);
}
