import type { Matrix } from '../../data/matrix.ts';
import { throwIfAborted } from '../../runtime/run-options.ts';
import { classStream } from '../class-stream.ts';
import { denseRows } from '../dense-rows.ts';
import type { Resampler } from '../resampler.ts';
import { checkMade } from './check-made.ts';
import { type ClassTask, type OverProblem, overSampler, type PlainOverOptions } from './over-sampler.ts';
import { repeated, shareByWeight } from './share-by-weight.ts';
import { emptyBlock, type SyntheticBlock } from './synthetic-block.ts';

export type RandomWalkOverSamplingOptions = PlainOverOptions;

const name = 'random-walk-over-sampling';

/**
 * Random walk over-sampling: a new row is a row of the class moved in every column by a normal draw times σ / √n, with the
 * column's standard deviation σ (divisor n) among the n rows of the class.
 *
 * So the new rows keep the mean of each column, and its variance up to the factor 1 + 1/n; by the central limit theorem the
 * step is how far the mean of n rows strays. Rows are used evenly as bases; new rows lie off every segment, and their
 * features stand in the result only. A class needs two rows. Columns are moved each by its own draw: another order of the
 * columns gives other rows.
 *
 * Zhang and Li, "RWO-Sampling: a random walk over-sampling approach to imbalanced data classification", Information Fusion
 * 20 (2014). Throws what `planSampling` throws, `too-few-rows`, `not-finite`, `distance-overflow` (columns too wide for a
 * number), `shape-mismatch`; `bad-option`.
 */
export function randomWalkOverSampling(options: RandomWalkOverSamplingOptions = {}): Resampler {
  return overSampler({
    name,
    options,
    known: [],
    kNeighbors: 1,
    hasPeer: false,
    begin: async (problem) => async (task) => walk(problem, task),
  });
}

function walk({ data, seed, run }: OverProblem, { target, rows }: ClassTask): SyntheticBlock {
  throwIfAborted(run.signal);
  const own = denseRows(data.X, rows);
  const { columns } = own;
  const steps = deviations(own).map((deviation) => deviation / Math.sqrt(own.rows));
  const stream = classStream(seed, name, rows);
  const chosen = repeated(shareByWeight(target.count, new Uint8Array(own.rows).fill(1), stream));
  const features = new Float64Array(target.count * columns);
  for (let i = 0, at = 0; i < target.count; i++) {
    const start = chosen[i]! * columns;
    for (let j = 0; j < columns; j++, at++) features[at] = own.data[start + j]! - steps[j]! * stream.normal();
  }
  checkMade(features, target.label);
  return { ...emptyBlock(target.count), base: chosen.map((position) => rows[position]!), features };
}

/** Standard deviation of each column with divisor `rows`; 0 to the bit for a column of one value. */
function deviations({ data, rows, columns }: Matrix): Float64Array {
  return Float64Array.from({ length: columns }, (_, j) => {
    // From the first value on, so that a column of one value has the mean 0.
    const first = data[j]!;
    let mean = 0;
    for (let i = 0; i < rows; i++) mean += (data[i * columns + j]! - first) / rows;
    let squares = 0;
    for (let i = 0; i < rows; i++) squares += (data[i * columns + j]! - first - mean) ** 2 / rows;
    return Math.sqrt(squares);
  });
}
