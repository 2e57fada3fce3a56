import { checkOptionNames } from '../../data/check-option-names.ts';
import { throwNotFinite } from '../../data/check-rows.ts';
import type { Dataset } from '../../data/dataset.ts';
import type { Classes, ClassLabel } from '../../data/labels.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import type { Notice } from '../../runtime/notices.ts';
import { type RunOptions, throwIfAborted } from '../../runtime/run-options.ts';
import { withKernels } from '../../runtime/work.ts';
import type { Gamma } from '../../svm/kernel.ts';
import {
  type SupportVectorMachine,
  type SupportVectorMachineOptions,
  supportVectorMachine,
} from '../../svm/support-vector-machine.ts';
import { checkNumber } from '../check-options.ts';
import { classWeights } from '../class-priors.ts';
import type { Learner, ModelJSON } from '../learner.ts';
import { logarithms } from '../logarithms.ts';
import { type TrainingRows, trainingRows } from '../logistic-data.ts';
import { absentClasses } from '../trees/absent-classes.ts';
import { crossFittedScores } from './cross-fit.ts';
import { distinctExamples, type Examples } from './distinct-examples.ts';
import { fitSigmoid, type Sigmoid } from './fit-sigmoid.ts';
import {
  type SupportVectorKind,
  type SupportVectorModel,
  type SupportVectorPair,
  supportVectorModel,
  supportVectorModelFromJSON,
} from './support-vector-model.ts';
import { trainingScores } from './training-scores.ts';

export interface LinearSvmOptions {
  /** Price of a violated margin, above 0. Default 1. */
  readonly C?: number | undefined;
  /** Factors on C, by label, or `balanced`: weight of all / (classes · weight of the class). Default: 1 for every class. */
  readonly classWeight?: 'balanced' | ReadonlyMap<ClassLabel, number> | undefined;
  /** How far the conditions of optimality may be violated, above 0. Default 1e-3. */
  readonly tolerance?: number | undefined;
  /** Folds by which decision values for the probabilities are cross-fitted, at least 2. Default 5. */
  readonly folds?: number | undefined;
  /** Most steps of a machine. Default the larger of 10,000,000 and 100 · rows. */
  readonly maxIter?: number | undefined;
}

export interface RbfSvmOptions extends LinearSvmOptions {
  /** Width of the kernel. Default `scale`: 1 / (columns · variance of all cells), weighted. */
  readonly gamma?: Gamma | undefined;
}

export interface SupportVectorLearner extends Learner {
  readonly name: SupportVectorKind;
  fit(data: Dataset, options?: RunOptions): Promise<SupportVectorModel>;
}

/**
 * Support vector classification with the linear kernel and hinge loss: the machine of scikit-learn's `SVC(kernel="linear")`.
 * See `rbfSvm`.
 */
export function linearSvm(options: LinearSvmOptions = {}): SupportVectorLearner {
  return supportVectorLearner('linear-svm', options, ['C', 'classWeight', 'tolerance', 'folds', 'maxIter']);
}

/**
 * Support vector classification with the kernel exp(-gamma |x - z|²): the machine of scikit-learn's `SVC`. Columns should be on
 * one scale. Time grows with the square of the rows and more.
 *
 * Probabilities are Platt's sigmoid of decision values that machines of other folds gave to the training rows, never of a
 * machine's own rows, which lie farther from the margin than new rows will; with more than two classes they are coupled from
 * all pairs (Wu, Lin and Weng 2004). Where a class has a single distinct row, so that nothing can be held out, the machine's
 * own values are all there is (notice `not-cross-fitted`); where decision values do not rank the classes, the probabilities
 * are the classes' shares (notice `no-ranking`). Nothing is drawn: folds follow from the rows' cells.
 *
 * Copies of a row count as its weight, which is a factor on C. Rows of weight 0 are left out. `fit` throws `bad-option`,
 * `one-class`, `unknown-class`, `not-finite`, `bad-sparse`, `shape-mismatch`, `bad-weights`, `distance-overflow`, `aborted`.
 *
 * @example
 * const model = await rbfSvm({ C: 10, classWeight: 'balanced' }).fit({ X, y });
 * const rowsThatHoldTheMargin = model.support;
 */
export function rbfSvm(options: RbfSvmOptions = {}): SupportVectorLearner {
  return supportVectorLearner('rbf-svm', options, ['C', 'gamma', 'classWeight', 'tolerance', 'folds', 'maxIter']);
}

export const linearSvmFromJSON = (json: ModelJSON) => supportVectorModelFromJSON('linear-svm', json);
export const rbfSvmFromJSON = (json: ModelJSON) => supportVectorModelFromJSON('rbf-svm', json);

function supportVectorLearner(
  kind: SupportVectorKind,
  options: RbfSvmOptions,
  known: readonly string[],
): SupportVectorLearner {
  checkOptionNames(`a ${kind}`, options, known);
  const { C = 1, gamma = 'scale', classWeight, tolerance = 1e-3, folds = 5, maxIter } = options;
  checkNumber('C', C, 0, true);
  checkNumber('tolerance', tolerance, 0, true);
  checkNumber('folds', folds, 2);
  if (gamma !== 'scale' && gamma !== 'auto') checkNumber('gamma', gamma, 0, true);
  if (maxIter !== undefined) checkNumber('maxIter', maxIter, 1);
  if (classWeight !== undefined && classWeight !== 'balanced' && !(classWeight instanceof Map)) {
    throw new CounterweightError('bad-option', 'classWeight must be "balanced" or a Map from label to factor');
  }
  const fit = async (data: Dataset, run: RunOptions = {}): Promise<SupportVectorModel> => {
    throwIfAborted(run.signal);
    const training = trainingRows(data);
    throwNotFinite(data.X, training.kept);
    const examples = distinctExamples(data.X, training);
    const factors = classFactors(classWeight, data.y.classes, training);
    const machineOptions: SupportVectorMachineOptions = {
      kernel: kind === 'linear-svm' ? 'linear' : 'rbf',
      ...(kind === 'rbf-svm' && { gamma: gamma === 'scale' ? weightedScale(examples) : gamma }),
      C,
      tolerance,
      maxIter,
    };
    return fitMachines({ kind, data, training, examples, factors, machineOptions, folds: Math.floor(folds) }, run);
  };
  return Object.freeze({ name: kind, fit });
}

interface Problem {
  readonly kind: SupportVectorKind;
  readonly data: Dataset;
  readonly training: TrainingRows;
  readonly examples: Examples;
  readonly factors: Float64Array;
  readonly machineOptions: SupportVectorMachineOptions;
  readonly folds: number;
}

async function fitMachines(problem: Problem, run: RunOptions): Promise<SupportVectorModel> {
  const { kind, training, examples, factors, machineOptions } = problem;
  const { classes } = problem.data.y;
  const { present } = training;
  const quiet = { signal: run.signal, runtime: run.runtime };
  // Factors on C weigh the machine's losses; the sigmoid sees the rows as they are.
  const priced: Examples = {
    ...examples,
    weights: examples.weights.map((weight, e) => weight * factors[examples.labels[e]!]!),
  };
  const machine = await supportVectorMachine(
    { X: priced.X, y: { codes: priced.labels, classes: present.map((_, k) => k) }, weights: priced.weights },
    machineOptions,
    quiet,
  );
  const notices: Notice[] = [...absentClasses(classes, present), ...stopped(machine)];
  const pairs: SupportVectorPair[] = [];
  for (const [p, { positive, negative }] of machine.problems.entries()) {
    run.onProgress?.({ task: kind, done: p, total: machine.problems.length });
    const labels = [classes[present[positive]!]!, classes[present[negative]!]!] as const;
    const scored =
      (await crossFittedScores(priced, [positive, negative], machineOptions, problem.folds, quiet)) ??
      (await trainingScores(priced, [positive, negative], machine, p, quiet));
    if (!scored.held) notices.push(notCrossFitted(labels));
    const weighed = { ...scored, weights: Float64Array.from(scored.rows, (e) => examples.weights[e]!) };
    const sigmoid = await fitSigmoid(weighed, quiet);
    if (!sigmoid) notices.push(noRanking(labels));
    pairs.push({
      ...machine.decisions[p]!,
      positive: present[positive]!,
      negative: present[negative]!,
      sigmoid: sigmoid ?? (await shareOnly(weighed, quiet)),
    });
  }
  return supportVectorModel({
    kind,
    classes,
    present,
    kernel: machine.kernel,
    means: machine.means,
    support: machine.support.map((e) => examples.source[e]!),
    vectors: machine.vectors as Examples['X'],
    pairs,
    notices,
  });
}

/** The share of the positive class, whatever the decision value. */
function shareOnly(
  { labels, weights }: { labels: Uint8Array; weights: Float64Array },
  run: RunOptions,
): Promise<Sigmoid> {
  const sums = new Float64Array(2);
  for (let i = 0; i < labels.length; i++) sums[labels[i]!]! += weights[i]!;
  return withKernels(run, async (work) => {
    const [negative, positive] = logarithms(work, sums) as unknown as [number, number];
    return { slope: 0, intercept: positive - negative + 0 };
  });
}

/** 1 / (columns · variance of all cells), copies and weights counted. */
function weightedScale({ X, weights }: Examples): number {
  const total = weights.reduce((a, b) => a + b) * X.columns;
  const origin = X.data[0] ?? 0;
  let mean = 0;
  for (let at = 0; at < X.data.length; at++)
    mean += (weights[Math.floor(at / X.columns)]! / total) * (X.data[at]! - origin);
  let variance = 0;
  for (let at = 0; at < X.data.length; at++) {
    variance += (weights[Math.floor(at / X.columns)]! / total) * (X.data[at]! - origin - mean) ** 2;
  }
  if (variance === Number.POSITIVE_INFINITY) {
    throw new CounterweightError(
      'distance-overflow',
      'the squares of the cells are too large for a number; scale the features first',
    );
  }
  const width = 1 / (X.columns * variance);
  return variance > 0 && Number.isFinite(width) ? width : 1;
}

function classFactors(
  classWeight: LinearSvmOptions['classWeight'],
  classes: Classes,
  training: TrainingRows,
): Float64Array {
  const { present } = training;
  if (classWeight === undefined) return new Float64Array(present.length).fill(1);
  if (classWeight === 'balanced') {
    const sums = classWeights(training);
    const total = sums.reduce((a, b) => a + b);
    return sums.map((sum) => total / (present.length * sum));
  }
  for (const [label, factor] of classWeight) {
    if (!classes.includes(label)) {
      throw new CounterweightError('unknown-class', `classWeight names ${String(label)}, which is no class`);
    }
    checkNumber(`the class weight of ${String(label)}`, factor, 0, true);
  }
  return Float64Array.from(present, (code) => classWeight.get(classes[code]!) ?? 1);
}

function stopped({ problems }: SupportVectorMachine): Notice[] {
  const open = problems.filter(({ converged }) => !converged);
  if (open.length === 0) return [];
  const iterations = Math.max(...open.map((problem) => problem.iterations));
  const message = `${open.length} of ${problems.length} support vector machines stopped after ${iterations} steps, before they met the tolerance`;
  return [{ code: 'not-converged', severity: 'warning', message, numbers: { iterations, machines: open.length } }];
}

function notCrossFitted([positive, negative]: readonly [ClassLabel, ClassLabel]): Notice {
  return {
    code: 'not-cross-fitted',
    severity: 'warning',
    message: `the probabilities between ${positive} and ${negative} rest on the machine's own rows: one of them has a single distinct row`,
  };
}

function noRanking([positive, negative]: readonly [ClassLabel, ClassLabel]): Notice {
  return {
    code: 'no-ranking',
    severity: 'warning',
    message: `decision values do not tell ${positive} from ${negative} in rows held out; their probabilities are their shares`,
  };
}
