import { described } from '../../data/described.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import type { Model } from '../learner.ts';
import type { CostTreeModel } from './cost-tree-model.ts';
import type { ForestModel } from './forest-model.ts';
import type { GradientBoostingModel } from './gradient-boosting-model.ts';
import type { RegressionModel } from './gradient-boosting-regression.ts';
import type { TreeSum } from './tree-sum.ts';

/** An ensemble of trees; one of other members has no forest. */
export interface TreeEnsembleModel extends Model {
  readonly forest?: ForestModel | undefined;
  readonly forestFactor?: number | undefined;
}

/** A model that is a sum or a mean of trees. */
export type TreesModel = GradientBoostingModel | RegressionModel | ForestModel | CostTreeModel | TreeEnsembleModel;

/** Trees with the output that each begins at, what every tree's value counts for, and what the sums start from. */
export interface ModelTrees {
  readonly trees: TreeSum['trees'];
  readonly outputs: number;
  readonly initial: Float64Array;
  readonly share: number;
  /** Columns of the rows. */
  readonly columns: number;
}

/** Throws `no-trees` for a model of another kind. */
export function treesOfModel(model: TreesModel): ModelTrees {
  const { trees, name, forest } = ((model as TreesModel | null | undefined) ?? {}) as Partial<Told>;
  if (forest) {
    const { forestFactor = 1 } = model as TreeEnsembleModel;
    const own = treesOfModel(forest);
    return { ...own, share: own.share * forestFactor };
  }
  if (!Array.isArray(trees)) {
    const got = typeof name === 'string' ? `a model of ${name}` : described(model);
    throw new CounterweightError('no-trees', `this takes a fitted model of trees or of boosting, got ${got}`);
  }
  const { columns } = model as Exclude<TreesModel, TreeEnsembleModel>;
  if ('initial' in model) {
    return { trees: model.trees, outputs: model.initial.length, initial: model.initial, share: 1, columns };
  }
  const { present, trees: own } = model as ForestModel;
  const outputs = present.length;
  const single = own.map((tree) => ({ tree, output: 0 }));
  return { trees: single, outputs, initial: new Float64Array(outputs), share: 1 / single.length, columns };
}

interface Told {
  readonly trees: unknown;
  readonly name: unknown;
  readonly forest: ForestModel;
}
