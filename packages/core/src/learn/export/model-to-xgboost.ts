import { checkOptionNames } from '../../data/check-option-names.ts';
import { quoted } from '../../data/quoted.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import type { Tree } from '../trees/tree.ts';
import { boostedTrees } from './boosted-trees.ts';
import { float32Condition } from './float32-threshold.ts';
import type { ExportableModel } from './model-to-onnx.ts';
import { exportedJSON } from './require-model.ts';
import { type XgboostSplit, xgboostText } from './xgboost-text.ts';

export interface XgboostExportOptions {
  /** Names of the columns, one each; XGBoost then asks for rows with these names. Default none. */
  readonly featureNames?: readonly string[] | undefined;
}

/**
 * Fitted gradient boosting as the text of a model file in XGBoost's JSON format (XGBoost from 2.0 on): `binary:logistic`,
 * `multi:softprob` or, of a regression, `reg:squarederror`.
 *
 * XGBoost rounds values to float32 and then compares, so values within that rounding of a threshold cannot be parted. Where a
 * threshold is a decimal of ten digits or fewer, they go where that decimal goes; elsewhere **every row of float32 values takes
 * the same way in every tree**, and a float64 value that near may go the other way.
 * Leaves and scores are rounded to float32 too: probabilities agree to some six digits. Missing values keep their learned
 * side, category columns their sets (type `c`, codes as fitted). Attribute `classes` of the file lists the labels of the
 * columns of probabilities; of two classes XGBoost gives the probability of the second. A class without training rows has
 * no column.
 *
 * Throws `not-exportable` for other models, `bad-option`.
 */
export function modelToXgboost(model: ExportableModel, options: XgboostExportOptions = {}): string {
  checkOptionNames('modelToXgboost', options, ['featureNames']);
  const { featureNames } = options;
  const boosted = boostedTrees(exportedJSON(model));
  const { columns, initial, trees, classes } = boosted;
  if (featureNames && featureNames.length !== columns) {
    throw new CounterweightError(
      'bad-option',
      `the model has ${columns} columns, featureNames names ${featureNames.length}`,
    );
  }
  requireXgboostNames(featureNames ?? []);
  const types = new Array<'q' | 'c'>(columns).fill('q');
  for (const { tree } of trees) for (const node of tree.categories.keys()) types[tree.feature[node]!] = 'c';
  const named = featureNames !== undefined || types.includes('c');
  return xgboostText({
    ...xgboostTask(classes),
    initial,
    trees,
    factor: 1,
    split: plainSplit,
    columns,
    names: featureNames ?? (named ? types.map((_, j) => `f${j}`) : []),
    types: named ? types : [],
    attributes: { source: 'counterweight', classes: JSON.stringify(classes) },
  });
}

/** Throws `not-exportable` for names that XGBoost's own readers of rows refuse. */
export function requireXgboostNames(names: readonly string[]): void {
  const bad = names.find((name) => /[[\]<]/.test(name));
  if (bad === undefined) return;
  const message = `XGBoost allows neither [ nor ] nor < in the name of a column, so ${quoted(bad)} needs another name`;
  throw new CounterweightError('not-exportable', message, { column: bad });
}

/** Objective and number of scores for these classes; none of a regression. */
export function xgboostTask(classes: readonly unknown[]) {
  if (classes.length === 0) return { objective: 'reg:squarederror', outputs: 1 } as const;
  if (classes.length === 2) return { objective: 'binary:logistic', outputs: 1 } as const;
  return { objective: 'multi:softprob', outputs: classes.length } as const;
}

/** A split on the columns as the model was fitted on them. */
function plainSplit(tree: Tree, node: number): XgboostSplit {
  const column = tree.feature[node]!;
  const [left, right] = [tree.left[node]!, tree.right[node]!];
  const missingLeft = tree.missingLeft[node] === 1;
  const categories = tree.categories.get(node);
  if (!categories) {
    const condition = float32Condition((value) => value <= tree.threshold[node]!);
    return { column, question: { condition }, left, right, missingLeft };
  }
  // XGBoost sends the set right and all else, unknown codes too, left; here it is the other way round.
  return { column, question: { categories }, left: right, right: left, missingLeft: !missingLeft };
}
