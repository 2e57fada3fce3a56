import type { Dataset } from '../../data/dataset.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import type { Notice } from '../../runtime/notices.ts';
import { type RunOptions, throwIfAborted } from '../../runtime/run-options.ts';
import { largestRemainder } from '../allocate.ts';
import { quoted, rowsByClass } from '../class-counts.ts';
import { classStream } from '../class-stream.ts';
import { checkFinite, checkOptions, checkShapes, checkWhole, checkWord } from '../options.ts';
import type { Resampled, Resampler } from '../resampler.ts';
import { planSampling, type SamplingPlan, type SamplingStrategy, type SamplingTarget } from '../sampling-strategy.ts';
import { assembleBlocks, type RowBlock } from '../under/centroid-rows.ts';
import { checkShrinkage, kernelWidths, perturbed, type Shrinkage, shrinkageByCode } from './smoothed-bootstrap.ts';

export interface RoseOptions {
  /** Sizes of the classes afterwards, by the rules of over-sampling. Default `auto`: every class as many rows as the largest. */
  readonly samplingStrategy?: SamplingStrategy | undefined;
  /**
   * `all` (the default): no input row stays, every class is drawn anew. `targeted`: the classes that the strategy names are drawn
   * anew, the others stay. `none`: all input rows stay and only rows to add are drawn.
   */
  readonly redraw?: 'all' | 'targeted' | 'none' | undefined;
  /**
   * With `redraw: 'all'`, rows of the output, shared over the classes in proportion to their sizes by the strategy. The R package
   * draws as many as there are input rows. Default: the sum of those sizes.
   */
  readonly rows?: number | undefined;
  /** Factor on the width of the kernels, for all classes or by label for every class that is drawn. Default 1. */
  readonly shrinkage?: Shrinkage | undefined;
  /** Default 0. */
  readonly seed?: number | undefined;
}

const name = 'rose';

/**
 * ROSE, random over-sampling examples: a row of a class is drawn with replacement and moved by a Gaussian kernel, whose
 * width for a column is its sample standard deviation within the class times (4 / ((p + 2) n))^(1 / (p + 4)), n rows of
 * the class, p columns.
 *
 * By default the whole sample is drawn anew, majority included, so that no class stands out by being made of real rows. Classes
 * get exactly the sizes asked for; the R package draws each row's class, so that they vary. Output: the rows that stay, in input
 * order, then the new rows, class after class. A new row has the drawn row as its base, without neighbour, and its weight
 * and group; a class without spread gives copies, with a notice. Every cell must be finite.
 *
 * Menardi and Torelli, "Training and assessing classification rules with imbalanced data", Data Mining and Knowledge
 * Discovery 28 (2014). Throws what `planSampling` throws, `not-finite`, `shape-mismatch`, `bad-option`.
 */
export function rose(options: RoseOptions = {}): Resampler {
  checkOptions(name, options, ['samplingStrategy', 'redraw', 'rows', 'shrinkage', 'seed']);
  const { redraw = 'all', rows, shrinkage } = options;
  checkWord('redraw', redraw, ['all', 'targeted', 'none']);
  checkWhole('rows', rows, 1);
  checkShrinkage(shrinkage);
  if (rows !== undefined && redraw !== 'all') {
    throw new CounterweightError(
      'bad-option',
      'rows is for redraw "all": else the strategy says how many rows there are',
    );
  }
  return Object.freeze({
    name,
    samplingType: 'over-sampling',
    resample: (data: Dataset, run: RunOptions = {}) => resample(data, options, run),
  });
}

async function resample(data: Dataset, options: RoseOptions, run: RunOptions): Promise<Resampled> {
  const { samplingStrategy = 'auto', seed = 0, shrinkage = 1 } = options;
  throwIfAborted(run.signal);
  checkShapes(data);
  const { X, y } = data;
  const plan = planSampling(samplingStrategy, y, { samplingType: 'over-sampling' });
  checkFinite(X, name);
  const drawn = drawnSizes(plan, data, options);
  const factors = shrinkageByCode(shrinkage, y, plan.counts, drawn);
  const members = rowsByClass(y, plan.counts);
  const notices: Notice[] = [...plan.notices];
  const blocks: RowBlock[] = [{ copies: rowsThatStay(data, options, drawn) }];
  for (const [done, { code, label, count }] of drawn.entries()) {
    throwIfAborted(run.signal);
    run.onProgress?.({ task: name, done, total: drawn.length });
    const own = members[code]!;
    const stream = classStream(seed, name, own);
    const bases = new Int32Array(count);
    for (let i = 0; i < count; i++) bases[i] = own[stream.integer(own.length)]!;
    const factor = factors.get(code)!;
    const widths = kernelWidths(X, own, { factor });
    if (widths.some((width) => width > 0)) {
      blocks.push({ centroids: perturbed(X, bases, widths, stream.normal), nearest: bases });
      continue;
    }
    blocks.push({ copies: bases });
    if (factor > 0 && count > 0) {
      notices.push({
        code: 'copied-instead',
        severity: 'warning',
        message: `the rows of class ${quoted(label)} do not differ from each other, so they were copied`,
        class: label,
        numbers: { rows: own.length },
      });
    }
  }
  run.onProgress?.({ task: name, done: drawn.length, total: drawn.length });
  return assembleBlocks(data, blocks, notices);
}

/** The classes to draw, with how many rows each. */
function drawnSizes(plan: SamplingPlan, { y }: Dataset, { redraw = 'all', rows }: RoseOptions): SamplingTarget[] {
  if (redraw === 'none') return [...plan.targets];
  const added = new Map(plan.targets.map(({ code, count }) => [code, count]));
  const codes = [...plan.counts.keys()].filter((code) => plan.counts[code]! > 0);
  const classes = (redraw === 'targeted' ? codes.filter((code) => added.has(code)) : codes).map((code) => {
    const size = plan.counts[code]!;
    return { code, label: y.classes[code]!, rows: size, count: size + (added.get(code) ?? 0) };
  });
  if (rows === undefined) return classes;
  const sizes = classes.map(({ count }) => count);
  return largestRemainder(rows, sizes).map((count, i) => ({ ...classes[i]!, count }));
}

function rowsThatStay({ y }: Dataset, { redraw = 'all' }: RoseOptions, drawn: readonly SamplingTarget[]): Int32Array {
  const all = Int32Array.from(y.codes.keys());
  if (redraw === 'none') return all;
  const gone = new Set(drawn.map(({ code }) => code));
  return all.filter((row) => !gone.has(y.codes[row]!));
}
