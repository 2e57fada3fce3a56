export { adjustedBalancedAccuracy } from './adjusted-balanced-accuracy.ts';
export { accuracy, balancedAccuracy, cohenKappa, geometricMean, matthewsCorrcoef } from './agreement.ts';
export { allMetrics, type PredictedRows } from './all-metrics.ts';
export { averagePrecision, averagePrecisionOfRanked, macroAveragePrecision } from './average-precision.ts';
export { averagePrecisionOneVsRest } from './average-precision-one-vs-rest.ts';
export { accelerationOf, bcaInterval } from './bca-interval.ts';
export { betaQuantile, binomialUpperTail } from './beta-quantile.ts';
export { type BootstrapRows, bootstrapDifference, bootstrapMetrics } from './bootstrap.ts';
export { bootstrapDecisions } from './bootstrap-decisions.ts';
export type { BootstrapOptions, ConfusionMetric, MetricEstimate } from './bootstrap-estimates.ts';
export { brierScore } from './brier-score.ts';
export type { BinningOptions, CalibrationPreset } from './calibration-bins.ts';
export {
  type CalibrationBin,
  type CalibrationErrors,
  type ClassWiseCalibrationError,
  calibrationError,
  classWiseCalibrationError,
  topLabelCalibrationError,
} from './calibration-error.ts';
export { type CalibrationRegression, calibrationRegression } from './calibration-regression.ts';
export { classGeometricMean } from './class-geometric-mean.ts';
export { type ClassReport, type ClassReportLine, classReport } from './class-report.ts';
export type { Averaging, ClassScores, ReportOptions } from './class-scores.ts';
export { type BestClassWeights, bestClassWeights, type ClassWeightSearch } from './class-weights.ts';
export { clopperPearsonInterval, clopperPearsonLowerBound } from './clopper-pearson.ts';
export { compareRocAuc, type RocAucComparison } from './compare-roc-auc.ts';
export { type BinaryCounts, binaryCounts, type Confusion, confusionMatrix } from './confusion.ts';
export { type CorpDecomposition, corpDecomposition, corpDecompositionOfRanked } from './corp-decomposition.ts';
export { fBeta, precision, recall, specificity } from './count-ratios.ts';
export {
  brownianMaximumCdf,
  brownianRangeCdf,
  type CumulativeCalibration,
  type CumulativeTest,
  cumulativeCalibration,
} from './cumulative-calibration.ts';
export { d2Brier, d2LogLoss } from './d2-scores.ts';
export { decisionMetric, decisionMetrics } from './decision-metrics.ts';
export { thresholdDecisions, weightedDecisions } from './decisions.ts';
export { type DetectionErrorCurve, detectionErrorCurve } from './detection-error-curve.ts';
export { type DiscountedGainOptions, normalisedDiscountedGain } from './discounted-gain.ts';
export { normalCdf, normalQuantile, studentCdf, studentQuantile } from './distributions.ts';
export { expectedCalibrationError } from './expected-calibration.ts';
export { type GainOptions, type GainsCurve, gainAt, gainsCurve, liftAt } from './gains.ts';
export { type HMeasureOptions, hMeasure, hMeasureOfRanked } from './h-measure.ts';
export { type IndexBalancedAccuracyOptions, indexBalancedAccuracy } from './index-balanced-accuracy.ts';
export { informedness, markedness, negativePredictiveValue } from './informedness.ts';
export { type IntegratedCalibration, integratedCalibration } from './integrated-calibration.ts';
export { correctedInterval, type Interval, type MeanInterval, wilsonInterval } from './intervals.ts';
export { jaccard } from './jaccard.ts';
export { type KolmogorovSmirnov, kolmogorovSmirnov, kolmogorovSmirnovOfRanked } from './kolmogorov-smirnov.ts';
export { negativeLikelihoodRatio, positiveLikelihoodRatio } from './likelihood-ratios.ts';
export { type LoessOptions, loess } from './loess.ts';
export { logLoss } from './log-loss.ts';
export { macroAbsoluteError } from './macro-absolute-error.ts';
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
export { type MinorityCalibrationError, minorityCalibrationError } from './minority-calibration-error.ts';
export { type OneVsOneOptions, type OneVsRestOptions, rocAucOneVsOne, rocAucOneVsRest } from './multi-class-roc-auc.ts';
export {
  type MultiLabelReport,
  type MultiLabelRows,
  multiLabelCounts,
  multiLabelReport,
} from './multi-label-report.ts';
export {
  type DecisionCurve,
  type DecisionCurveOptions,
  decisionCurve,
  decisionCurveOfRanked,
  netBenefit,
} from './net-benefit.ts';
export type { ClassAveraging, ClassScoredRows } from './one-vs-rest.ts';
export { type PartialRocAucOptions, partialRocAuc, partialRocAucOfRanked } from './partial-roc-auc.ts';
export { poolAdjacentViolators } from './pool-adjacent-violators.ts';
export {
  leastPrecisionRecallArea,
  type PrecisionRecallAreaOptions,
  precisionRecallArea,
  precisionRecallAreaOfRanked,
} from './precision-recall-area.ts';
export { type PrecisionRecallCurve, precisionRecallCurve } from './precision-recall-curve.ts';
export {
  type PrecisionRecallGainCurve,
  precisionRecallGainArea,
  precisionRecallGainAreaOfRanked,
  precisionRecallGainCurve,
} from './precision-recall-gain.ts';
export { prevalenceAdjustedPrecision } from './prevalence-adjusted-precision.ts';
export { descendingOrder, type RankedScores, rankScores, type ScoredRows } from './ranked-scores.ts';
export {
  type Reliability,
  type ReliabilityBin,
  type ReliabilityOptions,
  reliabilityCurve,
  reliabilityCurveOfRanked,
} from './reliability-curve.ts';
export { macroRocAuc, rocAuc, rocAucOfRanked } from './roc-auc.ts';
export {
  deLongVarianceOfRanked,
  type RocAucInterval,
  type RocAucIntervalOptions,
  rocAucInterval,
  rocAucIntervalOfRanked,
} from './roc-auc-interval.ts';
export { type RocCurve, rocCurve } from './roc-curve.ts';
export { rocHullAreaOfRanked } from './roc-hull.ts';
export { type SpiegelhalterTest, spiegelhalterTest } from './spiegelhalter.ts';
export {
  type BestThreshold,
  bestThreshold,
  bestThresholdOfRanked,
  type CountsObjective,
  sweepCounts,
  type ThresholdSweep,
  thinSweep,
} from './threshold-sweep.ts';
export { topCalibrationError } from './top-calibration-error.ts';
export { precisionAtK, recallAtK, type TopKOptions } from './top-k.ts';
export { topKAccuracy } from './top-k-accuracy.ts';
export type { UndefinedOption } from './undefined-value.ts';
export { type KappaWeighting, weightedKappa } from './weighted-kappa.ts';
export { zeroOneLoss } from './zero-one-loss.ts';
