import type { ColumnKind, Table } from '@counterweight/core';

/** A column that the scorer reads, as the training table stored it. */
export interface RequiredColumn {
  readonly name: string;
  readonly kind: ColumnKind;
}

export interface ScorerColumn {
  readonly name: string;
  readonly type: 'DOUBLE' | 'VARCHAR';
}

/** One value a row and output column: NaN and null are empty cells. */
export type ScorerValues = Float64Array | readonly (string | null)[];

/**
 * What computes the new columns. `score` gets a batch of rows with the required columns in their order and returns
 * one array an output column. Dictionaries of categorical columns are in order of first appearance; the same
 * dictionary object always has the same content, and is handed over again while no new value appears. `firstRow` is the
 * place of the batch's first row in the input; after a retry batches begin with row 0 again.
 */
export interface Scorer {
  readonly columns: readonly ScorerColumn[];
  score(table: Table, firstRow: number): readonly ScorerValues[] | Promise<readonly ScorerValues[]>;
}
