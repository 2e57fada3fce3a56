export {
  type GradientBoostingLearner,
  type GradientBoostingOptions,
  gradientBoosting,
} from './gradient-boosting.ts';
export { type GradientBoostingModel, gradientBoostingModelFromJSON } from './gradient-boosting-model.ts';
export { depthOf, leavesOf, type Tree } from './tree.ts';
