import type { Dataset } from '../../data/dataset.ts';
import type { Notice } from '../../runtime/notices.ts';
import type { RunOptions } from '../../runtime/run-options.ts';
import { withKernels } from '../../runtime/work.ts';
import type { Learner } from '../learner.ts';
import { logarithms } from '../logarithms.ts';
import { absentClasses } from '../trees/absent-classes.ts';
import { type ClassMoments, type CovarianceShrinkage, shrunkCovariance } from './covariance.ts';
import { type DiscriminantOptions, discriminantSettings, fitMoments } from './fit-moments.ts';
import {
  DISCRIMINANT_KIND,
  type LinearDiscriminantModel,
  linearDiscriminantModel,
} from './linear-discriminant-model.ts';
import { solveCovariance } from './solve-covariance.ts';

export type LinearDiscriminantOptions = DiscriminantOptions;

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
  const settings = discriminantSettings('linear discriminant analysis', options);
  const fit = (data: Dataset, run?: RunOptions) =>
    withKernels(run, async (work) => {
      const { training, moments, chances, deviations } = await fitMoments(work, data, settings);
      const covariance = pooledCovariance(moments, settings.shrinkage, chances);
      const solver = solveCovariance(work, covariance, data.X.columns, deviations);
      return linearDiscriminantModel({
        classes: data.y.classes,
        present: training.present,
        columns: data.X.columns,
        ...scoresOf(moments, solver.solve, logarithms(work, chances)),
        notices: [...absentClasses(data.y.classes, training.present), ...singular(solver.raised)],
      });
    });
  return Object.freeze({ name: DISCRIMINANT_KIND, fit });
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
