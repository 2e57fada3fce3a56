import { requireOptions } from '../../data/check-option-names.ts';
import type { Dataset } from '../../data/dataset.ts';
import type { Labels } from '../../data/labels.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import { type NumpyRandom, numpyRandom } from '../../runtime/numpy-random.ts';
import type { RandomStream } from '../../runtime/random.ts';
import { throwIfAborted } from '../../runtime/run-options.ts';
import { assemble, provenanceOfCopies } from '../assemble.ts';
import { rowsByClass } from '../class-counts.ts';
import { classStream } from '../class-stream.ts';
import { checkFinite, checkOptions, checkShapes } from '../options.ts';
import type { Resampled } from '../resampler.ts';
import type { RowSelection, RowSelector } from '../row-selector.ts';
import { type Compat, planSampling, type SamplingPlan, type SamplingStrategy } from '../sampling-strategy.ts';
import { assembleBlocks, type RowBlock } from '../under/centroid-rows.ts';
import { checkShrinkage, kernelWidths, perturbed, type Shrinkage, shrinkageByCode } from './smoothed-bootstrap.ts';

export interface RandomOverOptions {
  /** Default `auto`: every class up to the largest. */
  readonly samplingStrategy?: SamplingStrategy | undefined;
  /** Default 0. With `compat`, from 0 to 2^32 - 1. */
  readonly seed?: number | undefined;
  /** At most so many new rows in all; see `planSampling`. */
  readonly maxNew?: number | undefined;
  /**
   * Smoothed bootstrap: every new row is moved by a Gaussian kernel whose width is this factor times the rule of Bowman and
   * Azzalini for the rows of its class; a factor for all classes, or one a targeted class by label. 0 copies. Without it,
   * rows are copied and may be anything; with it, every cell must be a finite number.
   */
  readonly shrinkage?: Shrinkage | undefined;
  /** `imbalanced-learn`: the rows of its RandomOverSampler 0.14 for the same integer `random_state`, in its order. */
  readonly compat?: Compat | undefined;
}

const name = 'random-over';

/**
 * Random over-sampling: rows of the targeted classes are drawn with replacement and appended, with `shrinkage` moved a little.
 *
 * Output: all input rows in their order, then the new rows, class after class. Features may be anything, NaN included.
 * Each class draws from its own stream; imbalanced-learn, and `compat`, runs one stream through all classes.
 *
 * With `shrinkage`, new rows have the drawn row as their base, without neighbour, and its weight and group. The width of the
 * kernel follows from the number of rows of the class and their sample standard deviation, as in Menardi and Torelli, "Training and
 * assessing classification rules with imbalanced data", DMKD 28 (2014); imbalanced-learn, and `compat`, takes the rows of
 * all classes, which gives a narrower kernel, and the population's deviation.
 * Throws what `planSampling` throws, `shape-mismatch`, with `shrinkage` `not-finite`, and `bad-option`. `selectRows` throws
 * `bad-option` with a `shrinkage` that moves rows.
 */
export function randomOver(options: RandomOverOptions = {}): RowSelector {
  requireOptions(name, options);
  const { shrinkage } = options;
  checkOptions(name, options, ['samplingStrategy', 'seed', 'maxNew', 'shrinkage', 'compat']);
  checkShrinkage(shrinkage);
  const smooths = shrinkage !== undefined && shrinkage !== 0;
  const selectRows = (labels: Labels) => {
    if (!smooths) return select(labels, options);
    throw new CounterweightError('bad-option', 'with shrinkage the new rows are no copies: use resample');
  };
  return Object.freeze({
    name,
    samplingType: 'over-sampling',
    selectRows,
    resample: async (data, { signal } = {}) => {
      throwIfAborted(signal);
      checkShapes(data);
      if (smooths) return smoothed(data, options, shrinkage);
      const { source, dropped, notices } = selectRows(data.y);
      return assemble(data, provenanceOfCopies(source, dropped), notices);
    },
  } satisfies RowSelector);
}

/** What is drawn for one class: first the rows, then, with `shrinkage`, how they are moved. */
interface ClassDraws {
  row(): number;
  normal(): number;
}

function drawsOf(numpy: NumpyRandom | undefined, seed: number, own: Int32Array): ClassDraws {
  if (numpy) return { row: () => own[numpy.randint(0, own.length)]!, normal: numpy.randn };
  const stream: RandomStream = classStream(seed, name, own);
  return { row: () => own[stream.integer(own.length)]!, normal: stream.normal };
}

function planOf(labels: Labels, { samplingStrategy = 'auto', maxNew, compat }: RandomOverOptions): SamplingPlan {
  return planSampling(samplingStrategy, labels, { samplingType: 'over-sampling', compat, maxNew });
}

function select(labels: Labels, options: RandomOverOptions): RowSelection {
  const { seed = 0, compat } = options;
  const plan = planOf(labels, options);
  const members = rowsByClass(labels, plan.counts);
  const rows = labels.codes.length;
  const source = new Int32Array(plan.targets.reduce((total, { count }) => total + count, rows));
  for (let row = 0; row < rows; row++) source[row] = row;
  const numpy = compat && numpyRandom(seed);
  let end = rows;
  for (const { code, count } of plan.targets) {
    const draws = drawsOf(numpy, seed, members[code]!);
    for (let i = 0; i < count; i++) source[end++] = draws.row();
  }
  return Object.freeze({ source, dropped: new Int32Array(0), notices: plan.notices });
}

function smoothed(data: Dataset, options: RandomOverOptions, shrinkage: Shrinkage): Resampled {
  const { seed = 0, compat } = options;
  const { X, y } = data;
  const plan = planOf(y, options);
  checkFinite(X, name);
  const factors = shrinkageByCode(shrinkage, y, plan.counts, plan.targets);
  const members = rowsByClass(y, plan.counts);
  const numpy = compat && numpyRandom(seed);
  const blocks: RowBlock[] = [{ copies: Int32Array.from(y.codes.keys()) }];
  for (const { code, count } of plan.targets) {
    const own = members[code]!;
    const draws = drawsOf(numpy, seed, own);
    const drawn = new Int32Array(count);
    for (let i = 0; i < count; i++) drawn[i] = draws.row();
    const factor = factors.get(code)!;
    const widths = kernelWidths(X, own, compat ? { factor, n: X.rows, ddof: 0 } : { factor });
    const moves = compat || widths.some((width) => width > 0);
    blocks.push(moves ? { centroids: perturbed(X, drawn, widths, draws.normal), nearest: drawn } : { copies: drawn });
  }
  return assembleBlocks(data, blocks, plan.notices);
}
