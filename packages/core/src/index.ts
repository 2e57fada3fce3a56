export type { Dataset, NumericRows, Rows } from './data/dataset.ts';
export type { Classes, ClassLabel, Labels } from './data/labels.ts';
export { type Matrix, matrix } from './data/matrix.ts';
export { type SparseMatrix, sparseMatrix } from './data/sparse.ts';
export type {
  BooleanColumn,
  CategoricalColumn,
  Column,
  ColumnKind,
  DateTimeColumn,
  NumericColumn,
  Table,
} from './data/table.ts';
export type {
  CalibrationReport,
  Choice,
  Coefficient,
  ColumnSummary,
  Costs,
  CurvePoint,
  DataSummary,
  DecisionName,
  DecisionReport,
  Estimate,
  ExperimentResult,
  HeldOut,
  MetricChoice,
  MetricSet,
  ReliabilityCurve,
  StrategyReport,
  ValidationDesign,
  Verdict,
} from './experiment/result.ts';
export type { Learner, Model, ModelJSON } from './learn/learner.ts';
export type { Provenance, Resampled, Resampler } from './resample/resampler.ts';
export { CounterweightError, type ErrorDetails } from './runtime/errors.ts';
export type { Notice } from './runtime/notices.ts';
export { type ProgressEvent, type RunOptions, throwIfAborted } from './runtime/run-options.ts';
