import type { NumericRows } from '../data/dataset.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import { withKernels } from '../runtime/work.ts';
import { denseRows } from './dense-rows.ts';
import { numericSearch } from './numeric-search.ts';
import { metricCode } from './plan.ts';
import type { Neighbours } from './row-search.ts';

export type { Neighbours };

export interface NeighbourSearch {
  readonly reference: NumericRows;
  /**
   * Rows to search for; or indices of reference rows, each of which is then not its own neighbour (a duplicate of it may
   * be). By default every reference row.
   */
  readonly queries?: NumericRows | Int32Array | undefined;
  readonly k: number;
}

/**
 * Exact Euclidean nearest neighbours. Ties go to the lower row index.
 *
 * Distances are float64: the root of the sum of squared differences, even and odd columns summed apart, in order. Throws
 * `bad-option` for a k that is no positive integer, `too-few-rows` where fewer than k rows are there to be found,
 * `column-mismatch`, `not-finite`, `bad-sparse`, `bad-queries`.
 */
export async function nearestNeighbours(search: NeighbourSearch, options?: RunOptions): Promise<Neighbours> {
  const { reference, k } = search;
  const queries = search.queries ?? Int32Array.from({ length: reference.rows }, (_, row) => row);
  check(reference, queries, k);
  return withKernels(options, async (work) => {
    const rows = denseRows(reference);
    const asked = queries instanceof Int32Array ? queries : denseRows(queries);
    const metric = { ...metricCode('euclidean', 2), power: 2 };
    const onSlice = (done: number, total: number) => options?.onProgress?.({ task: 'nearest neighbours', done, total });
    return numericSearch(rows, metric).nearest(work, asked, k, onSlice);
  });
}

function check(reference: NumericRows, queries: NumericRows | Int32Array, k: number): void {
  if (!Number.isInteger(k) || k < 1)
    throw new CounterweightError('bad-option', `k must be a positive integer, got ${k}`);
  const selves = queries instanceof Int32Array;
  const available = reference.rows - (selves ? 1 : 0);
  if (k > available) {
    const others = selves ? 'other rows' : 'rows';
    throw new CounterweightError(
      'too-few-rows',
      `${k} neighbours were asked for, but there are ${Math.max(0, available)} ${others}`,
      {
        k,
        available,
      },
    );
  }
  if (!selves && queries.columns !== reference.columns) {
    throw new CounterweightError(
      'column-mismatch',
      `queries have ${queries.columns} columns, the reference has ${reference.columns}`,
    );
  }
  if (!selves) return;
  const wrong = queries.findIndex((row) => row < 0 || row >= reference.rows);
  if (wrong >= 0) {
    throw new CounterweightError(
      'bad-queries',
      `query ${wrong} is row ${queries[wrong]}, which the reference has not`,
      {
        row: queries[wrong]!,
      },
    );
  }
}
