import { checkOptionNames } from '../../data/check-option-names.ts';
import type { Dataset } from '../../data/dataset.ts';
import { type Matrix, matrix } from '../../data/matrix.ts';
import { randomStream } from '../../runtime/random.ts';
import type { RunOptions } from '../../runtime/run-options.ts';
import { withKernels } from '../../runtime/work.ts';
import type { Learner } from '../learner.ts';
import { type TrainingRows, trainingRows } from '../logistic-data.ts';
import { absentClasses } from './absent-classes.ts';
import { binWeights } from './bin-weights.ts';
import { binRows } from './binned-rows.ts';
import { checkColumns } from './boosting-options.ts';
import { type ForestKind, type ForestModel, forestModel } from './forest-model.ts';
import {
  type DecisionTreeOptions,
  type ForestOptions,
  type ForestSettings,
  forestOptionNames,
  forestSettings,
  lookedAt,
  treeOptionNames,
} from './forest-options.ts';
import { type ForestRules, growForest } from './grow-forest.ts';
import { checkMonotoneClasses } from './monotone-columns.ts';
import type { Tree } from './tree.ts';

export interface ForestLearner extends Learner {
  readonly name: ForestKind;
  fit(data: Dataset, options?: RunOptions): Promise<ForestModel>;
}

/**
 * A decision tree whose leaves hold the weighted shares of the classes (CART, Breiman et al. 1984), on binned columns.
 *
 * Splits are tried between bins that hold rows of the node, the threshold half-way between their values; of equal splits
 * the first wins, by column and then by value. NaN is a missing value, whose side is learned. Throws as `gradientBoosting`.
 *
 * Along monotone columns a split counts only if both sides keep the order and the bounds of the splits above; the middle of the
 * sides' shares bounds all below, and leaves are clipped to their bounds (as scikit-learn does). Missing values count where they go.
 *
 * @example
 * const model = await decisionTree({ maxDepth: 4 }).fit({ X, y });
 */
export function decisionTree(options: DecisionTreeOptions = {}): ForestLearner {
  checkOptionNames('a decision tree', options, treeOptionNames);
  return forestLearner('decision-tree', forestSettings('decision-tree', { ...options, nEstimators: 1 }));
}

/**
 * Random forest (Breiman 2001): trees on bootstraps of the rows, each split among a few columns drawn for it; by default as
 * many as the square root of all. A bootstrap is weights, not a copy; a class that it missed gets one row, so none is lost.
 * Whole weights are drawn as so many rows; those of a sum of 2^32 and beyond, and fractions, count in full where drawn.
 */
export function randomForest(options: ForestOptions = {}): ForestLearner {
  checkOptionNames('random forest', options, forestOptionNames);
  return forestLearner('random-forest', forestSettings('random-forest', options));
}

/** Extremely randomised trees (Geurts et al. 2006): one threshold a column, drawn; by default of all rows. */
export function extraTrees(options: ForestOptions = {}): ForestLearner {
  checkOptionNames('extra trees', options, forestOptionNames);
  return forestLearner('extra-trees', forestSettings('extra-trees', options));
}

function forestLearner(name: ForestKind, settings: ForestSettings): ForestLearner {
  const fit = async (data: Dataset, run?: RunOptions): Promise<ForestModel> => {
    const training = trainingRows(data);
    checkColumns(settings, data.X, training);
    checkMonotoneClasses(settings.monotonicConstraints, training.present.length);
    return withKernels(run, async (work) => {
      const { kept, count, present } = training;
      const binning = { kept, count, weights: binWeights(training) };
      const rows = await binRows(work, data.X, binning, {
        maxBins: settings.maxBins,
        categorical: new Set(settings.categoricalFeatures),
      });
      const shared = { name, classes: data.y.classes, present, columns: data.X.columns };
      const notices = absentClasses(data.y.classes, present);
      if (rows.features.length === 0) {
        // No column can be split: every tree would be a leaf, and that of all rows is exact.
        return forestModel({ ...shared, trees: [shareLeaf(training)], notices });
      }
      const rules = forestRules(settings, data.X.columns, rows.features.length);
      const grown = await growForest(work, rows, training, rules, randomStream(settings.seed, name), (done) =>
        run?.onProgress?.({ task: name, done, total: rules.trees }),
      );
      const outOfBag = grown.outOfBag && spread(grown.outOfBag, training, data);
      return forestModel({ ...shared, trees: grown.trees, notices, outOfBag });
    });
  };
  return Object.freeze({ name, fit });
}

function forestRules(settings: ForestSettings, columns: number, features: number): ForestRules {
  return {
    trees: settings.nEstimators,
    criterion: settings.criterion,
    maxDepth: settings.maxDepth,
    minWeight: settings.minSamplesLeaf === 1 ? 0 : settings.minSamplesLeaf,
    maxFeatures: lookedAt(settings.maxFeatures, columns, features),
    bootstrap: settings.bootstrap,
    randomThresholds: settings.randomThresholds,
    outOfBag: settings.oobScore,
    monotone: settings.monotonicConstraints,
  };
}

function shareLeaf({ present, labels, weights }: TrainingRows): Tree {
  const sums = new Float64Array(present.length);
  let total = 0;
  for (let i = 0; i < labels.length; i++) {
    sums[labels[i]!]! += weights[i]!;
    total += weights[i]!;
  }
  return Object.freeze({
    feature: Int32Array.of(-1),
    threshold: new Float64Array(1),
    left: Int32Array.of(-1),
    right: Int32Array.of(-1),
    missingLeft: new Uint8Array(1),
    value: sums.map((sum) => sum / total),
    outputs: present.length,
    gain: new Float64Array(1),
    cover: Float64Array.of(total),
    categories: new Map(),
  });
}

/** Out-of-bag means in the rows and classes of the data; NaN where no tree left the row out. */
function spread(
  { sums, counts }: { readonly sums: Float64Array; readonly counts: Int32Array },
  { kept, count, present }: TrainingRows,
  { X, y }: Dataset,
): Matrix {
  const classes = y.classes.length;
  const result = new Float64Array(X.rows * classes).fill(Number.NaN);
  for (let i = 0; i < count; i++) {
    if (counts[i] === 0) continue;
    const row = (kept ? kept[i]! : i) * classes;
    result.fill(0, row, row + classes);
    for (let k = 0; k < present.length; k++) result[row + present[k]!] = sums[i * present.length + k]! / counts[i]!;
  }
  return matrix(result, X.rows, classes);
}
