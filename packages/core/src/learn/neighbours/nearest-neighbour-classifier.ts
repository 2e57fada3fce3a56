import { checkOptionNames } from '../../data/check-option-names.ts';
import { throwNotFinite } from '../../data/check-rows.ts';
import type { Dataset } from '../../data/dataset.ts';
import type { Classes, ClassLabel } from '../../data/labels.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import type { Notice } from '../../runtime/notices.ts';
import { type RunOptions, throwIfAborted } from '../../runtime/run-options.ts';
import { checkNumber } from '../check-options.ts';
import { classWeights } from '../class-priors.ts';
import type { Learner } from '../learner.ts';
import { type TrainingRows, trainingRows } from '../logistic-data.ts';
import { absentClasses } from '../trees/absent-classes.ts';
import {
  NEIGHBOURS_KIND,
  type NearestNeighboursModel,
  type NeighbourMetric,
  nearestNeighboursModel,
  neighbourMetrics,
} from './nearest-neighbours-model.ts';
import { votersOf } from './voters.ts';

export interface NearestNeighboursOptions {
  /** Copies of rows that vote, above 0. Default 5. */
  readonly nNeighbors?: number | undefined;
  /** Every vote alike, or in inverse proportion to the distance. Default `uniform`. */
  readonly weights?: 'uniform' | 'distance' | undefined;
  /** Default `euclidean`. */
  readonly metric?: NeighbourMetric | undefined;
  /** Exponent of `minkowski`, at least 1. Default 2. */
  readonly p?: number | undefined;
  /**
   * Factors on the votes of classes, by label (1 for classes not named), or `balanced`: (n of the rarest / n of the
   * class)^(1 / exponent), n being sums of weights. Default: 1 for every class.
   */
  readonly classWeight?: 'balanced' | ReadonlyMap<ClassLabel, number> | undefined;
  /** Softens `balanced`; at least 1. Default 1: votes in inverse proportion to the share of the class. */
  readonly exponent?: number | undefined;
}

export interface NearestNeighboursLearner extends Learner {
  readonly name: 'k-nearest-neighbours';
  fit(data: Dataset, options?: RunOptions): Promise<NearestNeighboursModel>;
}

const known = ['nNeighbors', 'weights', 'metric', 'p', 'classWeight', 'exponent'];

/**
 * k-nearest-neighbour classification: the probability of a class is its share of the votes of the k nearest training rows.
 * Exact search; columns should be on one scale. Class-weighted votes (`classWeight: 'balanced'`) are the
 * neighbour-weighted k-NN of Tan ("Neighbor-weighted k-nearest neighbor for unbalanced text corpus", 2005).
 *
 * A row of weight w votes as w copies, so heavy rows use k up sooner. Rows at one distance vote together: where they are more
 * than are left of k, they share it in proportion to weight. Ties of distance are thus decided neither by the order of rows
 * (as in scikit-learn) nor by chance. k is kept below the sum of all weights, where all rows would vote alike for every
 * query; the notice `k-clamped` says so.
 *
 * Rows of weight 0 are left out. `fit` throws `bad-option`, `one-class`, `not-finite`, `bad-sparse`, `shape-mismatch`,
 * `bad-weights`, `unknown-class`, `aborted`. The model holds the training rows.
 *
 * @example
 * const model = await kNearestNeighbours({ nNeighbors: 15, classWeight: 'balanced' }).fit({ X, y });
 */
export function kNearestNeighbours(options: NearestNeighboursOptions = {}): NearestNeighboursLearner {
  checkOptionNames('k-nearest neighbours', options, known);
  const { nNeighbors = 5, weights = 'uniform', metric = 'euclidean', p = 2, classWeight, exponent = 1 } = options;
  checkNumber('nNeighbors', nNeighbors, 0, true);
  checkNumber('p', p, 1);
  checkNumber('exponent', exponent, 1);
  oneOf('weights', weights, ['uniform', 'distance']);
  oneOf('metric', metric, neighbourMetrics);
  if (classWeight !== undefined && classWeight !== 'balanced' && !(classWeight instanceof Map)) {
    throw new CounterweightError('bad-option', 'classWeight must be "balanced" or a Map from label to factor');
  }
  const fit = async (data: Dataset, run?: RunOptions): Promise<NearestNeighboursModel> => {
    throwIfAborted(run?.signal);
    const training = trainingRows(data);
    throwNotFinite(data.X, training.kept);
    const { classes } = data.y;
    const { k, notices } = clampedK(nNeighbors, training);
    return nearestNeighboursModel({
      classes,
      present: training.present,
      voters: votersOf(data.X, training),
      rules: { k, byDistance: weights === 'distance', factors: classFactors(classWeight, exponent, classes, training) },
      metric,
      p,
      notices: [...absentClasses(classes, training.present), ...notices],
    });
  };
  return Object.freeze({ name: NEIGHBOURS_KIND, fit });
}

function oneOf(name: string, value: string, words: readonly string[]): void {
  if (words.includes(value)) return;
  throw new CounterweightError('bad-option', `${name} must be one of ${words.join(', ')}, got ${String(value)}`);
}

/** With all copies voting every query would get the shares of the classes. */
function clampedK(wanted: number, { weights }: TrainingRows): { k: number; notices: readonly Notice[] } {
  const total = weights.reduce((a, b) => a + b);
  if (wanted < total) return { k: wanted, notices: [] };
  const k = total > 1 ? total - 1 : total / 2;
  const notice: Notice = {
    code: 'k-clamped',
    severity: 'warning',
    message: `${k} neighbours vote instead of ${wanted}: the training rows have a weight of ${total}`,
    numbers: { k, wanted, total },
  };
  return { k, notices: [notice] };
}

function classFactors(
  classWeight: NearestNeighboursOptions['classWeight'],
  exponent: number,
  classes: Classes,
  training: TrainingRows,
): Float64Array {
  const { present } = training;
  if (classWeight === undefined) return new Float64Array(present.length).fill(1);
  if (classWeight === 'balanced') {
    const sums = classWeights(training);
    const least = sums.reduce((a, b) => Math.min(a, b));
    return sums.map((sum) => (exponent === 1 ? least / sum : (least / sum) ** (1 / exponent)));
  }
  for (const [label, factor] of classWeight) {
    if (!classes.includes(label)) {
      throw new CounterweightError('unknown-class', `classWeight names ${String(label)}, which is no class`);
    }
    checkNumber(`the class weight of ${String(label)}`, factor, 0, true);
  }
  return Float64Array.from(present, (code) => classWeight.get(classes[code]!) ?? 1);
}
