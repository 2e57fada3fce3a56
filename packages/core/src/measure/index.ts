export { type AloneAuc, aloneAuc } from './alone-auc.ts';
export { type BayesImbalanceImpact, bayesImbalanceImpact } from './bayes-imbalance-impact.ts';
export {
  borderlineFraction,
  intraInterRatio,
  localSetCardinality,
  nearestNeighbourError,
} from './border-measures.ts';
export { classEntropyImbalance, classRatioImbalance } from './class-balance.ts';
export { type ShareDistance, shareDistances } from './class-distances.ts';
export type { ClassMeasure } from './class-measure.ts';
export type { PairOptions } from './class-pairs.ts';
export { levelledSample, proportionalSample } from './class-sample.ts';
export { coveringSpheres, type SphereOptions } from './covering-spheres.ts';
export type { DifficultyInput } from './difficulty-input.ts';
export type { DifficultyOptions } from './difficulty-options.ts';
export { type Dimensionality, dimensionality } from './dimensionality.ts';
export { directionalFisherRatio } from './directional-fisher-ratio.ts';
export { effectiveClasses, effectiveNumber } from './effective-number.ts';
export { collectiveFeatureEfficiency, featureEfficiency } from './feature-efficiency.ts';
export { fisherRatio } from './fisher-ratio.ts';
export { type Geometry, pairGeometry } from './geometry.ts';
export { classShares, imbalanceRatio } from './imbalance.ts';
export { imbalanceDegree } from './imbalance-degree.ts';
export { type JudgedLabels, judgedLabels } from './judged-labels.ts';
export { labelNoiseSuspects, type NoiseSuspect } from './label-noise.ts';
export { type LeakSuspect, type LeakWarnings, leakWarnings } from './leak-warnings.ts';
export { likelihoodRatioDegree } from './likelihood-ratio-degree.ts';
export { type Linearity, type LinearityOptions, linearity } from './linearity.ts';
export { type Difficulty, measureDifficulty } from './measure-difficulty.ts';
export { type Imbalance, measureImbalance } from './measure-imbalance.ts';
export { crossClassDuplicates, type NearDuplicate, type NearDuplicates } from './near-duplicates.ts';
export { nearestNeighbourNonlinearity } from './nearest-neighbour-nonlinearity.ts';
export { type NearestOther, nearestOfOtherClasses } from './nearest-other.ts';
export { type NeighbourDisagreement, neighbourDisagreement } from './neighbour-disagreement.ts';
export type { NeighbourhoodDifficulty } from './neighbourhood-difficulty.ts';
export {
  type NeighbourhoodTypes,
  neighbourhoodTypes,
  type PairRule,
  type RowType,
  rowTypes,
  type TypeShares,
} from './neighbourhood-types.ts';
export {
  type FindNeighbours,
  findNeighbourhoods,
  type Neighbourhoods,
  type NeighbourLists,
} from './neighbourhoods.ts';
export { overlapVolume } from './overlap-volume.ts';
export { type PrincipalAxes, principalAxes, projectRows } from './principal-axes.ts';
export { type RValue, rValue } from './r-value.ts';
export { type ClassDisjuncts, smallDisjuncts } from './small-disjuncts.ts';
