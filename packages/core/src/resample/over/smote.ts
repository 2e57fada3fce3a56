import type { Dataset } from '../../data/dataset.ts';
import type { ClassLabel } from '../../data/labels.ts';
import { selectNumericRows } from '../../data/select-numeric-rows.ts';
import { nearestNeighbours } from '../../neighbors/nearest-neighbours.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import type { Notice } from '../../runtime/notices.ts';
import { numpyRandom } from '../../runtime/numpy-random.ts';
import type { RandomStream } from '../../runtime/random.ts';
import { type RunOptions, throwIfAborted } from '../../runtime/run-options.ts';
import { quoted, rowsByClass } from '../class-counts.ts';
import { classStream } from '../class-stream.ts';
import { checkFinite, checkFlag, checkOptions, checkShapes, checkWhole, checkWord } from '../options.ts';
import type { Resampler } from '../resampler.ts';
import { type Compat, planSampling, type SamplingStrategy } from '../sampling-strategy.ts';
import { assembleAppended, copiesInTurn, emptyBlock, type SyntheticBlock } from './synthetic-block.ts';
import { neighboursFor, type OnTooFewRows, onTooFewRows } from './too-few-rows.ts';

export interface SmoteOptions {
  /** Default `auto`: every class up to the largest. */
  readonly samplingStrategy?: SamplingStrategy | undefined;
  /** Neighbours of its own class that a row may be moved towards. Default 5. */
  readonly kNeighbors?: number | undefined;
  /** Default 0. With `compat`, from 0 to 2^32 - 1. */
  readonly seed?: number | undefined;
  /** At most so many new rows in all; see `planSampling`. */
  readonly maxNew?: number | undefined;
  /**
   * What happens to a targeted class that has at most `kNeighbors` rows. `error`: `too-few-rows`. `clamp-k` (the default):
   * all its other rows are neighbours, with a notice; a class of one row is still an error. `random`: as `clamp-k`, but the
   * class of one row gets copies, with a notice. With `compat` the default is `error`.
   */
  readonly onTooFew?: OnTooFewRows | undefined;
  /**
   * Every row of the class is the base of equally many new rows, give or take one. Default true, as in the paper; false
   * draws the bases with replacement, as imbalanced-learn does. Cannot be true with `compat`.
   */
  readonly evenBase?: boolean | undefined;
  /** `imbalanced-learn`: the rows of its SMOTE 0.14 for the same integer `random_state`, where no neighbours are tied. */
  readonly compat?: Compat | undefined;
}

const name = 'smote';

/**
 * SMOTE: new rows on the segments between a row and its nearest neighbours within its class.
 *
 * Output: all input rows in their order, then the new rows, class after class. Dense and sparse input give the same
 * numbers. New rows take the base row's group and a weight interpolated like a feature. Every cell must be finite.
 *
 * Chawla, Bowyer, Hall and Kegelmeyer, "SMOTE: synthetic minority over-sampling technique", JAIR 16 (2002), with one gap a
 * row, so that it lies on the segment (the paper's pseudo-code draws one a feature). We differ from imbalanced-learn on
 * purpose: bases are used evenly, each class has a random stream of its own (there an integer seed repeats one sequence
 * in every class), and a row is never its own neighbour, also among duplicates.
 * Throws what `planSampling` throws, `too-few-rows`, `not-finite`, `distance-overflow` (features beyond about 1e150),
 * `shape-mismatch`, and `bad-option` from the factory.
 */
export function smote(options: SmoteOptions = {}): Resampler {
  checkSmoteOptions(options);
  return Object.freeze({ name, resample: (data: Dataset, run: RunOptions = {}) => resample(data, options, run) });
}

function checkSmoteOptions(options: SmoteOptions): void {
  checkOptions(name, options, ['samplingStrategy', 'kNeighbors', 'seed', 'maxNew', 'onTooFew', 'evenBase', 'compat']);
  checkFlag('evenBase', options.evenBase);
  checkWhole('kNeighbors', options.kNeighbors, 1);
  checkWord('onTooFew', options.onTooFew, onTooFewRows);
  if (options.compat && options.evenBase) {
    throw new CounterweightError('bad-option', 'evenBase cannot be true with compat: imbalanced-learn draws the bases');
  }
}

async function resample(data: Dataset, options: SmoteOptions, run: RunOptions) {
  const { samplingStrategy = 'auto', kNeighbors = 5, compat, maxNew, onTooFew } = options;
  throwIfAborted(run.signal);
  checkShapes(data);
  const plan = planSampling(samplingStrategy, data.y, { samplingType: 'over-sampling', compat, maxNew });
  checkFinite(data.X, name);
  const notices: Notice[] = [...plan.notices];
  const targets = plan.targets.filter(({ count }) => count > 0);
  const neighbourCounts = targets.map((target) => neighboursFor(target, { kNeighbors, compat, onTooFew }, notices));
  const members = rowsByClass(data.y, plan.counts);
  const blocks: SyntheticBlock[] = [];
  for (const [done, target] of targets.entries()) {
    throwIfAborted(run.signal);
    run.onProgress?.({ task: name, done, total: targets.length });
    const rows = members[target.code]!;
    const k = neighbourCounts[done]!;
    blocks.push(
      k === 0 ? copiesInTurn(target.count, rows) : await synthesise(data, rows, k, target.count, options, run),
    );
  }
  throwIfAborted(run.signal);
  run.onProgress?.({ task: name, done: targets.length, total: targets.length });
  return assembleAppended(data, blocks, notices);
}

async function synthesise(
  data: Dataset,
  rows: Int32Array,
  k: number,
  count: number,
  options: SmoteOptions,
  run: RunOptions,
): Promise<SyntheticBlock> {
  const { seed = 0, compat, evenBase = true } = options;
  const reference = selectNumericRows(data.X, rows);
  const { indices, distances } = await nearestNeighbours(
    { reference, k },
    { signal: run.signal, runtime: run.runtime },
  );
  if (!distances.every(Number.isFinite)) throw overflow(data.y.classes[data.y.codes[rows[0]!]!]!);
  const block = emptyBlock(count);
  const { base, neighbour, gap } = block;
  const stream = compat ? undefined : classStream(seed, name, rows);
  const draws = stream ? drawOwn(stream, rows.length, k, count, evenBase) : drawAsNumpy(seed, rows.length, k, count);
  for (let i = 0; i < count; i++) {
    const local = draws.base[i]!;
    base[i] = rows[local]!;
    neighbour[i] = rows[indices[local * k + draws.rank[i]!]!]!;
    gap[i] = draws.gap[i]!;
  }
  return block;
}

function overflow(label: ClassLabel): CounterweightError {
  return new CounterweightError(
    'distance-overflow',
    `the distances between the rows of class ${quoted(label)} are too large for a number; scale the features first`,
    { class: label },
  );
}

/** For every new row: its base within the class, which of the base's neighbours, and the gap. */
interface Draws {
  readonly base: Int32Array;
  readonly rank: Int32Array;
  readonly gap: Float64Array;
}

function drawOwn(stream: RandomStream, rows: number, k: number, count: number, evenBase: boolean): Draws {
  const base = new Int32Array(count);
  const rank = new Int32Array(count);
  const gap = new Float64Array(count);
  if (evenBase) {
    const whole = count - (count % rows);
    for (let i = 0; i < whole; i++) base[i] = i % rows;
    base.set(
      stream
        .permutation(rows)
        .subarray(0, count - whole)
        .sort(),
      whole,
    );
  } else {
    for (let i = 0; i < count; i++) base[i] = stream.integer(rows);
  }
  for (let i = 0; i < count; i++) {
    rank[i] = stream.integer(k);
    gap[i] = stream.uniform();
  }
  return { base, rank, gap };
}

/** imbalanced-learn's order: all pairs in one draw, then all gaps, from a stream that starts anew in every class. */
function drawAsNumpy(seed: number, rows: number, k: number, count: number): Draws {
  const stream = numpyRandom(seed);
  const base = new Int32Array(count);
  const rank = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const pair = stream.randint(0, rows * k);
    base[i] = Math.floor(pair / k);
    rank[i] = pair % k;
  }
  return { base, rank, gap: stream.uniforms(count) };
}
