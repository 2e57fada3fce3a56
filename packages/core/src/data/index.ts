export { asKind } from './as-kind.ts';
export { byCodeUnit } from './by-code-unit.ts';
export { concatenateTables } from './concatenate.ts';
export type { Dataset, NumericRows, Rows } from './dataset.ts';
export { type DuplicateGroups, duplicateAcrossSplit, duplicateGroups } from './duplicate-groups.ts';
export {
  type ColumnPlan,
  type DatePart,
  type EncodedLayout,
  type Encoder,
  type EncoderJSON,
  type EncoderOptions,
  encoderFromJSON,
  type Feature,
  fitEncoder,
  type Standardisation,
} from './encode/index.ts';
export { type Fold, type FoldOptions, type Folds, stratifiedFolds } from './folds.ts';
export { classCounts, classIndex, oneVersusRest, positiveClass, tooSmallClasses } from './label-views.ts';
export { type Classes, type ClassLabel, type Labels, subsetLabels } from './labels.ts';
export { type LabelledRows, labelsFromColumn } from './labels-from-column.ts';
export { type Matrix, matrix } from './matrix.ts';
export { editDistance, nearestName } from './nearest-name.ts';
export {
  type ColumnType,
  inferSchema,
  leaveOutColumns,
  type Schema,
  type SchemaColumn,
  type SchemaOptions,
} from './schema.ts';
export { allRows, columnByName, selectColumns, selectRows } from './select.ts';
export { selectNumericRows } from './select-numeric-rows.ts';
export { sortedOrder } from './sorted-order.ts';
export { type SparseMatrix, sparseMatrix } from './sparse.ts';
export { type Split, type SplitOptions, trainTestSplit } from './split.ts';
export type {
  BooleanColumn,
  CategoricalColumn,
  Column,
  ColumnKind,
  DateTimeColumn,
  NumericColumn,
  Table,
} from './table.ts';
export { type TimeFoldOptions, timeFolds } from './time-folds.ts';
