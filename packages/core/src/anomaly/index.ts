export type { AnomalyModel, AnomalyModelJSON, Detector } from './detector.ts';
export { type IsolationForestOptions, isolationForest } from './isolation-forest.ts';
export { createDetector, type DetectorEntry, detectorFromJSON, detectors } from './registry.ts';
