import type { NumericRows } from '../../data/dataset.ts';
import type { Classes } from '../../data/labels.ts';
import type { Matrix } from '../../data/matrix.ts';
import type { Notice } from '../../runtime/notices.ts';
import type { RunOptions } from '../../runtime/run-options.ts';
import type { Model, ModelJSON } from '../learner.ts';
import { learnerFields } from '../learner-fields.ts';
import { leafMeans } from './forest-model.ts';
import type { Tree } from './tree.ts';
import { holdsShares, treeFromJSON, treeToJSON } from './tree-json.ts';

export const COST_TREE_KIND = 'cost-sensitive-tree';

/** A tree whose leaves say which decision costs least. */
export interface CostTreeModel extends Model {
  readonly name: typeof COST_TREE_KIND;
  readonly columns: number;
  /** Class codes that occurred in the training rows; the tree has an output for each. */
  readonly present: readonly number[];
  /** The tree alone; its values are the smoothed shares of the classes. */
  readonly trees: readonly [Tree];
  /** What each decision costs a row of the node above the cheapest for each of its rows, on average: `nodes × present`. */
  readonly costs: Float64Array;
  /** Mean costs of the row's leaf, `rows × present`: a column a decision. */
  leafCosts(X: NumericRows, options?: RunOptions): Promise<Matrix>;
  /** Code of the decision that costs least at the row's leaf, of equal ones the first: one a row. */
  decide(X: NumericRows, options?: RunOptions): Promise<Int32Array>;
}

export interface CostTreeParts {
  readonly classes: Classes;
  readonly present: readonly number[];
  readonly columns: number;
  readonly tree: Tree;
  readonly costs: Float64Array;
  readonly notices: readonly Notice[];
}

export function costTreeModel(parts: CostTreeParts): CostTreeModel {
  const classes = Object.freeze([...parts.classes]);
  const present = Object.freeze([...parts.present]);
  const notices = Object.freeze([...parts.notices]);
  const { columns, tree, costs } = parts;
  const width = present.length;
  const shares = { columns, trees: [tree], present, classes: classes.length };
  const costTree = { columns, trees: [{ ...tree, value: costs }], present: [...present.keys()], classes: width };
  const decide = async (X: NumericRows, options?: RunOptions) => {
    const { data, rows } = await leafMeans(costTree, X, options);
    return Int32Array.from({ length: rows }, (_, row) => present[cheapest(data, row * width, width)]!);
  };
  return Object.freeze({
    name: COST_TREE_KIND,
    classes,
    notices,
    columns,
    present,
    trees: Object.freeze([tree] as const),
    costs,
    predictProba: (X: NumericRows, options?: RunOptions) => leafMeans(shares, X, options),
    leafCosts: (X: NumericRows, options?: RunOptions) => leafMeans(costTree, X, options),
    decide,
    toJSON: () => ({
      kind: COST_TREE_KIND,
      version: 1,
      classes,
      present,
      columns,
      tree: treeToJSON(tree),
      costs: [...costs],
      notices,
    }),
  });
}

/** Place of the least of `width` numbers from `start` on, the first of equal ones. */
export function cheapest(costs: Float64Array, start: number, width: number): number {
  let best = 0;
  for (let k = 1; k < width; k++) if (costs[start + k]! < costs[start + best]!) best = k;
  return best;
}

/** Reads what `toJSON` wrote. Throws `bad-model` with the field that is wrong. */
export function costTreeModelFromJSON(json: ModelJSON): CostTreeModel {
  const { classes, present, columns, notices, fields } = learnerFields(json, COST_TREE_KIND);
  const tree = treeFromJSON(fields.any('tree'), columns, present.length);
  fields.require('tree', tree !== undefined && holdsShares(tree));
  const costs = fields.numbers('costs', tree!.feature.length * present.length);
  fields.require(
    'costs',
    costs.every((cost) => cost >= 0),
  );
  return costTreeModel({ classes, present, columns, tree: tree!, costs, notices });
}
