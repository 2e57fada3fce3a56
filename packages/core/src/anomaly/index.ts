export {
  type AnomalyFeatureOptions,
  type AnomalyFeatures,
  anomalyFeatures,
  anomalyFeaturesFromJSON,
} from './anomaly-features.ts';
export { anomalyPValues } from './anomaly-p-values.ts';
export {
  type AnomalyProbabilities,
  type AnomalyProbabilityOptions,
  anomalyProbabilities,
  anomalyProbabilitiesFromJSON,
} from './anomaly-probabilities.ts';
export {
  type AlarmRateOptions,
  type AnomalyThreshold,
  type AnomalyThresholdOptions,
  anomalyThreshold,
  type LabelledThresholdOptions,
} from './anomaly-threshold.ts';
export type { TailAggregation } from './column-tails.ts';
export {
  type ConformalAnomalyModel,
  type ConformalDetectorOptions,
  conformalDetector,
  conformalDetectorFromJSON,
} from './conformal-detector.ts';
export { type CopodOptions, copod } from './copod.ts';
export type { AnomalyModel, AnomalyModelJSON, Detector } from './detector.ts';
export { type EcodOptions, ecod } from './ecod.ts';
export { type ExtendedIsolationForestOptions, extendedIsolationForest } from './extended-isolation-forest.ts';
export { type HbosOptions, hbos } from './hbos.ts';
export { type IsolationForestOptions, isolationForest } from './isolation-forest.ts';
export {
  type DistanceSummary,
  type KNearestOptions,
  kNearest,
  type NeighbourAnomalyModel,
  type NeighbourDetector,
} from './k-nearest.ts';
export { type LocalOutlierFactorOptions, localOutlierFactor } from './local-outlier-factor.ts';
export { type CovarianceDetector, mahalanobis } from './mahalanobis.ts';
export type { CovarianceModel } from './mahalanobis-model.ts';
export {
  type MinimumCovarianceDeterminantOptions,
  minimumCovarianceDeterminant,
} from './minimum-covariance-determinant.ts';
export {
  type OneClassSvmDetector,
  type OneClassSvmModel,
  type OneClassSvmOptions,
  oneClassSvm,
} from './one-class-svm.ts';
export { type PcaReconstructionOptions, pcaReconstruction } from './pca-reconstruction.ts';
export { type RandomFeatureSvmOptions, randomFeatureSvm } from './random-feature-svm.ts';
export { createDetector, type DetectorEntry, detectorFromJSON, detectors } from './registry.ts';
