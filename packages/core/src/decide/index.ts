export {
  binaryCosts,
  type CostMatrix,
  checkCosts,
  costThreshold,
  expectedCost,
  minimumCostDecisions,
} from './costs.ts';
