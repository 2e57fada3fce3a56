export {
  type CalibrationMeasures,
  type ClassCalibrationMeasures,
  type MeasureCalibrationOptions,
  type MeasuredProbabilities,
  measureCalibration,
  type OverallCalibrationMeasures,
} from './calibration-measures.ts';
export {
  type CalibratorComparison,
  type CompareCalibratorsOptions,
  type ComparedCalibrator,
  compareCalibrators,
  fewRows,
} from './compare-calibrators.ts';
export type { Decision } from './decision.ts';
export { decide } from './decision.ts';
export type { HeldOutScores } from './describe-held-out.ts';
export type { DiagnoseOptions, Diagnosis } from './diagnose.ts';
export { diagnose } from './diagnose.ts';
export type { Checkpoint, CostsByLabel, ExperimentOptions, ExperimentRunOptions } from './experiment-options.ts';
export { learnerNames } from './learners.ts';
export {
  type Pipeline,
  type PipelineJSON,
  type PipelineParts,
  pipelineFromJSON,
  pipelineOf,
  type Scores,
} from './pipeline.ts';
export type * from './result.ts';
export { type Experiment, runExperiment } from './run-experiment.ts';
export { type Strategy, strategiesOf } from './strategy.ts';
export { type Treated, type Treatment, treatmentNamed, treatmentNames } from './treatments.ts';
