import { checkOptionNames } from '../../data/check-option-names.ts';
import { throwNotFinite } from '../../data/check-rows.ts';
import type { Dataset, NumericRows } from '../../data/dataset.ts';
import type { Classes } from '../../data/labels.ts';
import { type Matrix, matrix } from '../../data/matrix.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import type { Notice } from '../../runtime/notices.ts';
import type { RunOptions } from '../../runtime/run-options.ts';
import { type Work, withKernels } from '../../runtime/work.ts';
import { checkNumber } from '../check-options.ts';
import { classMeans } from '../class-means.ts';
import { type ClassPriors, checkPriors, classWeights, resolvePriors } from '../class-priors.ts';
import { scoreProbabilities } from '../class-scores.ts';
import { eachRow } from '../each-row.ts';
import type { Learner, Model, ModelJSON } from '../learner.ts';
import { learnerFields } from '../learner-fields.ts';
import { logarithms } from '../logarithms.ts';
import { type TrainingRows, trainingRows } from '../logistic-data.ts';
import { absentClasses } from '../trees/absent-classes.ts';

/** Name of the learner and `kind` of its model's JSON. */
export const GAUSSIAN_KIND = 'gaussian-naive-bayes';

export interface GaussianNaiveBayesOptions {
  /** Added to every variance, as a share of the largest variance of a column over all rows. Default 1e-9. */
  readonly varSmoothing?: number | undefined;
  /** Default `empirical`. */
  readonly priors?: ClassPriors | undefined;
}

/** A fitted Gaussian naive Bayes. */
export interface GaussianNaiveBayesModel extends Model {
  readonly name: 'gaussian-naive-bayes';
  /** Class codes that occurred in the training rows. */
  readonly present: readonly number[];
  /** `present × columns`. */
  readonly means: Matrix;
  /** Smoothed, `present × columns`. */
  readonly variances: Matrix;
  /** Of each class of `present`: ln prior - 1/2 sum_j ln(2 pi variance_j). */
  readonly constants: Float64Array;
}

export interface GaussianNaiveBayesLearner extends Learner {
  readonly name: 'gaussian-naive-bayes';
  fit(data: Dataset, options?: RunOptions): Promise<GaussianNaiveBayesModel>;
}

/**
 * Naive Bayes with normal columns: each class has a mean and a variance a column, and columns count as independent given the
 * class. The same model as scikit-learn's `GaussianNB`, but that the smoothing heeds the weights too, so that a weight
 * equals copies of the row. Where every column is constant the probabilities are the priors.
 *
 * Rows of weight 0 are left out. `fit` throws `bad-option`, `one-class`, `not-finite`, `shape-mismatch`, `bad-weights`,
 * `zero-variance` (only where `varSmoothing` is 0 or too small to count), `aborted`. `not-finite` also names a column whose
 * squares are no numbers.
 *
 * @example
 * const model = await gaussianNaiveBayes({ priors: 'uniform' }).fit({ X, y });
 */
export function gaussianNaiveBayes(options: GaussianNaiveBayesOptions = {}): GaussianNaiveBayesLearner {
  checkOptionNames('gaussian naive Bayes', options, ['varSmoothing', 'priors']);
  const { varSmoothing = 1e-9, priors = 'empirical' } = options;
  checkNumber('varSmoothing', varSmoothing, 0);
  checkPriors(priors);
  const fit = (data: Dataset, run?: RunOptions) =>
    withKernels(run, async (work) => {
      const training = trainingRows(data);
      throwNotFinite(data.X, training.kept);
      return fitGaussians(work, data, training, priors, varSmoothing);
    });
  return Object.freeze({ name: GAUSSIAN_KIND, fit });
}

async function fitGaussians(
  work: Work,
  { X, y }: Dataset,
  training: TrainingRows,
  priors: ClassPriors,
  varSmoothing: number,
): Promise<GaussianNaiveBayesModel> {
  const { present } = training;
  const { columns } = X;
  const sums = classWeights(training);
  const visitRows = eachRow(X, training, work.breathe);
  const { origin, means } = await classMeans(X, training, sums, visitRows);
  const shares = sums.map((sum) => 1 / sum);
  const variances = new Float64Array(present.length * columns);
  await visitRows((cells, start, label, weight) => {
    const share = weight * shares[label]!;
    for (let j = 0, at = label * columns; j < columns; j++, at++) {
      const gap = cells[start + j]! - origin[j]! - means[at]!;
      variances[at]! += share * gap * gap;
    }
  });
  throwUnbounded(means, variances, columns);
  const largest = largestVariance(means, variances, sums, columns);
  const smoothing = varSmoothing * largest;
  if (!(largest + smoothing < Number.POSITIVE_INFINITY)) {
    const message = 'the largest variance times varSmoothing leaves the range of float64; scale the columns first';
    throw new CounterweightError('not-finite', message);
  }
  for (let at = 0; at < variances.length; at++) {
    // All columns constant: with any one variance the classes stay alike.
    variances[at] = largest === 0 ? 1 : variances[at]! + smoothing;
    if (!(variances[at]! >= LEAST_VARIANCE)) {
      throw noVariance(y.classes[present[Math.floor(at / columns)]!]!, at % columns);
    }
  }
  for (let at = 0; at < means.length; at++) means[at]! += origin[at % columns]!;
  const chances = resolvePriors(priors, y.classes, training);
  const logPriors = logarithms(work, chances);
  const logVariances = logarithms(work, variances);
  const constants = logPriors.map((logPrior, k) => {
    let sum = columns * LOG_TWO_PI;
    for (let j = 0; j < columns; j++) sum += logVariances[k * columns + j]!;
    return logPrior - sum / 2;
  });
  return gaussianModel({
    classes: y.classes,
    present,
    columns,
    means,
    variances,
    constants,
    notices: absentClasses(y.classes, present),
  });
}

const LOG_TWO_PI = 1.8378770664093453;
/** The least normal number; what lies below has no exact inverse. */
const LEAST_VARIANCE = 2.2250738585072014e-308;

/** Largest variance of a column over all rows: that inside the classes and that between their means. */
function largestVariance(means: Float64Array, variances: Float64Array, sums: Float64Array, columns: number): number {
  const total = sums.reduce((a, b) => a + b);
  let largest = 0;
  for (let j = 0; j < columns; j++) {
    let mean = 0;
    for (let k = 0; k < sums.length; k++) mean += (sums[k]! / total) * means[k * columns + j]!;
    let variance = 0;
    for (let k = 0; k < sums.length; k++) {
      const at = k * columns + j;
      variance += (sums[k]! / total) * (variances[at]! + (means[at]! - mean) ** 2);
    }
    largest = Math.max(largest, variance);
  }
  return largest;
}

function noVariance(label: string | number, column: number): CounterweightError {
  const message = `column ${column} does not vary in class ${label}; give a larger varSmoothing or drop the column`;
  return new CounterweightError('zero-variance', message, { column: String(column), class: label });
}

/** Moments above which those of all classes together, smoothed, need be no numbers. */
const MOST_SQUARE = 1e307;

/** Throws `not-finite` with the first column whose squares are too large for numbers. */
function throwUnbounded(means: Float64Array, variances: Float64Array, columns: number): void {
  for (let j = 0; j < columns; j++) {
    for (let at = j; at < means.length; at += columns) {
      if (means[at]! ** 2 + variances[at]! < MOST_SQUARE) continue;
      const message = `the squares of column ${j} leave the range of float64; scale it first`;
      throw new CounterweightError('not-finite', message, { column: String(j) });
    }
  }
}

interface GaussianParts {
  readonly classes: Classes;
  readonly present: readonly number[];
  readonly columns: number;
  readonly means: Float64Array;
  readonly variances: Float64Array;
  readonly constants: Float64Array;
  readonly notices: readonly Notice[];
}

function gaussianModel(parts: GaussianParts): GaussianNaiveBayesModel {
  const { columns, means, variances, constants } = parts;
  const classes = Object.freeze([...parts.classes]);
  const present = Object.freeze([...parts.present]);
  const notices = Object.freeze([...parts.notices]);
  const precisions = variances.map((variance) => 1 / variance);
  const score = (row: Float64Array, scores: Float64Array) => {
    for (let k = 0, at = 0; k < present.length; k++) {
      let sum = 0;
      for (let j = 0; j < columns; j++, at++) {
        const gap = row[j]! - means[at]!;
        sum += gap * gap * precisions[at]!;
      }
      scores[k] = constants[k]! - sum / 2;
    }
  };
  return Object.freeze({
    name: GAUSSIAN_KIND,
    classes,
    notices,
    present,
    means: matrix(means, present.length, columns),
    variances: matrix(variances, present.length, columns),
    constants,
    predictProba: async (X: NumericRows, options?: RunOptions) =>
      scoreProbabilities({ columns, classes: classes.length, present, score }, X, options),
    toJSON: () => ({
      kind: GAUSSIAN_KIND,
      version: 1,
      classes,
      present,
      columns,
      means: [...means],
      variances: [...variances],
      constants: [...constants],
      notices,
    }),
  });
}

/** Reads what `toJSON` wrote. Throws `bad-model` with the field that is wrong. */
export function gaussianNaiveBayesFromJSON(json: ModelJSON): GaussianNaiveBayesModel {
  const { fields, classes, present, columns, notices } = learnerFields(json, GAUSSIAN_KIND);
  const variances = fields.numbers('variances', present.length * columns);
  fields.require(
    'variances',
    variances.every((variance) => variance >= LEAST_VARIANCE),
  );
  return gaussianModel({
    classes,
    present,
    columns,
    notices,
    variances,
    means: fields.numbers('means', present.length * columns),
    constants: fields.numbers('constants', present.length),
  });
}
