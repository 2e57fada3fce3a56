import type { Labels } from './labels.ts';
import type { Matrix } from './matrix.ts';
import type { SparseMatrix } from './sparse.ts';
import type { Table } from './table.ts';

/** Rows a learner can compute on. */
export type NumericRows = Matrix | SparseMatrix;
export type Rows = NumericRows | Table;

/** Labelled rows. `weights`, where given, are non-negative, one a row; `groups` are codes of what must stay together. */
export interface Dataset<R extends Rows = NumericRows> {
  readonly X: R;
  readonly y: Labels;
  readonly weights?: Float64Array | undefined;
  readonly groups?: Int32Array | undefined;
}
