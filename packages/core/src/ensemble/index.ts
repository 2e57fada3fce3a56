export {
  type AdaBoostOptions,
  adaBoost,
  type EasyEnsembleOptions,
  easyEnsemble,
  type OverBoostOptions,
  overBoost,
  type RusBoostOptions,
  rusBoost,
} from './ada-boost.ts';
export { type BalanceCascadeOptions, balanceCascade } from './balance-cascade.ts';
export { type BalancedBaggingOptions, balancedBagging } from './balanced-bagging.ts';
export {
  type BalancedRandomForestOptions,
  balancedRandomForest,
} from './balanced-random-forest.ts';
export type { TreeOptions } from './base-fits.ts';
export type { ClassCosts, EnsembleCosts } from './class-costs.ts';
export type { Combination, CombinedModel } from './combined-model.ts';
export {
  adaC1,
  adaC2,
  adaC3,
  adaCost,
  adaUBoost,
  asymBoost,
  type CostBoostOptions,
  type CostStrengthOptions,
} from './cost-boost.ts';
export { type CostRejectionOptions, costRejection } from './cost-rejection.ts';
export {
  type DecompositionOptions,
  oneVersusOne,
  oneVersusRest as oneVersusRestLearner,
  outputCodes,
} from './decomposition.ts';
export type { EnsembleLearner } from './ensemble-learner.ts';
export { type IiVotesOptions, iiVotes } from './ii-votes.ts';
export { adaBoostM2, type SmoteBoostOptions, smoteBoost } from './m2-boost.ts';
export type { MemberLearner, MemberOptions } from './member-base.ts';
export type { MemberSampler } from './member-parts.ts';
export { type MetaCostOptions, metaCost } from './meta-cost.ts';
export type { EnsembleOptions } from './options.ts';
export { overBagging, type PlainBaggingOptions, underBagging } from './plain-bagging.ts';
export { type EnsembleEntry, ensembles, memberFromJSON } from './registry.ts';
export { type SelfPacedEnsembleOptions, selfPacedEnsemble } from './self-paced-ensemble.ts';
export { type NewRowsOptions, type SmoteBaggingOptions, smoteBagging } from './smote-bagging.ts';
export { type VotingOptions, voting } from './voting.ts';
