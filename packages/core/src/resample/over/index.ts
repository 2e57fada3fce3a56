export { type AdasynOptions, adasyn } from './adasyn.ts';
export { type BorderlineSmoteOptions, borderlineSmote } from './borderline-smote.ts';
export { type CcrOptions, ccr } from './ccr.ts';
export { type GeometricSmoteOptions, geometricSmote } from './geometric-smote.ts';
export {
  type IterativePartitioningFilterOptions,
  iterativePartitioningFilter,
  type PartitioningFilterOptions,
} from './iterative-partitioning-filter.ts';
export { type FindClusters, type KMeansSmoteOptions, kMeansSmote } from './kmeans-smote.ts';
export { type LeeOptions, lee } from './lee.ts';
export { type LvqSmoteOptions, lvqSmote } from './lvq-smote.ts';
export type { MixOptions } from './mix-rows.ts';
export { type MixupOptions, mixup } from './mixup.ts';
export { type MlSmoteOptions, mlSmote } from './ml-smote.ts';
export {
  type LabelImbalance,
  labelImbalance,
  type MultiLabelDataset,
  type MultiLabelResampled,
  type MultiLabelResampler,
  type MultiLabels,
} from './multi-label.ts';
export { type MwmoteOptions, mwmote } from './mwmote.ts';
export { type PolynomFitSmoteOptions, type PolynomFitTopology, polynomFitSmote } from './polynom-fit-smote.ts';
export { type ProwsynOptions, prowsyn } from './prowsyn.ts';
export { type RandomOverOptions, randomOver } from './random-over.ts';
export { type RandomWalkOverSamplingOptions, randomWalkOverSampling } from './random-walk-over-sampling.ts';
export { type RemixOptions, remix } from './remix.ts';
export { type RoseOptions, rose } from './rose.ts';
export { type SafeLevelSmoteOptions, safeLevelSmote } from './safe-level-smote.ts';
export { type SmobdOptions, smobd } from './smobd.ts';
export type { Shrinkage } from './smoothed-bootstrap.ts';
export { type SmoteOptions, smote } from './smote.ts';
export { type SmoteIpfOptions, smoteIpf } from './smote-ipf.ts';
export { type FindSupportVectors, type SvmSmoteOptions, svmSmote } from './svm-smote.ts';
export type { OnTooFewRows } from './too-few-rows.ts';
