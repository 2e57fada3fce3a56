export type {
  AsymmetricLoss,
  BoostingLoss,
  ClassBalancedLoss,
  CustomLoss,
  FocalLoss,
  LogitAdjustedLoss,
  MarginLoss,
  RowCostLoss,
  WeightedLoss,
} from './boosting-loss.ts';
export {
  type CostSensitiveTreeOptions,
  type CostTreeLearner,
  costSensitiveTree,
} from './cost-sensitive-tree.ts';
export { type CostTreeModel, costTreeModelFromJSON } from './cost-tree-model.ts';
export type { CostAmount, DecisionCosts, OutcomeCosts } from './decision-costs.ts';
export type { EarlyStopping, StoppingMetric } from './early-stopping.ts';
export {
  decisionTree,
  extraTrees,
  type ForestLearner,
  randomForest,
} from './forest.ts';
export { type ForestKind, type ForestModel, forestModelFromJSON } from './forest-model.ts';
export type { DecisionTreeOptions, ForestOptions } from './forest-options.ts';
export {
  type GradientBoostingLearner,
  type GradientBoostingOptions,
  gradientBoosting,
} from './gradient-boosting.ts';
export { type GradientBoostingModel, gradientBoostingModelFromJSON } from './gradient-boosting-model.ts';
export {
  gradientBoostingRegression,
  gradientBoostingRegressionFromJSON,
  type RegressionModel,
  type RegressionOptions,
  type TargetRows,
} from './gradient-boosting-regression.ts';
export type { CostCriterion } from './grow-cost-tree.ts';
export {
  gainImportance,
  type PermutationImportance,
  type PermutationImportanceOptions,
  permutationImportance,
} from './importance.ts';
export { depthOf, leavesOf, type Tree } from './tree.ts';
export { type ShapValues, treeShap } from './tree-shap.ts';
export type { TreeEnsembleModel, TreesModel } from './trees-of-model.ts';
