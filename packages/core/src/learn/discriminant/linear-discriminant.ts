import { checkOptionNames } from '../../data/check-option-names.ts';
import { throwNotFinite } from '../../data/check-rows.ts';
import type { Dataset } from '../../data/dataset.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import type { Notice } from '../../runtime/notices.ts';
import type { RunOptions } from '../../runtime/run-options.ts';
import { withKernels } from '../../runtime/work.ts';
import { type ClassPriors, checkPriors, classWeights, resolvePriors } from '../class-priors.ts';
import type { Learner } from '../learner.ts';
import { logarithms } from '../logarithms.ts';
import { trainingRows } from '../logistic-data.ts';
import { absentClasses } from '../trees/absent-classes.ts';
import { type ClassMoments, type CovarianceShrinkage, classMoments, shrunkCovariance } from './covariance.ts';
import {
  DISCRIMINANT_KIND,
  type LinearDiscriminantModel,
  linearDiscriminantModel,
} from './linear-discriminant-model.ts';
import { solveCovariance } from './solve-covariance.ts';

export interface LinearDiscriminantOptions {
  /**
   * Of the classes' covariance: `none` (default), `auto` for Ledoit and Wolf's estimate, or a share from 0 to 1. Wanted where
   * columns are many and rows few.
   */
  readonly shrinkage?: CovarianceShrinkage | undefined;
  /** Default `empirical`. */
  readonly priors?: ClassPriors | undefined;
}

export interface LinearDiscriminantLearner extends Learner {
  readonly name: 'linear-discriminant';
  fit(data: Dataset, options?: RunOptions): Promise<LinearDiscriminantModel>;
}

/**
 * Linear discriminant analysis: normal classes that share one covariance (Fisher 1936; Rao 1948). Without shrinkage the
 * covariance is the pooled one (divisor: the sum of weights), with it the mean of the classes' shrunk ones by prior: the models of
 * scikit-learn's solvers `svd` and `lsqr`.
 *
 * A singular covariance (columns that follow from others, or do not vary inside the classes) is raised by a hundred-millionth
 * of each column's variance, with the notice `singular-covariance`: columns that follow from others do no harm, and a column
 * that tells the classes apart without error does so, where scikit-learn's `svd` drops it. Constant columns have the
 * coefficient 0.
 *
 * Rows of weight 0 are left out. `fit` throws `bad-option`, `one-class`, `not-finite`, `bad-sparse`, `shape-mismatch`,
 * `bad-weights`, `aborted`.
 *
 * @example
 * const model = await linearDiscriminant({ shrinkage: 'auto' }).fit({ X, y });
 */
export function linearDiscriminant(options: LinearDiscriminantOptions = {}): LinearDiscriminantLearner {
  checkOptionNames('linear discriminant analysis', options, ['shrinkage', 'priors']);
  const { shrinkage = 'none', priors = 'empirical' } = options;
  checkPriors(priors);
  checkShrinkage(shrinkage);
  const fit = (data: Dataset, run?: RunOptions) =>
    withKernels(run, async (work) => {
      const training = trainingRows(data);
      const { X, y } = data;
      throwNotFinite(X, training.kept);
      const sums = classWeights(training);
      const moments = await classMoments(X, training, sums, shrinkage === 'auto', work.breathe);
      const chances = resolvePriors(priors, y.classes, training);
      const deviations = wholeDeviations(moments);
      const covariance = pooledCovariance(moments, shrinkage, chances);
      const solver = solveCovariance(work, covariance, X.columns, deviations);
      return linearDiscriminantModel({
        classes: y.classes,
        present: training.present,
        columns: X.columns,
        ...scoresOf(moments, solver.solve, logarithms(work, chances)),
        notices: [...absentClasses(y.classes, training.present), ...singular(solver.raised)],
      });
    });
  return Object.freeze({ name: DISCRIMINANT_KIND, fit });
}

export function checkShrinkage(shrinkage: CovarianceShrinkage): void {
  if (shrinkage === 'none' || shrinkage === 'auto') return;
  if (typeof shrinkage === 'number' && shrinkage >= 0 && shrinkage <= 1) return;
  throw new CounterweightError(
    'bad-option',
    `shrinkage must be none, auto or a number from 0 to 1, got ${String(shrinkage)}`,
  );
}

/** Deviation of each column over all rows. Throws `not-finite` where squares overflow. */
export function wholeDeviations({ columns, sums, means, scatters }: ClassMoments): Float64Array {
  const total = sums.reduce((a, b) => a + b);
  return Float64Array.from({ length: columns }, (_, j) => {
    let mean = 0;
    for (let k = 0; k < sums.length; k++) mean += (sums[k]! / total) * means[k * columns + j]!;
    let variance = 0;
    for (let k = 0; k < sums.length; k++) {
      const gap = means[k * columns + j]! - mean;
      variance += scatters[k]![j * (columns + 1)]! / total + (sums[k]! / total) * gap * gap;
    }
    if (!Number.isFinite(variance)) {
      throw new CounterweightError(
        'not-finite',
        `the squares of column ${j} leave the range of float64; scale it first`,
        {
          column: String(j),
        },
      );
    }
    // A spread of less than this share of the mean is rounding of the mean.
    return Math.sqrt(variance) > Math.abs(mean) * 1e-15 ? Math.sqrt(variance) : 0;
  });
}

function pooledCovariance(moments: ClassMoments, shrinkage: CovarianceShrinkage, chances: Float64Array): Float64Array {
  const { columns, sums, scatters } = moments;
  const pooled = new Float64Array(columns * columns);
  if (shrinkage !== 'none') {
    for (const [k, chance] of chances.entries()) {
      const covariance = shrunkCovariance(moments, k, shrinkage);
      for (let at = 0; at < pooled.length; at++) pooled[at]! += chance * covariance[at]!;
    }
    return pooled;
  }
  const total = sums.reduce((a, b) => a + b);
  for (const scatter of scatters) for (let at = 0; at < pooled.length; at++) pooled[at]! += scatter[at]! / total;
  return pooled;
}

/** Scores up to what all classes share, counted from the mean of the class means, so that far-off columns lose no digits. */
function scoresOf(
  { columns, sums, means }: ClassMoments,
  solve: (v: Float64Array) => Float64Array,
  logs: Float64Array,
) {
  const classes = sums.length;
  const centre = new Float64Array(columns);
  for (let at = 0; at < means.length; at++) centre[at % columns]! += means[at]! / classes;
  const coefficients = new Float64Array(classes * columns);
  const intercepts = new Float64Array(classes);
  for (let k = 0; k < classes; k++) {
    const gap = centre.map((value, j) => means[k * columns + j]! - value);
    const slope = solve(gap);
    coefficients.set(slope, k * columns);
    let intercept = logs[k]!;
    for (let j = 0; j < columns; j++) intercept -= slope[j]! * (gap[j]! / 2 + centre[j]!);
    intercepts[k] = intercept;
  }
  return { coefficients, intercepts };
}

function singular(raised: number): Notice[] {
  if (raised === 0) return [];
  return [
    {
      code: 'singular-covariance',
      severity: 'info',
      message: `some columns follow from others or do not vary inside the classes: ${raised} of each column's variance was added to their covariance`,
      numbers: { raised },
    },
  ];
}
