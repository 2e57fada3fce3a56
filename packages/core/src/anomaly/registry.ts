import { modelFields } from '../calibrate/model-fields.ts';
import { nearestName } from '../data/nearest-name.ts';
import { quoted } from '../data/quoted.ts';
import { CounterweightError } from '../runtime/errors.ts';
import { COPOD, copod, copodFromJSON } from './copod.ts';
import type { AnomalyModel, Detector } from './detector.ts';
import { ECOD, ecod, ecodFromJSON } from './ecod.ts';
import {
  EXTENDED_ISOLATION_FOREST,
  extendedIsolationForest,
  extendedIsolationForestFromJSON,
} from './extended-isolation-forest.ts';
import { HBOS, hbos, hbosFromJSON } from './hbos.ts';
import { ISOLATION_FOREST, isolationForest, isolationForestFromJSON } from './isolation-forest.ts';
import { K_NEAREST, kNearest, kNearestFromJSON } from './k-nearest.ts';
import { LOCAL_OUTLIER_FACTOR, localOutlierFactor, localOutlierFactorFromJSON } from './local-outlier-factor.ts';
import { MAHALANOBIS, mahalanobis, mahalanobisFromJSON } from './mahalanobis.ts';
import {
  MINIMUM_COVARIANCE_DETERMINANT,
  minimumCovarianceDeterminant,
  minimumCovarianceDeterminantFromJSON,
} from './minimum-covariance-determinant.ts';
import { ONE_CLASS_SVM, oneClassSvm, oneClassSvmFromJSON } from './one-class-svm.ts';
import { PCA_RECONSTRUCTION, pcaReconstruction, pcaReconstructionFromJSON } from './pca-reconstruction.ts';
import { RANDOM_FEATURE_SVM, randomFeatureSvm, randomFeatureSvmFromJSON } from './random-feature-svm.ts';

/** A detector as programs find it by name; the common checks run over all of them. */
export interface DetectorEntry {
  /** Kebab-case name, also the `kind` of the model's JSON. */
  readonly name: string;
  /** Whether it draws random numbers, and so takes a `seed`. */
  readonly draws: boolean;
  /**
   * How columns are taken. `own`: each by its order or spread, so that units change nothing. `shared`: distances across columns
   * count, so that scales decide and columns should be brought to one first.
   */
  readonly scale: 'own' | 'shared';
  /** Makes the detector. Throws `bad-option` for options that it has not. */
  create(options?: object): Detector;
  /** Reads a model back. Throws `bad-model`. */
  fromJSON(json: unknown): AnomalyModel;
}

const entry = (
  name: string,
  facts: Pick<DetectorEntry, 'draws' | 'scale'>,
  create: (options?: object) => Detector,
  fromJSON: (json: unknown) => AnomalyModel,
): DetectorEntry => Object.freeze({ name, ...facts, create, fromJSON });

/** All detectors, by name. */
export const detectors: readonly DetectorEntry[] = Object.freeze([
  entry(ISOLATION_FOREST, { draws: true, scale: 'own' }, isolationForest, isolationForestFromJSON),
  entry(
    EXTENDED_ISOLATION_FOREST,
    { draws: true, scale: 'shared' },
    extendedIsolationForest,
    extendedIsolationForestFromJSON,
  ),
  entry(LOCAL_OUTLIER_FACTOR, { draws: false, scale: 'shared' }, localOutlierFactor, localOutlierFactorFromJSON),
  entry(K_NEAREST, { draws: false, scale: 'shared' }, kNearest, kNearestFromJSON),
  entry(ECOD, { draws: false, scale: 'own' }, ecod, ecodFromJSON),
  entry(COPOD, { draws: false, scale: 'own' }, copod, copodFromJSON),
  entry(HBOS, { draws: false, scale: 'own' }, hbos, hbosFromJSON),
  entry(PCA_RECONSTRUCTION, { draws: false, scale: 'own' }, pcaReconstruction, pcaReconstructionFromJSON),
  entry(MAHALANOBIS, { draws: false, scale: 'own' }, mahalanobis, mahalanobisFromJSON),
  entry(
    MINIMUM_COVARIANCE_DETERMINANT,
    { draws: true, scale: 'own' },
    minimumCovarianceDeterminant,
    minimumCovarianceDeterminantFromJSON,
  ),
  entry(ONE_CLASS_SVM, { draws: false, scale: 'shared' }, oneClassSvm, oneClassSvmFromJSON),
  entry(RANDOM_FEATURE_SVM, { draws: true, scale: 'shared' }, randomFeatureSvm, randomFeatureSvmFromJSON),
]);

/** The detector of that name, with options of its own. Throws `unknown-detector`, with the nearest name, and `bad-option`. */
export function createDetector(name: string, options: object = {}): Detector {
  const found = detectors.find((one) => one.name === name);
  if (found) return found.create(options);
  const names = detectors.map((one) => one.name);
  const near = nearestName(name, names);
  const hint = near === undefined ? `there are ${names.join(', ')}` : `did you mean ${quoted(near)}?`;
  throw new CounterweightError('unknown-detector', `there is no detector ${quoted(name)}; ${hint}`, { name });
}

/** Reads any model back by its `kind`. Throws `bad-model`. */
export function detectorFromJSON(json: unknown): AnomalyModel {
  const fields = modelFields(json, 'anomaly model');
  const kind = fields.oneOf('kind', ...detectors.map((one) => one.name));
  return detectors.find((one) => one.name === kind)!.fromJSON(json);
}
