import type { Dataset } from '../../data/dataset.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import type { Notice } from '../../runtime/notices.ts';
import { type RunOptions, throwIfAborted } from '../../runtime/run-options.ts';
import { quoted, rowsByClass } from '../class-counts.ts';
import { classStream } from '../class-stream.ts';
import { checkFinite, checkOptions, checkShapes } from '../options.ts';
import type { Resampled, Resampler } from '../resampler.ts';
import { planSampling, type SamplingPlan, type SamplingStrategy, type SamplingTarget } from '../sampling-strategy.ts';
import { drawBeta } from './draw-beta.ts';
import { repeated, shareByWeight } from './share-by-weight.ts';
import { assembleAppended, emptyBlock, type SyntheticBlock } from './synthetic-block.ts';

export interface MixOptions {
  /** Default `auto`: as many mixed examples are started from each class as it lacks to the largest. */
  readonly samplingStrategy?: SamplingStrategy | undefined;
  /** Both parameters of the Beta distribution of the mixing share. Above 0. */
  readonly alpha?: number | undefined;
  /** Default 0. */
  readonly seed?: number | undefined;
  /** At most so many mixed examples in all; see `planSampling`. */
  readonly maxNew?: number | undefined;
}

export interface MixParts {
  readonly name: string;
  readonly options: MixOptions;
  /** Options of the method besides those of `MixOptions`. */
  readonly known: readonly string[];
  readonly alpha: number;
  /**
   * What of the label goes to the class of the first row, of which the share `lambda` is in the mix; `rows` are the sizes of
   * the two classes, which differ.
   */
  labelShare(lambda: number, rows: readonly [number, number]): number;
}

/**
 * The frame of methods that mix the features and the labels of two rows.
 *
 * A soft label becomes rows with weights: an example with the share s of one class and 1 - s of another is two rows with the same
 * features, one of each class, with s and 1 - s times the weight of the example (that of its parents, mixed by lambda; 1 where the
 * data have none). A model that minimises a weighted log loss then learns the soft label: the loss is linear in it. A share of
 * 0 leaves no row; rows of one class mixed give one row.
 */
export function mixer(parts: MixParts): Resampler {
  const { name, options, alpha } = parts;
  checkOptions(name, options, ['samplingStrategy', 'alpha', 'seed', 'maxNew', ...parts.known]);
  if (!(typeof alpha === 'number' && alpha > 0 && alpha < Number.POSITIVE_INFINITY)) {
    throw new CounterweightError('bad-option', `alpha must be a number above 0, got ${String(alpha)}`);
  }
  return Object.freeze({
    name,
    samplingType: 'over-sampling',
    resample: (data: Dataset, run: RunOptions = {}) => resample(parts, data, run),
  });
}

async function resample(parts: MixParts, data: Dataset, run: RunOptions): Promise<Resampled> {
  const { name, options } = parts;
  const { samplingStrategy = 'auto', maxNew } = options;
  throwIfAborted(run.signal);
  checkShapes(data);
  const plan = planSampling(samplingStrategy, data.y, { samplingType: 'over-sampling', maxNew });
  checkFinite(data.X, name);
  const members = rowsByClass(data.y, plan.counts);
  const notices: Notice[] = [...plan.notices];
  const made: Mixed[] = [];
  const targets = plan.targets.filter(({ count }) => count > 0);
  for (const [done, target] of targets.entries()) {
    throwIfAborted(run.signal);
    run.onProgress?.({ task: name, done, total: targets.length });
    const mixed = mix(parts, data, plan, target, members[target.code]!);
    made.push(mixed);
    const rows = mixed.block.source.length;
    if (rows > target.count) notices.push(softLabels(target, rows));
  }
  run.onProgress?.({ task: name, done: targets.length, total: targets.length });
  const blocks = made.map(({ block }) => block);
  return withShares(
    assembleAppended(data, blocks, notices),
    made.map(({ shares }) => shares),
  );
}

interface Mixed {
  readonly block: SyntheticBlock;
  /** What of the example's label each row stands for. */
  readonly shares: Float64Array;
}

/** Examples that start from the rows of a class, each used as often; the other row is drawn among all others. */
function mix(parts: MixParts, { y }: Dataset, plan: SamplingPlan, { count }: SamplingTarget, own: Int32Array): Mixed {
  const { name, options, alpha } = parts;
  const stream = classStream(options.seed ?? 0, name, own);
  const chosen = repeated(shareByWeight(count, new Uint8Array(own.length).fill(1), stream));
  const block = emptyBlock(2 * count);
  const shares = new Float64Array(2 * count);
  let end = 0;
  for (const position of chosen) {
    const first = own[position]!;
    const drawn = stream.integer(y.codes.length - 1);
    const second = drawn < first ? drawn : drawn + 1;
    const lambda = drawBeta(alpha, stream);
    const [a, b] = [y.codes[first]!, y.codes[second]!];
    const share = a === b ? 1 : parts.labelShare(lambda, [plan.counts[a]!, plan.counts[b]!]);
    if (share > 0) add(first, second, 1 - lambda, share);
    if (share < 1) add(second, first, lambda, 1 - share);
  }
  const { source, base, neighbour, gap } = block;
  return {
    block: {
      source: source.subarray(0, end),
      base: base.subarray(0, end),
      neighbour: neighbour.subarray(0, end),
      gap: gap.subarray(0, end),
    },
    shares: shares.subarray(0, end),
  };

  function add(from: number, to: number, way: number, share: number): void {
    block.base[end] = from;
    block.neighbour[end] = to;
    block.gap[end] = way;
    shares[end++] = share;
  }
}

/** The weights that belong to the shares; without shares below 1 and without weights there are none. */
function withShares(result: Resampled, made: readonly Float64Array[]): Resampled {
  const { data } = result;
  const rows = data.X.rows;
  const soft = made.some((shares) => shares.some((share) => share < 1));
  if (!soft) return result;
  const weights = data.weights?.slice() ?? new Float64Array(rows).fill(1);
  let row = rows - made.reduce((total, shares) => total + shares.length, 0);
  for (const shares of made) for (const share of shares) weights[row++]! *= share;
  return Object.freeze({ ...result, data: Object.freeze({ ...data, weights }) });
}

function softLabels({ label, count }: SamplingTarget, rows: number): Notice {
  return {
    code: 'soft-labels',
    severity: 'info',
    message: `${rows - count} of the ${count} examples mixed from class ${quoted(label)} have two labels: each stands as two rows whose weights are the shares of its label, so the rows are to be used with their weights`,
    class: label,
    numbers: { examples: count, rows },
  };
}
