export { type ClusteredOptions, clusteredConformal, clusteringPlan } from './clustered.ts';
export { type CoverageRange, coverageRange } from './coverage-range.ts';
export { type CrossConformalOptions, crossConformal, cvPlus } from './cross.ts';
export { type DriftAlarm, type DriftAlarmOptions, driftAlarm } from './drift-alarm.ts';
export {
  type FullConformalModel,
  type FullConformalOptions,
  type FullPValueOptions,
  fullConformal,
  type Refit,
} from './full.ts';
export { type FuzzyOptions, fuzzyConformal } from './fuzzy.ts';
export { type InterpQOptions, interpQ } from './interp-q.ts';
export { type LabelShiftOptions, labelShiftConformal } from './label-shift.ts';
export {
  binomialPValue,
  type FamilyControl,
  hoeffdingBentkus,
  type LearnThenTest,
  type LearnThenTestOptions,
  learnThenTest,
} from './learn-then-test.ts';
export { lossTable, meanLosses } from './loss-table.ts';
export { type MartingalePath, type MartingaleState, type SimpleJumperOptions, simpleJumper } from './martingale.ts';
export { type MondrianBy, type MondrianConformalOptions, mondrianConformal } from './mondrian.ts';
export { type OnlinePValueOptions, onlinePValues } from './online-p-values.ts';
export {
  type ObservedPValueCriteria,
  observedPValueCriteria,
  type PValueCriteria,
  pValueCriteria,
} from './p-value-criteria.ts';
export { type PValueSummary, summarisePValues } from './p-value-summary.ts';
export { labelsInSet, type PredictionSets, setsFromPValues } from './prediction-sets.ts';
export type {
  ConformalFitOptions,
  ConformalJSON,
  ConformalModel,
  ConformalPredictor,
  ConformalPValueOptions,
  ConformalSetOptions,
  TooFewPolicy,
} from './predictor.ts';
export { conformalQuantile, conformalRank, type ExactBound, exactQuantiles, rowsNeeded } from './rank-rule.ts';
export { type Rc3pOptions, rc3p } from './rc3p.ts';
export { type ConformalPredictorEntry, conformalModelFromJSON, conformalPredictors } from './registry.ts';
export {
  conformalRiskControl,
  conformalRiskOfMeans,
  type RiskControl,
  type RiskControlOptions,
  type RiskOfMeansOptions,
} from './risk-control.ts';
export { rowRandomness, streamRandomness } from './row-randomness.ts';
export { type ApsOptions, aps, type RapsOptions, raps } from './scores/adaptive.ts';
export { lac } from './scores/least-ambiguous.ts';
export { margin } from './scores/margin.ts';
export { type PasOptions, pas, type WpasOptions, wpas } from './scores/prevalence-adjusted.ts';
export { type ConformalScoreEntry, conformalScoreFromJSON, conformalScores } from './scores/registry.ts';
export type { ConformalScore, ScoreJSON } from './scores/score.ts';
export { type SapsOptions, saps } from './scores/sorted-adaptive.ts';
export { type TopKScoreOptions, topK } from './scores/top-k.ts';
export { type TunedRaps, type TuneRapsOptions, tuneRaps } from './scores/tune-raps.ts';
export {
  type ClassCoverage,
  type CoverageEstimate,
  coveredRows,
  difficultyViolation,
  evaluateSets,
  type SetReport,
  type SizeStratum,
  type Stratum,
} from './set-metrics.ts';
export { type ConformalOptions, type SplitConformalOptions, splitConformal } from './split.ts';
export { type TunedRapsOptions, tunedRapsConformal } from './tuned-raps.ts';
export { type UniformityTest, uniformityTest } from './uniformity.ts';
export { type WorstSlice, type WorstSliceOptions, worstSliceCoverage } from './worst-slice.ts';
