export type { BoundMetric } from './certified-groups.ts';
export {
  type ConstrainedThreshold,
  type ConstrainedThresholdOptions,
  constrainedThreshold,
  type ThresholdConstraint,
  type ThresholdGuarantee,
} from './constrained-threshold.ts';
export {
  binaryCosts,
  type CostMatrix,
  checkCosts,
  costThreshold,
  expectedCost,
  minimumCostDecisions,
} from './costs.ts';
export { type FoldThreshold, type FoldThresholds, foldThresholds } from './fold-thresholds.ts';
export { rebalancingWeight } from './rebalancing-weight.ts';
export { rowCostDecisions, rowCostThresholds } from './row-cost-decisions.ts';
export { type CostedRows, checkRowCosts, type PerRow, type RowCosts } from './row-costs.ts';
export { savings, totalCost } from './savings.ts';
export { transferThreshold } from './transfer-threshold.ts';
