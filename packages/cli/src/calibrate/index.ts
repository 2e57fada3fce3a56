export { type Applied, type ApplyRequest, applyCalibrator } from './apply.ts';
export { readCalibrator, type SavedCalibrator, writeCalibrator } from './calibrator-file.ts';
export { type Fitted, fitCalibrator } from './fit.ts';
export { type CalibrateFlags, checkFlags, type FitRequest, fitRequestOf, methodNames } from './request.ts';
