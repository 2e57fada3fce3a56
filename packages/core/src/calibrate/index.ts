export { bayesianBinningCalibrator } from './bayesian-binning.ts';
export { type BetaOptions, type BetaParameters, betaCalibrator } from './beta.ts';
export { type BlackBoxShares, type BlackBoxShiftOptions, blackBoxShares } from './black-box-shift.ts';
export {
  type CalibrationCheck,
  type CalibrationCheckOptions,
  type ClassCalibrationCheck,
  calibrationCheck,
  type EstimatedValue,
} from './calibration-check.ts';
export type { Calibration, CalibrationJSON, Calibrator, CalibratorOptions, ScoreInput } from './calibrator.ts';
export {
  type CrossVennAbers,
  type CrossVennAbersJSON,
  crossVennAbers,
  crossVennAbersFromJSON,
} from './cross-venn-abers.ts';
export { type HistogramBinningOptions, histogramBinningCalibrator } from './histogram-binning.ts';
export {
  type InductiveVennAbers,
  type InductiveVennAbersJSON,
  inductiveVennAbers,
  inductiveVennAbersFromJSON,
  type VennAbersPairs,
  type VennAbersRows,
} from './inductive-venn-abers.ts';
export { type IsotonicOptions, isotonicCalibrator } from './isotonic.ts';
export {
  type DirichletOptions,
  dirichletCalibrator,
  type LinearSoftmaxCalibration,
  matrixScalingCalibrator,
  type ScalingOptions,
  vectorScalingCalibrator,
} from './linear-softmax.ts';
export type { VennAbersMerge } from './merge-venn-abers.ts';
export {
  type OnlineVennAbers,
  type OnlineVennAbersJSON,
  onlineVennAbers,
  onlineVennAbersFromJSON,
} from './online-venn-abers.ts';
export { type PlattOptions, plattCalibrator } from './platt.ts';
export { type PriorCalibratorOptions, priorCalibrationFromJSON, priorCalibrator } from './prior-calibrator.ts';
export {
  type PriorCorrection,
  type PriorCorrectionJSON,
  type PriorCorrectionOptions,
  priorCorrection,
  priorCorrectionFromJSON,
} from './prior-correction.ts';
export {
  heldOutRecalibration,
  priorRecalibration,
  type Recalibration,
  type RecalibrationDecision,
  type RecalibrationJSON,
  type RecalibrationOptions,
  type RecalibrationResult,
  recalibrationFromJSON,
} from './recalibration.ts';
export { type CalibratorEntry, calibrationFromJSON, calibratorByName, calibrators } from './registry.ts';
export { type SaerensOptions, type SaerensShares, type ShiftedShares, saerensShares } from './saerens.ts';
export {
  hasIntervals,
  type ShiftedCalibration,
  type ShiftedVennAbers,
  shiftedCalibration,
} from './shifted-calibration.ts';
export { type SplineOptions, splineCalibrator } from './spline.ts';
export { type TemperatureCalibration, type TemperatureOptions, temperatureCalibrator } from './temperature.ts';
export {
  type VennAbersCalibration,
  type VennAbersCalibrator,
  type VennAbersIntervals,
  type VennAbersOptions,
  type VennAbersProblem,
  vennAbersCalibrator,
  vennAbersFromJSON,
} from './venn-abers.ts';
