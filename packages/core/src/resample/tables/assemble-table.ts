import type { Dataset } from '../../data/dataset.ts';
import type { Table } from '../../data/table.ts';
import type { Notice } from '../../runtime/notices.ts';
import { replaySides } from '../assemble.ts';
import type { Provenance } from '../resampler.ts';
import type { CellOptions } from './cell-options.ts';
import { buildTable, type CellSource } from './new-cells.ts';
import type { ResampledTable } from './table-resampler.ts';

/**
 * The resampled table that a provenance describes, with the sources of its new cells; see `buildTable`. `sides` are labels, weights
 * and groups of the output where a method gives others than provenance does.
 */
export function assembleTable(
  data: Dataset<Table>,
  provenance: Provenance,
  sources: readonly CellSource[],
  options: CellOptions,
  notices: readonly Notice[],
  sides: Omit<Dataset, 'X'> = replaySides(data, provenance),
): ResampledTable {
  const built = buildTable(data.X, provenance, sources, options);
  const resampled: Dataset<Table> = Object.freeze({ X: built.table, ...sides });
  return Object.freeze({ data: resampled, provenance, notices: [...notices, ...built.notices] });
}
