import { requireOptions } from '../../data/check-option-names.ts';
import type { Matrix } from '../../data/matrix.ts';
import { neighbourIndex } from '../../neighbors/neighbour-index.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import { quoted } from '../class-counts.ts';
import { classStream } from '../class-stream.ts';
import { denseRows } from '../dense-rows.ts';
import { checkWhole } from '../options.ts';
import type { Resampler } from '../resampler.ts';
import { columnSpread } from './column-spread.ts';
import { optics } from './optics.ts';
import { type ClassTask, type OverProblem, overSampler, type PlainOverOptions } from './over-sampler.ts';
import { repeated, shareByWeight } from './share-by-weight.ts';
import { emptyBlock, type SyntheticBlock } from './synthetic-block.ts';
import { pairsWithin } from './within-class.ts';

export interface SmobdOptions extends PlainOverOptions {
  /** Neighbours of its own class that a row may be moved towards. Default 5. */
  readonly kNeighbors?: number | undefined;
  /** Share of the core distance in the weight of a row; the rest is that of its neighbours. From 0 to 1, default 0.5. */
  readonly eta1?: number | undefined;
  /** Noise is what is so many times farther off than the mean. Above 0, default 1.8. */
  readonly t?: number | undefined;
  /** Rows, itself among them, up to which the core distance of a row reaches. At least 2, default 5. */
  readonly minSamples?: number | undefined;
  /**
   * Radius in which a row's neighbours are counted, in units of the range of the widest column. Above 0. Default: `t` times
   * the mean core distance.
   */
  readonly maxEps?: number | undefined;
}

const name = 'smobd';

/**
 * SMOBD, SMOTE by density: rows get new rows in proportion to a weight of their core distance and of the number of rows around
 * them, within their class; noise gets none.
 *
 * Core distances and reachabilities are those of OPTICS over the class. A row whose core distance and reachability are both more than
 * `t` times their means is noise (the first row in the order, which is reached from nowhere, by its core distance alone). The
 * others weigh eta1 · core / max core + (1 - eta1) · count / max count, and get their share of the new rows, rounded; each
 * lies between its base and one of the base's nearest rows of the class, noise included.
 *
 * One gap a row keeps it on the segment, where the paper draws one a column. In smote_variants the mean reachability is
 * infinite, since the first row's is, so that no row is ever noise.
 *
 * Cao and Wang, "Applying over-sampling technique based on data density and cost-sensitive SVM to imbalanced learning", ICIII 2011.
 * Takes time in proportion to the square of the class's rows. Output as that of `smote`; throws what it throws.
 */
export function smobd(options: SmobdOptions = {}): Resampler {
  requireOptions(name, options);
  const { kNeighbors = 5, eta1 = 0.5, t = 1.8, minSamples = 5, maxEps } = options;
  checkWhole('kNeighbors', kNeighbors, 1);
  checkWhole('minSamples', minSamples, 2);
  if (!(typeof eta1 === 'number' && eta1 >= 0 && eta1 <= 1)) {
    throw new CounterweightError('bad-option', `eta1 must be a number from 0 to 1, got ${String(eta1)}`);
  }
  for (const [option, value] of Object.entries({ t, maxEps: maxEps ?? 1 })) {
    if (typeof value === 'number' && value > 0 && value < Number.POSITIVE_INFINITY) continue;
    throw new CounterweightError('bad-option', `${option} must be a number above 0, got ${String(value)}`);
  }
  return overSampler({
    name,
    options,
    known: ['kNeighbors', 'eta1', 't', 'minSamples', 'maxEps'],
    kNeighbors,
    hasPeer: false,
    begin: async (problem) => {
      const radius = maxEps === undefined ? undefined : maxEps * columnSpread(problem.data.X).widest;
      return async (task) => {
        const weights = await densities(problem, task, { eta1, t, minSamples, radius });
        return drawByWeight(problem, task, weights);
      };
    },
  });
}

interface DensityOptions {
  readonly eta1: number;
  readonly t: number;
  readonly minSamples: number;
  readonly radius: number | undefined;
}

async function densities(problem: OverProblem, { target, rows }: ClassTask, options: DensityOptions) {
  const { eta1, t, minSamples } = options;
  const X = denseRows(problem.data.X, rows);
  const { core, reachability } = await optics(problem, X, Math.min(minSamples, rows.length));
  const meanCore = mean(core);
  const meanReach = mean(reachability.filter(Number.isFinite));
  const counts = await countWithin(problem, X, options.radius ?? t * meanCore);
  const [mostCore, mostCount] = [core, counts].map((values) =>
    values.reduce((most, value) => Math.max(most, value), 0),
  );
  let noise = 0;
  const weights = core.map((distance, i) => {
    if (distance > t * meanCore && reachability[i]! > t * meanReach) {
      noise++;
      return 0;
    }
    const far = mostCore! > 0 ? distance / mostCore! : 0;
    return eta1 * far + (1 - eta1) * (counts[i]! / mostCount!);
  });
  if (noise === rows.length) {
    problem.notices.push({
      code: 'only-noise',
      severity: 'warning',
      message: `all ${noise} rows of class ${quoted(target.label)} are noise by the t asked for: they are used evenly`,
      class: target.label,
      numbers: { rows: noise },
    });
  }
  return weights;
}

const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value / values.length, 0);

/** Rows within the radius of each, itself among them. */
async function countWithin({ run }: OverProblem, X: Matrix, radius: number): Promise<Float64Array> {
  const index = await neighbourIndex({ rows: X }, run);
  const counts = new Float64Array(X.rows);
  try {
    const step = 256;
    for (let start = 0; start < X.rows; start += step) {
      const queries = Int32Array.from({ length: Math.min(step, X.rows - start) }, (_, i) => start + i);
      const { offsets } = await index.radius({ queries, radius }, { signal: run.signal });
      for (let i = 0; i < queries.length; i++) counts[start + i] = 1 + offsets[i + 1]! - offsets[i]!;
    }
  } finally {
    index.dispose();
  }
  return counts;
}

async function drawByWeight(problem: OverProblem, task: ClassTask, weights: Float64Array): Promise<SyntheticBlock> {
  const { target, rows, k } = task;
  const { neighbours } = await pairsWithin(problem, rows, k);
  const stream = classStream(problem.seed, name, rows);
  const chosen = repeated(shareByWeight(target.count, weights, stream));
  const block = emptyBlock(target.count);
  for (let i = 0; i < target.count; i++) {
    block.base[i] = rows[chosen[i]!]!;
    block.neighbour[i] = neighbours[chosen[i]! * k + stream.integer(k)]!;
    block.gap[i] = stream.uniform();
  }
  return block;
}
