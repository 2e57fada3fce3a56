export type { ArrowTable, ArrowVector, ColumnTable } from './arrow-table.ts';
export {
  type FitResampled,
  type FitResampleOptions,
  fitResample,
  type PlainRows,
  type Resampling,
} from './fit-resample.ts';
export type { PlainLabels, TypedArray } from './plain-labels.ts';
export type { ShapedArray } from './plain-rows.ts';
