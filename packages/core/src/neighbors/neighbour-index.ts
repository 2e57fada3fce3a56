import type { NumericRows } from '../data/dataset.ts';
import type { Matrix } from '../data/matrix.ts';
import { defaultRuntime } from '../runtime/default-runtime.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { KernelRuntime } from '../runtime/kernel-runtime.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import { withKernels } from '../runtime/work.ts';
import { denseRows } from './dense-rows.ts';
import { type GrowingNearest, growingNearest } from './growing-nearest.ts';
import { type ClassWithin, checkRequest, nearestAmong } from './nearest-within.ts';
import { type NumericMetricOptions, planMetric } from './numeric-metric.ts';
import { frameOf, numericSearch, type PreparedRows, prepareRows } from './numeric-search.ts';
import type { Neighbours, RadiusNeighbours, RowSearch } from './row-search.ts';
import { findUnanimous, type Unanimous, type UnanimousRequest } from './unanimous.ts';

export interface NearestRequest<R> {
  /** Rows to search for; or rows of the index, which then leave themselves out. By default every row of the index. */
  readonly queries?: R | Int32Array | undefined;
  readonly k: number;
  /** Only these rows of the index, or only rows of the query's own class or of other classes. */
  readonly within?: Int32Array | ClassWithin | undefined;
}

export interface RadiusRequest<R> {
  readonly queries?: R | Int32Array | undefined;
  /** Rows at this distance are within it. */
  readonly radius: number;
}

/** Rows prepared for many searches. It holds memory of its runtime until `dispose`. */
export interface NeighbourIndex<R = NumericRows> {
  readonly rows: number;
  /**
   * The k nearest rows. Throws `bad-option`, `too-few-rows`, `column-mismatch`, `not-finite`, `bad-sparse`, `bad-queries`,
   * `shape-mismatch`, `disposed`, `aborted`.
   */
  nearest(request: NearestRequest<R>, run?: RunOptions): Promise<Neighbours>;
  /** All rows within a radius. Throws as `nearest`, and `too-many-neighbours` for more than 2^31. */
  radius(request: RadiusRequest<R>, run?: RunOptions): Promise<RadiusNeighbours>;
  dispose(): void;
}

/** An index of numeric rows, which can also tell the nearest member of a store that grows row by row. */
export interface NumericNeighbourIndex extends NeighbourIndex<NumericRows> {
  /** An empty store; it lives as long as the index. Throws `distance-range` where squares leave the range of float64. */
  growing(): GrowingNearest;
  /**
   * Rows that are certainly surrounded by their own class, found in a fraction of the time that their neighbours take. It may
   * leave any row out. Throws `bad-option`, `bad-queries`, `shape-mismatch`, `too-few-rows`, `disposed`, `aborted`.
   */
  unanimous(request: UnanimousRequest, run?: RunOptions): Promise<Unanimous>;
}

export interface NeighbourIndexOptions extends NumericMetricOptions {
  readonly rows: NumericRows;
}

/**
 * An exact index of numeric rows. Neighbours are in order of (distance, row index) whatever the threads; a row is never its
 * own neighbour, a duplicate of it may be. Sparse rows are made dense. Distances are float64, in columns' order (even and
 * odd columns summed apart).
 *
 * Throws `bad-option`, `not-finite`, `bad-sparse`, `shape-mismatch`, `singular-covariance`, `zero-row`, `too-few-rows`.
 *
 * ```ts
 * const index = await neighbourIndex({ rows: matrix(data, 1000, 8), metric: 'manhattan' });
 * const { indices, distances } = await index.nearest({ k: 5 });
 * index.dispose();
 * ```
 */
export async function neighbourIndex(options: NeighbourIndexOptions, run?: RunOptions): Promise<NumericNeighbourIndex> {
  const given = denseRows(options.rows);
  if (given.rows === 0) throw new CounterweightError('too-few-rows', 'an index needs at least one row');
  const plan = planMetric(options, given);
  const rows = plan.transform(given);
  const runtime = run?.runtime ?? (await defaultRuntime());
  const storage = await runtime.open();
  let open = true;
  let prepared: PreparedRows | undefined;
  try {
    const frame = rows.columns > 0 ? frameOf(rows, plan.kernel) : undefined;
    if (frame) {
      prepared = await withKernels({ ...run, runtime }, (work) =>
        prepareRows({ ...work, memory: storage }, rows, plan.kernel, frame),
      );
    }
  } catch (error) {
    storage.close();
    throw error;
  }
  const search = numericSearch(rows, plan.kernel, 'auto', prepared);
  const alive = () => open;
  const convert = (queries: NumericRows): Matrix => {
    if (queries.columns !== given.columns) throw columnMismatch(queries.columns, given.columns);
    return plan.transform(denseRows(queries));
  };
  return Object.freeze({
    ...indexOver(search, { runtime, convert, factor: plan.factor, alive }),
    growing() {
      if (!open) throw disposed();
      if (!prepared) {
        const message =
          'the differences of these rows are too large or too small for float64; scale the features first';
        throw new CounterweightError('distance-range', message);
      }
      return growingNearest(storage, rows, prepared, plan.kernel, plan.factor, alive);
    },
    async unanimous({ labels, k, queries }: UnanimousRequest, run?: RunOptions) {
      if (!open) throw disposed();
      const asked = queries ?? Int32Array.from({ length: rows.rows }, (_, row) => row);
      checkRequest(search, asked, k, true);
      if (labels.length !== rows.rows || labels.some((label) => label < 0)) {
        throw new CounterweightError('shape-mismatch', `a class of at least 0 is wanted for each of ${rows.rows} rows`);
      }
      if (!prepared) return nothingCertain(asked.length, k);
      const tree = prepared;
      return withKernels({ ...run, runtime }, (work) =>
        findUnanimous(work, tree, plan.kernel, asked, { labels, k }, progress(run)),
      );
    },
    dispose() {
      open = false;
      storage.close();
    },
  });
}

export interface IndexParts<R, Q> {
  readonly runtime: KernelRuntime;
  /** Checks rows to search for and brings them into the form of the search. */
  convert(queries: R): Q;
  readonly factor: number;
  alive(): boolean;
}

/** The searches of an index over any kind of rows. */
export function indexOver<R, Q extends { readonly rows: number }>(
  search: RowSearch<Q>,
  { runtime, convert, factor, alive }: IndexParts<R, Q>,
): Pick<NeighbourIndex<R>, 'rows' | 'nearest' | 'radius'> {
  const every = () => Int32Array.from({ length: search.rows }, (_, row) => row);
  const asForm = (queries: R | Int32Array | undefined): Q | Int32Array => {
    if (!alive()) throw disposed();
    return queries === undefined ? every() : queries instanceof Int32Array ? queries : convert(queries);
  };
  return {
    rows: search.rows,
    async nearest({ queries, k, within }, run) {
      const asked = asForm(queries);
      checkRequest(search, asked, k, within === undefined);
      const onSlice = progress(run);
      const found = await withKernels({ ...run, runtime }, (work) =>
        within === undefined
          ? search.nearest(work, asked, k, onSlice)
          : nearestAmong(work, search, asked, k, within, onSlice),
      );
      return factor === 1 ? found : Object.freeze({ ...found, distances: found.distances.map((d) => d * factor) });
    },
    async radius({ queries, radius }, run) {
      const asked = asForm(queries);
      if (!(radius >= 0))
        throw new CounterweightError('bad-option', `radius must be a number of at least 0, got ${radius}`);
      checkRequest(search, asked, 0, false);
      const found = await withKernels({ ...run, runtime }, (work) =>
        search.within(work, asked, radius / factor, progress(run)),
      );
      return factor === 1 ? found : Object.freeze({ ...found, distances: found.distances.map((d) => d * factor) });
    },
  };
}

const nothingCertain = (queries: number, k: number): Unanimous =>
  Object.freeze({ k, certain: new Uint8Array(queries), indices: new Int32Array(queries * k) });

const progress = (run: RunOptions | undefined) => (done: number, total: number) =>
  run?.onProgress?.({ task: 'nearest neighbours', done, total });

function disposed(): CounterweightError {
  return new CounterweightError('disposed', 'this index has been disposed of');
}

export function columnMismatch(queries: number, reference: number): CounterweightError {
  return new CounterweightError('column-mismatch', `queries have ${queries} columns, the reference has ${reference}`);
}
