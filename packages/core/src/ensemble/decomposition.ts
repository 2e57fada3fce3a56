import { type Calibration, type Calibrator, calibrationFromJSON } from '../calibrate/index.ts';
import { checkColumnCount } from '../data/check-dataset.ts';
import type { Dataset, NumericRows } from '../data/dataset.ts';
import { stratifiedFolds } from '../data/folds.ts';
import type { Classes } from '../data/labels.ts';
import { type Matrix, matrix } from '../data/matrix.ts';
import { modelFields } from '../data/model-fields.ts';
import { subsetDataset } from '../data/subset-dataset.ts';
import type { Learner, Model, ModelJSON } from '../learn/learner.ts';
import { type TrainingRows, trainingRows } from '../learn/logistic-data.ts';
import { logisticRegression } from '../learn/logistic-regression.ts';
import { absentClasses } from '../learn/trees/absent-classes.ts';
import { checkOptions, checkWhole } from '../resample/options.ts';
import { addNewCodes, type Notice } from '../runtime/notices.ts';
import { type RunOptions, throwIfAborted } from '../runtime/run-options.ts';
import { type Code, type Coding, classesFromTasks, codeMatrix } from './code-matrix.ts';
import { checkFitted } from './member-parts.ts';

export interface DecompositionOptions {
  /** Learns every task of two sides. Default logistic regression. */
  readonly learner?: Learner | undefined;
  /** Calibrates every task, on the probabilities of rows held out by three folds, before tasks are put together. */
  readonly calibrator?: Calibrator | undefined;
  /** Random tasks of output codes with more than five classes. Default 15 log2 of their number. */
  readonly tasks?: number | undefined;
  /** Default 0. */
  readonly seed?: number | undefined;
}

interface Task {
  readonly model: Model;
  readonly calibration: Calibration | null;
}

const SIDES: Classes = Object.freeze([0, 1]);

/** One class against the rest for every class; probabilities are divided by their sum. */
export const oneVersusRest = (options: DecompositionOptions = {}): Learner => decomposition('one-vs-rest', options);

/** Every pair of classes; probabilities are coupled (Price et al. 1995). */
export const oneVersusOne = (options: DecompositionOptions = {}): Learner => decomposition('one-vs-one', options);

/** Error-correcting output codes (Dietterich and Bakiri 1995), put together by likelihood and not by distance. */
export const outputCodes = (options: DecompositionOptions = {}): Learner => decomposition('output-codes', options);

function decomposition(name: Coding, options: DecompositionOptions): Learner {
  checkOptions(name, options, ['learner', 'calibrator', 'tasks', 'seed']);
  checkWhole('tasks', options.tasks, 2);
  checkFitted('learner', 'a learner', options.learner);
  checkFitted('calibrator', 'a calibrator', options.calibrator);
  const { learner = logisticRegression(), calibrator, tasks, seed = 0 } = options;
  const fit = async (data: Dataset, run?: RunOptions): Promise<Model> => {
    const training = trainingRows(data);
    const { present } = training;
    const codes = codeMatrix(name, present.length, seed, tasks);
    const notices: Notice[] = absentClasses(data.y.classes, present);
    const fitted: Task[] = [];
    for (const [t, code] of codes.entries()) {
      throwIfAborted(run?.signal);
      const sides = taskRows(data, training, code);
      const model = await learner.fit(sides, run);
      const calibration = calibrator ? await calibrated(sides, learner, calibrator, seed, notices, run) : null;
      fitted.push({ model, calibration });
      run?.onProgress?.({ task: name, done: t + 1, total: codes.length });
    }
    return decomposedModel({
      name,
      classes: data.y.classes,
      columns: data.X.columns,
      present,
      codes,
      tasks: fitted,
      notices,
    });
  };
  return Object.freeze({ name, fit });
}

/** The rows of a task: class 1 for its first side. Rows that take no part weigh 0, so nothing is copied. */
function taskRows({ X }: Dataset, { kept, count, labels, weights }: TrainingRows, code: Code) {
  const codes = new Int32Array(X.rows);
  const own = new Float64Array(X.rows);
  for (let i = 0; i < count; i++) {
    const row = kept ? kept[i]! : i;
    const side = code[labels[i]!]!;
    codes[row] = side > 0 ? 1 : 0;
    own[row] = side === 0 ? 0 : weights[i]!;
  }
  return { X, y: { codes, classes: SIDES }, weights: own };
}

async function calibrated(
  data: Dataset & { readonly weights: Float64Array },
  learner: Learner,
  calibrator: Calibrator,
  seed: number,
  notices: Notice[],
  run?: RunOptions,
): Promise<Calibration | null> {
  const { weights } = data;
  const inside = Int32Array.from(weights.keys()).filter((row) => weights[row]! > 0);
  const part = (rows: Int32Array) => subsetDataset(data, rows);
  const whole = part(inside);
  const ones = whole.y.codes.reduce((sum, code) => sum + code, 0);
  if (Math.min(ones, inside.length - ones) < 2) {
    const message = 'a task has a side of one row, too few to hold any out; it is not calibrated';
    addNewCodes(notices, [{ code: 'not-calibrated', severity: 'warning', message }]);
    return null;
  }
  const scores = new Float64Array(2 * inside.length);
  for (const fold of stratifiedFolds({ labels: whole.y, folds: 3, seed }).folds) {
    const model = await learner.fit(part(fold.train.map((at) => inside[at]!)), run);
    const p = await model.predictProba(part(fold.validate.map((at) => inside[at]!)).X, run);
    fold.validate.forEach((at, i) => {
      scores.set(p.data.subarray(2 * i, 2 * i + 2), 2 * at);
    });
  }
  return calibrator.fit(matrix(scores, inside.length, 2), whole.y, { ...run, weights: whole.weights });
}

interface DecomposedParts {
  readonly name: Coding;
  readonly classes: Classes;
  readonly columns: number;
  readonly present: readonly number[];
  readonly codes: readonly Code[];
  readonly tasks: readonly Task[];
  readonly notices: readonly Notice[];
}

function decomposedModel(parts: DecomposedParts): Model {
  const { name, classes, columns, present, codes, tasks, notices } = parts;
  const predictProba = async (X: NumericRows, options?: RunOptions): Promise<Matrix> => {
    checkColumnCount(X, columns);
    const chances: Matrix[] = [];
    for (const { model, calibration } of tasks) {
      const p = await model.predictProba(X, options);
      chances.push(calibration ? calibration.apply(p) : p);
    }
    const result = new Float64Array(X.rows * classes.length);
    for (let i = 0; i < X.rows; i++) {
      const shares = classesFromTasks(
        name,
        codes,
        chances.map((p) => p.data[2 * i + 1]!),
      );
      shares.forEach((share, k) => {
        result[i * classes.length + present[k]!] = share;
      });
    }
    return matrix(result, X.rows, classes.length);
  };
  return Object.freeze({
    name,
    classes,
    notices: Object.freeze([...notices]),
    predictProba,
    toJSON: () => ({
      kind: name,
      version: 1,
      classes,
      columns,
      present,
      codes,
      tasks: tasks.map(({ model, calibration }) => ({
        model: model.toJSON(),
        calibration: calibration ? calibration.toJSON() : null,
      })),
      notices,
    }),
  });
}

/** Reads what `toJSON` wrote; `read` reads the tasks' models. Throws `bad-model`. */
export function decomposedModelFromJSON(name: Coding, json: ModelJSON, read: (model: ModelJSON) => Model): Model {
  const fields = modelFields(json, `${name} model`);
  fields.oneOf('kind', name);
  fields.oneOf('version', 1);
  const classes = fields.classes('classes');
  const present = [...fields.numbers('present')];
  const isPlace = (code: number, i: number) =>
    Number.isInteger(code) && code < classes.length && code > (present[i - 1] ?? -1);
  fields.require('present', present.length >= 2 && present.every(isPlace));
  const codes = fields.list('codes') as readonly Code[];
  const isCode = (code: unknown) =>
    Array.isArray(code) &&
    code.length === present.length &&
    [-1, 1].every((side) => code.includes(side)) &&
    code.every((side) => side === -1 || side === 0 || side === 1);
  fields.require('codes', codes.length > 0 && codes.every(isCode) && (codes.length > 1 || present.length === 2));
  const written = fields.list('tasks') as readonly { readonly model?: ModelJSON; readonly calibration?: unknown }[];
  fields.require('tasks', written.length === codes.length && written.every((task) => task?.model));
  const tasks = written.map(({ model, calibration }) => ({
    model: read(model!),
    calibration: calibration === null ? null : calibrationFromJSON(calibration),
  }));
  fields.require(
    'tasks',
    tasks.every(({ model }) => model.classes.length === 2) &&
      written.every(({ model }) => model!['columns'] === fields.count('columns')),
  );
  const notices = fields.notices('notices');
  return decomposedModel({ name, classes, columns: fields.count('columns'), present, codes, tasks, notices });
}
