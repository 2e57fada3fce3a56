import { checkOptionNames } from '../../data/check-option-names.ts';
import { throwNotFinite } from '../../data/check-rows.ts';
import type { Dataset, NumericRows } from '../../data/dataset.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import type { RunOptions } from '../../runtime/run-options.ts';
import { type Work, withKernels } from '../../runtime/work.ts';
import { checkNumber } from '../check-options.ts';
import { type ClassPriors, checkPriors, resolvePriors } from '../class-priors.ts';
import type { Learner, ModelJSON } from '../learner.ts';
import { logarithms } from '../logarithms.ts';
import { type TrainingRows, trainingRows } from '../logistic-data.ts';
import { absentClasses } from '../trees/absent-classes.ts';
import { checkCounts } from './check-counts.ts';
import { type CountKind, type CountNaiveBayesModel, countModel, countModelFromJSON } from './count-model.ts';

export interface MultinomialNaiveBayesOptions {
  /** Added to every count of a class, above 0. Default 1 (Laplace). */
  readonly alpha?: number | undefined;
  /** Default `empirical`. */
  readonly priors?: ClassPriors | undefined;
}

export interface ComplementNaiveBayesOptions {
  /** Added to every count of a class's complement, above 0. Default 1. */
  readonly alpha?: number | undefined;
  /** Divides the weights of each class by their sum, as the paper proposes against long documents. Default false. */
  readonly norm?: boolean | undefined;
}

export interface CountNaiveBayesLearner extends Learner {
  readonly name: CountKind;
  fit(data: Dataset, options?: RunOptions): Promise<CountNaiveBayesModel>;
}

/**
 * Multinomial naive Bayes of counts (or tf-idf), dense or sparse: scikit-learn's `MultinomialNB`. A class scores ln prior +
 * sum_j x_j ln p_j, p_j being the smoothed share of column j in all counts of the class.
 *
 * Rows of weight 0 are left out. `fit` throws `bad-option`, `negative-count`, `one-class`, `not-finite`, `bad-sparse`,
 * `shape-mismatch`, `bad-weights`, `aborted`; `predictProba` throws `negative-count` too.
 */
export function multinomialNaiveBayes(options: MultinomialNaiveBayesOptions = {}): CountNaiveBayesLearner {
  checkOptionNames('multinomial naive Bayes', options, ['alpha', 'priors']);
  const { alpha = 1, priors = 'empirical' } = options;
  checkPriors(priors);
  return countLearner('multinomial-naive-bayes', alpha, (work, counts, columns, data, training) => {
    const smoothed = counts.map((count) => count + alpha);
    return {
      coefficients: logShares(work, smoothed, columns),
      intercepts: logarithms(work, resolvePriors(priors, data.y.classes, training)),
    };
  });
}

/**
 * Complement naive Bayes of counts, dense or sparse: scikit-learn's `ComplementNB`. Each class is judged by the counts of
 * all other classes, which a rare class has many of (Rennie, Shih, Teevan and Karger, "Tackling the poor assumptions of
 * naive Bayes text classifiers", ICML 2003). It has no priors: rows without counts get equal chances, and the probabilities
 * need calibration more than those of other learners.
 *
 * Throws as `multinomialNaiveBayes`.
 */
export function complementNaiveBayes(options: ComplementNaiveBayesOptions = {}): CountNaiveBayesLearner {
  checkOptionNames('complement naive Bayes', options, ['alpha', 'norm']);
  const { alpha = 1, norm = false } = options;
  if (typeof norm !== 'boolean')
    throw new CounterweightError('bad-option', `norm must be true or false, got ${String(norm)}`);
  return countLearner('complement-naive-bayes', alpha, (work, counts, columns) => {
    const classes = counts.length / columns;
    const totals = new Float64Array(columns);
    for (let at = 0; at < counts.length; at++) totals[at % columns]! += counts[at]!;
    const complement = counts.map((count, at) => Math.max(0, totals[at % columns]! - count) + alpha);
    const logs = logShares(work, complement, columns);
    for (let k = 0; k < classes; k++) {
      let divisor = -1;
      if (norm) {
        divisor = 0;
        for (let j = 0; j < columns; j++) divisor += logs[k * columns + j]!;
        // A single column has the share 1, whose logarithm is 0 in every class.
        if (divisor === 0) divisor = -1;
      }
      for (let j = 0; j < columns; j++) logs[k * columns + j] = logs[k * columns + j]! / divisor + 0;
    }
    return { coefficients: logs, intercepts: new Float64Array(classes) };
  });
}

export const multinomialNaiveBayesFromJSON = (json: ModelJSON) => countModelFromJSON('multinomial-naive-bayes', json);
export const complementNaiveBayesFromJSON = (json: ModelJSON) => countModelFromJSON('complement-naive-bayes', json);

type Scores = (
  work: Work,
  counts: Float64Array,
  columns: number,
  data: Dataset,
  training: TrainingRows,
) => { coefficients: Float64Array; intercepts: Float64Array };

function countLearner(kind: CountKind, alpha: number, scores: Scores): CountNaiveBayesLearner {
  checkNumber('alpha', alpha, 0, true);
  const fit = (data: Dataset, run?: RunOptions) =>
    withKernels(run, async (work) => {
      const training = trainingRows(data);
      throwNotFinite(data.X, training.kept);
      checkCounts(data.X);
      const { columns } = data.X;
      const counts = countsOf(data.X, training);
      return countModel({
        kind,
        classes: data.y.classes,
        present: training.present,
        columns,
        ...scores(work, counts, columns, data, training),
        notices: absentClasses(data.y.classes, training.present),
      });
    });
  return Object.freeze({ name: kind, fit });
}

/** Weighted sum of each column in each class, `present × columns`. Throws `not-finite` where a sum overflows. */
function countsOf(X: NumericRows, { kept, count, present, labels, weights }: TrainingRows): Float64Array {
  const { columns } = X;
  const counts = new Float64Array(present.length * columns);
  for (let i = 0; i < count; i++) {
    const row = kept ? kept[i]! : i;
    const at = labels[i]! * columns;
    const weight = weights[i]!;
    if (X.kind === 'dense') for (let j = 0; j < columns; j++) counts[at + j]! += weight * X.data[row * columns + j]!;
    else
      for (let e = X.offsets[row]!; e < X.offsets[row + 1]!; e++) counts[at + X.indices[e]!]! += weight * X.values[e]!;
  }
  if (!Number.isFinite(counts.reduce((a, b) => a + b, 0))) {
    throw new CounterweightError('not-finite', 'the sums of the counts leave the range of float64');
  }
  return counts;
}

/** ln of each value's share of its row of `columns` values. */
function logShares(work: Work, values: Float64Array, columns: number): Float64Array {
  const rows = columns > 0 ? values.length / columns : 0;
  const sums = new Float64Array(rows);
  for (let at = 0; at < values.length; at++) sums[Math.floor(at / columns)]! += values[at]!;
  const logSums = logarithms(work, sums);
  const logs = logarithms(work, values);
  for (let at = 0; at < logs.length; at++) logs[at]! -= logSums[Math.floor(at / columns)]!;
  return logs;
}
