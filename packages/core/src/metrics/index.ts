export { accuracy, balancedAccuracy, cohenKappa, geometricMean, matthewsCorrcoef } from './agreement.ts';
export { allMetrics, type PredictedRows } from './all-metrics.ts';
export { averagePrecision, averagePrecisionOfRanked, macroAveragePrecision } from './average-precision.ts';
export { type BootstrapRows, bootstrapDifference, bootstrapMetrics } from './bootstrap.ts';
export { bootstrapDecisions } from './bootstrap-decisions.ts';
export type { BootstrapOptions, ConfusionMetric, MetricEstimate } from './bootstrap-estimates.ts';
export { brierScore } from './brier-score.ts';
export { type BestClassWeights, bestClassWeights, type ClassWeightSearch } from './class-weights.ts';
export { type BinaryCounts, binaryCounts, type Confusion, confusionMatrix } from './confusion.ts';
export { fBeta, precision, recall, specificity } from './count-ratios.ts';
export { decisionMetric, decisionMetrics } from './decision-metrics.ts';
export { thresholdDecisions, weightedDecisions } from './decisions.ts';
export { normalCdf, normalQuantile, studentCdf, studentQuantile } from './distributions.ts';
export { correctedInterval, type Interval, type MeanInterval, wilsonInterval } from './intervals.ts';
export { logLoss } from './log-loss.ts';
export { macroFBeta, macroPrecision, macroRecall, macroSpecificity } from './macro-averages.ts';
export {
  type DecisionMetricName,
  decisionMetricNames,
  isMetricName,
  type MetricInfo,
  type MetricName,
  metricInfo,
  metricNames,
} from './metric-info.ts';
export type { ClassScoredRows } from './one-vs-rest.ts';
export { poolAdjacentViolators } from './pool-adjacent-violators.ts';
export { type PrecisionRecallCurve, precisionRecallCurve } from './precision-recall-curve.ts';
export { descendingOrder, type RankedScores, rankScores, type ScoredRows } from './ranked-scores.ts';
export {
  type Reliability,
  type ReliabilityBin,
  type ReliabilityOptions,
  reliabilityCurve,
} from './reliability-curve.ts';
export { macroRocAuc, rocAuc, rocAucOfRanked } from './roc-auc.ts';
export { type RocCurve, rocCurve } from './roc-curve.ts';
export {
  type BestThreshold,
  bestThreshold,
  bestThresholdOfRanked,
  type CountsObjective,
  sweepCounts,
  type ThresholdSweep,
  thinSweep,
} from './threshold-sweep.ts';
export type { UndefinedOption } from './undefined-value.ts';
