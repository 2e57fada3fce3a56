export { type AllKnnOptions, allKnn } from './all-knn.ts';
export type { MinRatio } from './bound-removal.ts';
export type { CleaningOptions } from './cleaner.ts';
export { type ClusterCentroidsOptions, clusterCentroids, type FindCentres } from './cluster-centroids.ts';
export {
  type CondensedNearestNeighbourOptions,
  condensedNearestNeighbour,
} from './condensed-nearest-neighbour.ts';
export {
  type EditedNearestNeighboursOptions,
  editedNearestNeighbours,
  type KindSel,
} from './edited-nearest-neighbours.ts';
export {
  type InstanceHardnessThresholdOptions,
  instanceHardnessThreshold,
} from './instance-hardness-threshold.ts';
export { type NearMissOptions, nearMiss } from './near-miss.ts';
export {
  type NeighbourhoodCleaningRuleOptions,
  neighbourhoodCleaningRule,
} from './neighbourhood-cleaning-rule.ts';
export { type OneSidedSelectionOptions, oneSidedSelection } from './one-sided-selection.ts';
export type { ProbabilityEstimator } from './probability-estimator.ts';
export { type RandomUnderOptions, randomUnder } from './random-under.ts';
export {
  type RepeatedEditedNearestNeighboursOptions,
  repeatedEditedNearestNeighbours,
} from './repeated-edited-nearest-neighbours.ts';
export { type SpiderOptions, spider } from './spider.ts';
export { type TomekLinksOptions, tomekLinks } from './tomek-links.ts';
export type { OnTooFew } from './under-sampler.ts';
