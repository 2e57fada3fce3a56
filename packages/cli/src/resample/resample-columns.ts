import type { Column, LabelledRows, Notice, Provenance, RunOptions, Table } from '@counterweight/core';
import { CounterweightError } from '@counterweight/core';
import type { ResampleRequest } from './resample-file.ts';

/** Output rows in terms of labelled rows, and the cells of those that were made. */
export interface ChosenRows {
  readonly provenance: Provenance;
  readonly made: readonly Column[];
  readonly notices: readonly Notice[];
}

export interface ColumnsRequest extends ResampleRequest {
  readonly table: Table;
  readonly labelled: LabelledRows;
}

export async function resampleColumns(_request: ColumnsRequest, _run: RunOptions): Promise<ChosenRows> {
  throw new CounterweightError('not-yet', 'tables are not wired');
}
