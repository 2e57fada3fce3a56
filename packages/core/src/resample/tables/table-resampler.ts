import type { Dataset } from '../../data/dataset.ts';
import type { Table } from '../../data/table.ts';
import type { Notice } from '../../runtime/notices.ts';
import type { RunOptions } from '../../runtime/run-options.ts';
import type { Provenance } from '../resampler.ts';

export interface ResampledTable {
  /** The columns of the input, in their order, with their kinds and dictionaries. */
  readonly data: Dataset<Table>;
  readonly provenance: Provenance;
  readonly notices: readonly Notice[];
}

/** A resampler of tables: numbers, categories, missing cells, and columns that only ride along. The target is no column. */
export interface TableResampler {
  readonly name: string;
  resample(data: Dataset<Table>, options?: RunOptions): Promise<ResampledTable>;
}
