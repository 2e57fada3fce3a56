export type { Advice } from './advice.ts';
export type { AdviceFacts } from './advice-facts.ts';
export { advise } from './advise.ts';
export {
  type AutoCalibratedLearner,
  type AutoCalibratedModel,
  type AutoCalibratedOptions,
  type AutoCalibrationReport,
  autoCalibrated,
  autoCalibratedModelFromJSON,
} from './auto-calibrated.ts';
export {
  type CalibratedLearner,
  type CalibratedLearnerOptions,
  type CalibratedModel,
  type CalibratedPart,
  type CalibrationFold,
  calibratedLearner,
  calibratedModelFromJSON,
  type ModelReader,
} from './calibrated-learner.ts';
export {
  type CalibrationMeasures,
  type ClassCalibrationMeasures,
  defaultReplicates,
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
export type { DiagnoseOptions, Examination } from './diagnose.ts';
export { diagnose, examine } from './diagnose.ts';
export type * from './diagnosis.ts';
export type * from './evaluate-class-result.ts';
export { type EvaluateClassScoresOptions, evaluateClassScores } from './evaluate-class-scores.ts';
export type { EvaluateScoresOptions, NamedScores } from './evaluate-input.ts';
export { type EvaluationMetricInfo, evaluationMetricInfo } from './evaluate-metrics.ts';
export type * from './evaluate-result.ts';
export { evaluateScores } from './evaluate-scores.ts';
export type { Checkpoint, CostsByLabel, ExperimentOptions, ExperimentRunOptions } from './experiment-options.ts';
export { defaultLearners, learnerLabels, learnerNames } from './learners.ts';
export { type MapPoint, type NeighbourhoodMap, neighbourhoodMap } from './neighbourhood-map.ts';
export type * from './neighbourhood-summary.ts';
export {
  type Pipeline,
  type PipelineJSON,
  type PipelineParts,
  pipelineFromJSON,
  pipelineOf,
  type Scores,
} from './pipeline.ts';
export type * from './result.ts';
export type { RowDifficulty } from './row-difficulty.ts';
export { type Experiment, runExperiment } from './run-experiment.ts';
export { type Strategy, strategiesOf } from './strategy.ts';
export { summariseNeighbourhoods } from './summarise-neighbourhoods.ts';
export { type Treated, type Treatment, treatmentNamed, treatmentNames } from './treatments.ts';
export type { Sureness, Uncertainty, UncertaintyJSON } from './uncertainty.ts';
