import type { Classes } from '../../data/labels.ts';
import { modelFields } from '../../data/model-fields.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import type { ModelJSON } from '../learner.ts';
import { learnerFields } from '../learner-fields.ts';
import type { TreeSum } from '../trees/tree-sum.ts';
import { readTree } from './onnx-tree-models.ts';

/** Trees of a boosted model, with the classes of its scores; none of a regression. */
export interface BoostedTrees extends TreeSum {
  /** Labels of the classes that have a score; of two classes the score is the log-odds of the second. */
  readonly classes: Classes;
}

/**
 * The trees of gradient boosting, of classes or of numbers, read from its JSON. Throws `not-exportable` for another model,
 * `bad-model`.
 */
export function boostedTrees(json: ModelJSON): BoostedTrees {
  if (json.kind === 'gradient-boosting-regression') {
    const fields = modelFields(json, 'regression model');
    return readTrees(fields.count('columns'), fields.numbers('initial', 1), fields.list('trees'), []);
  }
  if (json.kind !== 'gradient-boosting') {
    throw new CounterweightError(
      'not-exportable',
      `XGBoost's format holds boosted trees, and this model is of kind ${json.kind}; ONNX holds other kinds too`,
    );
  }
  const { classes, present, columns, fields } = learnerFields(json, json.kind);
  const outputs = present.length === 2 ? 1 : present.length;
  const labels = present.map((code) => classes[code]!);
  return readTrees(columns, fields.numbers('initial', outputs), fields.list('trees'), labels);
}

function readTrees(columns: number, initial: Float64Array, written: readonly unknown[], classes: Classes) {
  const trees = written.map((one) => {
    const { output = 0 } = one as { readonly output?: number };
    return Object.freeze({ output, tree: readTree(one, columns, 1) });
  });
  return { columns, initial, trees, classes };
}
