import { checkDataset } from '../../data/check-dataset.ts';
import { checkOptionNames } from '../../data/check-option-names.ts';
import type { Dataset, NumericRows } from '../../data/dataset.ts';
import { described } from '../../data/described.ts';
import { type Matrix, matrix } from '../../data/matrix.ts';
import type { ClassScoredRows } from '../../metrics/one-vs-rest.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import { randomStream } from '../../runtime/random.ts';
import type { RunOptions } from '../../runtime/run-options.ts';
import type { Model } from '../learner.ts';
import { type TreesModel, treesOfModel } from './trees-of-model.ts';

/**
 * What the splits of each column took off the objective, summed over all trees (of an ensemble, those heard more count more):
 * one number a column, not normalised.
 * Columns of many values have more splits to choose from and look more important than they are; see
 * `permutationImportance`. Throws `no-trees`.
 */
export function gainImportance(model: TreesModel): Float64Array {
  const { trees, columns } = treesOfModel(model);
  const gains = new Float64Array(columns);
  for (const { tree } of trees) {
    tree.feature.forEach((column, node) => {
      if (column >= 0) gains[column]! += tree.gain[node]!;
    });
  }
  return gains;
}

export interface PermutationImportanceOptions {
  /** Larger is better; negate a loss. */
  readonly metric: (rows: ClassScoredRows) => number;
  /** Shuffles a column. Default 5. */
  readonly repeats?: number | undefined;
  /** Default 0. */
  readonly seed?: number | undefined;
}

export interface PermutationImportance {
  /** The metric as it is. */
  readonly value: number;
  /** Mean fall of the metric when the column is shuffled, one a column. */
  readonly importance: Float64Array;
  /** Standard deviation of the falls over the repeats (n - 1), 0 for one repeat. */
  readonly deviation: Float64Array;
}

/**
 * How much worse a model does when a column's values are shuffled among the rows (Breiman 2001), by any metric. Use rows
 * that the model was not fitted on. Dense rows only. Throws `bad-option`, `bad-rows`, `bad-labels`, and what the model throws.
 */
export async function permutationImportance(
  model: Model,
  data: Dataset<Matrix>,
  settings: PermutationImportanceOptions,
  options?: RunOptions,
): Promise<PermutationImportance> {
  checkOptionNames('permutationImportance', settings, ['metric', 'repeats', 'seed']);
  const { metric, repeats = 5, seed = 0 } = settings;
  if (typeof metric !== 'function') {
    const message = `permutationImportance needs a metric, such as { metric: macroRocAuc }, got ${described(metric)}`;
    throw new CounterweightError('bad-option', message);
  }
  if (!Number.isInteger(repeats) || repeats < 1) {
    throw new CounterweightError('bad-option', `repeats must be a positive whole number, got ${repeats}`);
  }
  checkDataset(data);
  const { X, y, weights } = data;
  if ((X as NumericRows).kind !== 'dense') {
    throw new CounterweightError('bad-rows', 'permutationImportance takes dense rows only, got sparse ones');
  }
  const measure = async (rows: Matrix) =>
    metric({ probabilities: await model.predictProba(rows, options), truth: y.codes, weights });
  const value = await measure(X);
  const importance = new Float64Array(X.columns);
  const deviation = new Float64Array(X.columns);
  const shuffled = matrix(X.data.slice(), X.rows, X.columns);
  for (let j = 0; j < X.columns; j++) {
    const falls: number[] = [];
    for (let repeat = 0; repeat < repeats; repeat++) {
      const order = randomStream(seed, 'permutation-importance', j, repeat).permutation(X.rows);
      for (let i = 0; i < X.rows; i++) shuffled.data[i * X.columns + j] = X.data[order[i]! * X.columns + j]!;
      falls.push(value - (await measure(shuffled)));
    }
    for (let i = 0; i < X.rows; i++) shuffled.data[i * X.columns + j] = X.data[i * X.columns + j]!;
    const mean = falls.reduce((sum, fall) => sum + fall, 0) / repeats;
    const squares = falls.reduce((sum, fall) => sum + (fall - mean) ** 2, 0);
    importance[j] = mean;
    deviation[j] = repeats > 1 ? Math.sqrt(squares / (repeats - 1)) : 0;
    options?.onProgress?.({ task: 'permutation-importance', done: j + 1, total: X.columns });
  }
  return Object.freeze({ value, importance, deviation });
}
