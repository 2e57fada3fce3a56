import { checkOptionNames } from '../data/check-option-names.ts';
import type { Dataset } from '../data/dataset.ts';
import type { Classes } from '../data/labels.ts';
import { matrix } from '../data/matrix.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { Notice } from '../runtime/notices.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import { type Work, withKernels } from '../runtime/work.ts';
import type { Learner, Model } from './learner.ts';
import { type LoadedRows, loadRows, type TrainingRows, trainingRows } from './logistic-data.ts';
import { LOGISTIC_KIND, type LogisticModel, logisticModel } from './logistic-model.ts';
import { type LogisticProblem, logisticProblem } from './logistic-problem.ts';
import { type Minimum, minimiseLogistic } from './minimise-logistic.ts';

export interface LogisticRegressionOptions {
  /** Inverse strength of the L2 penalty, as in scikit-learn; `Infinity` for none. Default 1. */
  readonly C?: number | undefined;
  /**
   * Largest Newton decrement sqrt(g' H^-1 g) of a converged fit, for the objective 1/2 |w|^2 + C sum_i s_i loss_i. With a
   * penalty it bounds the distance of the coefficients from the optimum. Default 1e-7.
   */
  readonly tolerance?: number | undefined;
  /** Newton iterations at most. Default 100. */
  readonly maxIterations?: number | undefined;
  /** A model of the same classes and columns to start from; the optimum is the same. */
  readonly warmStart?: Model | undefined;
}

export interface LogisticLearner extends Learner {
  readonly name: 'logistic-regression';
  fit(data: Dataset, options?: RunOptions): Promise<LogisticModel>;
}

/**
 * L2-penalised logistic regression, binary or multinomial, on dense or sparse rows, with weights: scikit-learn's
 * objective 1/2 |w|^2 + C sum_i s_i loss_i, the intercept free. Damped Newton; the linear systems by Cholesky where the
 * coefficients are few, by conjugate gradients where they are many.
 *
 * Rows of weight 0 are left out. A class of `y.classes` without rows gets probability 0 and a notice `class-absent`; a
 * fit that stops early carries a notice `not-converged`. `fit` throws `one-class`, `not-finite`, `shape-mismatch`,
 * `bad-weights`, and `no-optimum` where `C` is Infinity and the classes can be separated, or where values are so large (above
 * 1e150) that their squares are no numbers.
 *
 * @example
 * const model = await logisticRegression({ C: 0.1 }).fit({ X, y });
 * const probabilities = await model.predictProba(X);
 */
export function logisticRegression(options: LogisticRegressionOptions = {}): LogisticLearner {
  checkOptionNames('logistic regression', options, ['C', 'tolerance', 'maxIterations', 'warmStart']);
  const { C = 1, tolerance = 1e-7, maxIterations = 100, warmStart } = options;
  const refuse = (message: string) => {
    throw new CounterweightError('bad-option', message);
  };
  const isNumber = (value: unknown) => typeof value === 'number';
  if (!(isNumber(C) && C > 0)) refuse(`C must be a positive number or Infinity, got ${String(C)}`);
  if (!(isNumber(tolerance) && tolerance > 0 && tolerance < 1))
    refuse(`tolerance must lie between 0 and 1, got ${String(tolerance)}`);
  if (!Number.isInteger(maxIterations) || maxIterations < 1)
    refuse(`maxIterations must be a positive integer, got ${String(maxIterations)}`);

  const fit = async (data: Dataset, run?: RunOptions): Promise<LogisticModel> => {
    const training = trainingRows(data);
    return withKernels(run, async (work) => {
      const rows = loadRows(work, data.X, training);
      const problem = logisticProblem(work, rows, training, C);
      const start = startAt(work, problem, training, data.y.classes, warmStart);
      const minimum = await minimiseLogistic(problem, {
        start,
        tolerance,
        maxIterations,
        method: cheaperMethod(rows, problem.scores),
        onIteration: async (iteration) => {
          run?.onProgress?.({ task: LOGISTIC_KIND, done: iteration, total: maxIterations });
          await work.breathe();
        },
      });
      if (!withinNumbers(minimum)) throw tooLarge();
      if (!problem.penalised && !minimum.converged) throw noOptimum(minimum);
      return toModel(minimum, problem, training, data.y.classes, tolerance);
    });
  };
  return Object.freeze({ name: LOGISTIC_KIND, fit });
}

/**
 * Estimated cost of one Newton iteration either way, in multiply-adds. Ten conjugate-gradient products an iteration are
 * what standardised tables need; Cholesky is preferred up to 256 unknowns even so, because badly scaled columns need more.
 */
function cheaperMethod({ kind, stored, width, chunks }: LoadedRows, scores: number): 'newton-cholesky' | 'newton-cg' {
  const unknowns = scores * width;
  if (unknowns > 1536) return 'newton-cg';
  if (unknowns <= 256) return 'newton-cholesky';
  const rows = chunks * 128;
  const pairs = (scores * (scores + 1)) / 2;
  const hessian = kind === 'dense' ? (rows * pairs * width * width) / 2 : 2 * rows * pairs * stored * stored;
  const products = 10 * rows * scores * (kind === 'dense' ? 3 * width : 8 * stored);
  return hessian + unknowns ** 3 / 4 <= products ? 'newton-cholesky' : 'newton-cg';
}

/** Coefficients 0 and the intercepts that give each class its share; or a model's, moved to sum to 0 over the classes. */
function startAt(
  { memory }: Work,
  { scores, width, used }: LogisticProblem,
  { present, labels, weights }: TrainingRows,
  classes: Classes,
  warmStart: Model | undefined,
): Float64Array {
  const columns = used - 1;
  const start = new Float64Array(scores * width);
  if (warmStart) {
    addModel(start, warmStart, { scores, width, columns }, present, classes);
  } else {
    const source = memory.float64(present.length + 1);
    const target = memory.float64(present.length + 1);
    const shares = source.view().fill(0);
    for (let i = 0; i < labels.length; i++) shares[labels[i]!]! += weights[i]!;
    shares[present.length] = 1;
    // The kernels' logarithm, because that of the engine has not the same bytes everywhere.
    memory.call('elementary', 0, 0, 1, source.address, target.address, present.length + 1);
    const logs = target.view();
    if (scores === 1) start[columns] = logs[1]! - logs[0]!;
    else for (let k = 0; k < scores; k++) start[k * width + columns] = logs[k]!;
  }
  if (scores > 1) for (let j = 0; j < used; j++) centre(start, scores, width, j);
  return start;
}

interface Shape {
  readonly scores: number;
  readonly width: number;
  readonly columns: number;
}

/** Throws `bad-option` unless the model is a logistic one of these classes and columns. */
function addModel(
  start: Float64Array,
  model: Model,
  { scores, width, columns }: Shape,
  present: readonly number[],
  classes: Classes,
): void {
  const { coefficients, intercepts, classes: known } = model as LogisticModel;
  const same = known?.length === classes.length && known.every((label, i) => label === classes[i]);
  if (!same || coefficients?.columns !== columns || !intercepts) {
    throw new CounterweightError('bad-option', 'warmStart must be a logistic model of the same classes and columns');
  }
  const row = (k: number, out: Float64Array, sign: number) => {
    for (let j = 0; j < columns; j++) out[j]! += sign * coefficients.data[k * columns + j]!;
    out[columns]! += sign * intercepts[k]!;
  };
  if (classes.length === 2) row(0, start, 1);
  else if (scores === 1) {
    row(present[1]!, start, 1);
    row(present[0]!, start, -1);
  } else for (const [k, code] of present.entries()) row(code, start.subarray(k * width, (k + 1) * width), 1);
}

function toModel(
  minimum: Minimum,
  problem: LogisticProblem,
  { present }: TrainingRows,
  classes: Classes,
  tolerance: number,
): LogisticModel {
  const { scores, width, used, penalised } = problem;
  const columns = used - 1;
  const solution = minimum.at.slice();
  // A shift common to all classes changes no probability; the optimum of least norm has none.
  if (scores > 1) for (let j = penalised ? columns : 0; j < used; j++) centre(solution, scores, width, j);
  const rows = classes.length === 2 ? 1 : classes.length;
  const coefficients = new Float64Array(rows * columns);
  const intercepts = new Float64Array(rows);
  for (let k = 0; k < scores; k++) {
    const target = rows === 1 ? 0 : scores === 1 ? present[1]! : present[k]!;
    // Adding 0 turns -0 into 0, which JSON could not tell apart.
    for (let j = 0; j < columns; j++) coefficients[target * columns + j] = solution[k * width + j]! + 0;
    intercepts[target] = solution[k * width + columns]! + 0;
  }
  const { iterations, gradientNorm, converged } = minimum;
  const notices = [
    ...classes.flatMap((label, code) => (present.includes(code) ? [] : [absent(label)])),
    ...(converged ? [] : [notConverged(minimum, tolerance)]),
  ];
  return logisticModel({
    classes,
    present,
    coefficients: matrix(coefficients, rows, columns),
    intercepts,
    iterations,
    gradientNorm,
    converged,
    notices,
  });
}

function centre(solution: Float64Array, scores: number, width: number, column: number): void {
  let mean = 0;
  for (let k = 0; k < scores; k++) mean += solution[k * width + column]! / scores;
  for (let k = 0; k < scores; k++) solution[k * width + column]! -= mean;
}

function absent(label: string | number): Notice {
  return {
    code: 'class-absent',
    severity: 'warning',
    message: `class ${label} has no rows to learn from; its probability is always 0`,
    class: label,
  };
}

function notConverged({ iterations, gradientNorm }: Minimum, tolerance: number): Notice {
  return {
    code: 'not-converged',
    severity: 'warning',
    message: `logistic regression stopped after ${iterations} iterations with a gradient norm of ${gradientNorm.toExponential(2)}, above the tolerance of ${tolerance}`,
    numbers: { iterations, gradientNorm, tolerance },
  };
}

function withinNumbers({ at, gradientNorm }: Minimum): boolean {
  return Number.isFinite(gradientNorm) && at.every(Number.isFinite);
}

function tooLarge(): CounterweightError {
  return new CounterweightError(
    'no-optimum',
    'logistic regression found no finite optimum: values or weights are so large that sums leave the range of numbers; standardise the columns first',
  );
}

function noOptimum({ iterations, gradientNorm, diverging }: Minimum): CounterweightError {
  const why = diverging
    ? 'the classes can be separated, so coefficients grow without end'
    : `no optimum after ${iterations} iterations`;
  return new CounterweightError('no-optimum', `logistic regression without penalty: ${why}; give a finite C`, {
    iterations,
    gradientNorm,
  });
}
