import { defaultRuntime } from '../runtime/default-runtime.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import { withKernels } from '../runtime/work.ts';
import { type MixedMetricOptions, planMixedMetric } from './mixed-metric.ts';
import { type MixedRows, mixedRows } from './mixed-rows.ts';
import { mixedSearch } from './mixed-search.ts';
import { buildMixedTree } from './mixed-tree.ts';
import { columnMismatch, indexOver, type NeighbourIndex } from './neighbour-index.ts';

export type MixedIndexOptions = MixedMetricOptions & { readonly rows: MixedRows };

/**
 * An exact index of rows of numbers and categories, without one-hot columns. Neighbours are in order of (distance, row index)
 * whatever the threads; a row is never its own neighbour, a duplicate of it may be.
 *
 * Throws `bad-option`, `shape-mismatch`, `not-finite`, `bad-codes`, `too-few-rows`; `not-finite` and `missing-category` too for
 * missing values where the metric has no place for them.
 */
export async function mixedNeighbourIndex(
  options: MixedIndexOptions,
  run?: RunOptions,
): Promise<NeighbourIndex<MixedRows>> {
  const rows = mixedRows(options.rows);
  if (rows.rows === 0) throw new CounterweightError('too-few-rows', 'an index needs at least one row');
  const metric = planMixedMetric(options, rows);
  if (!metric.allowsMissing) refuseMissing(rows, options.metric);
  const runtime = run?.runtime ?? (await defaultRuntime());
  const storage = await runtime.open();
  let open = true;
  try {
    const tree = await withKernels({ ...run, runtime }, (work) =>
      buildMixedTree({ ...work, memory: storage }, rows, metric),
    );
    const convert = (queries: MixedRows): MixedRows => {
      const asked = mixedRows(queries);
      if (asked.numeric.columns !== rows.numeric.columns)
        throw columnMismatch(asked.numeric.columns, rows.numeric.columns);
      if (
        asked.categories.length !== rows.categories.length ||
        asked.categories.some((n, j) => n > rows.categories[j]!)
      ) {
        throw new CounterweightError('column-mismatch', 'queries have other categorical columns than the index');
      }
      if (!metric.allowsMissing) refuseMissing(asked, options.metric);
      return asked;
    };
    return Object.freeze({
      ...indexOver(mixedSearch(rows, metric, tree), { runtime, convert, factor: 1, alive: () => open }),
      dispose() {
        open = false;
        storage.close();
      },
    });
  } catch (error) {
    storage.close();
    throw error;
  }
}

function refuseMissing({ numeric, codes, categories }: MixedRows, metric: string): void {
  const at = numeric.data.findIndex(Number.isNaN);
  if (at >= 0) {
    const row = Math.floor(at / numeric.columns);
    const column = String(at % numeric.columns);
    const message = `the value in row ${row}, column ${column} is missing (NaN), which ${metric} has no place for; use heom or gower`;
    throw new CounterweightError('not-finite', message, { row, column });
  }
  const missing = codes.indexOf(-1);
  if (missing < 0) return;
  const row = Math.floor(missing / categories.length);
  const message = `row ${row} misses categorical column ${missing % categories.length}, which ${metric} has no place for; use heom or gower`;
  throw new CounterweightError('missing-category', message, { row });
}
