import type { Dataset } from '../data/dataset.ts';
import type { Model } from '../learn/learner.ts';
import { trainingRows } from '../learn/logistic-data.ts';
import { absentClasses } from '../learn/trees/absent-classes.ts';
import { checkWhole } from '../resample/options.ts';
import { type RandomStream, randomStream } from '../runtime/random.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import { withKernels } from '../runtime/work.ts';
import { combinedModel } from './combined-model.ts';
import { evenBag } from './draw-bags.ts';
import type { EnsembleLearner } from './ensemble-learner.ts';
import { checkMember, type MemberOptions, memberFits, memberOptionNames } from './member-base.ts';
import { checkEnsemble, type EnsembleOptions } from './options.ts';
import { bagOf, drawWith, drawWithout, rarest, rowUnits } from './row-units.ts';

export interface SelfPacedEnsembleOptions extends EnsembleOptions, MemberOptions {
  /** Bins of hardness. Default 5. */
  readonly kBins?: number | undefined;
}

/**
 * Self-paced ensemble (Liu et al. 2020): rows of larger classes are binned by how wrong the members so far are about them,
 * and drawn from the bins first by ease and at last evenly; the rarest class is kept whole. 50 members, trees.
 *
 * What the members say is the mean of those that there are; the authors' code counts an empty one, which flattens early bins.
 */
export function selfPacedEnsemble(options: SelfPacedEnsembleOptions = {}): EnsembleLearner {
  const name = 'self-paced-ensemble';
  checkEnsemble(name, options, ['kBins', ...memberOptionNames]);
  checkWhole('kBins', options.kBins, 1);
  checkMember(options);
  const { nEstimators = 50, seed = 0, kBins = 5, ...base } = options;
  const fit = async (data: Dataset, run?: RunOptions) => {
    const training = trainingRows(data);
    const { labels, present, count } = training;
    const units = rowUnits(training);
    const wanted = rarest(units);
    const stream = randomStream(seed, name);
    return withKernels(run, async (work) => {
      const fits = await memberFits(work, data, training, base, undefined, run);
      const members: Model[] = [];
      const sums = new Float64Array(count);
      for (let t = 0; t < nEstimators; t++) {
        const own = stream.child('member', t);
        const hardness = (rows: Int32Array) => {
          const found = new Float64Array(rows.length);
          for (let i = 0; i < rows.length; i++) found[i] = 1 - sums[rows[i]!]! / t;
          return found;
        };
        const bag =
          t === 0
            ? evenBag(own, units, wanted, false)
            : bagOf(
                units.order.map((place) => {
                  const rows = units.ofClass[place]!;
                  if (rows.length === wanted) return rows;
                  return drawByHardness(own, rows, hardness(rows), wanted, kBins, pace(t, nEstimators));
                }),
                units,
              );
        await fits.fit([bag], [own.child('fit')], t + 1 < nEstimators ? 'all' : 'nothing', ({ model, shares }) => {
          members.push(model);
          if (shares) for (let i = 0; i < count; i++) sums[i]! += shares[i * present.length + labels[i]!]!;
        });
        run?.onProgress?.({ task: name, done: t + 1, total: nEstimators });
      }
      const { classes } = data.y;
      const notices = absentClasses(classes, present);
      return combinedModel({ name, classes, columns: data.X.columns, combine: 'mean', members, notices });
    });
  };
  return Object.freeze({ name, fit });
}

/** tan(π/2 · t / (T - 1)): from 0, where easy rows are preferred, to infinity, where all bins are drawn from alike. */
export function pace(t: number, members: number): number {
  return members > 1 ? Math.tan(((Math.PI / 2) * t) / (members - 1)) : 0;
}

/** Bin of each row: equal widths from the least hardness to the greatest, the last one closed. */
export function hardnessBins(hardness: Float64Array, kBins: number): Int32Array {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const h of hardness) {
    low = Math.min(low, h);
    high = Math.max(high, h);
  }
  if (!(high > low)) return new Int32Array(hardness.length);
  const bins = new Int32Array(hardness.length);
  for (let i = 0; i < bins.length; i++) {
    bins[i] = Math.min(kBins - 1, Math.floor(((hardness[i]! - low) / (high - low)) * kBins));
  }
  return bins;
}

/** Rows to draw from each bin, not rounded: in proportion to 1 / (mean hardness + alpha), empty bins none. */
export function binQuotas(
  hardness: Float64Array,
  bins: Int32Array,
  kBins: number,
  alpha: number,
  wanted: number,
): Float64Array {
  const sums = new Float64Array(kBins);
  const sizes = new Int32Array(kBins);
  for (let i = 0; i < bins.length; i++) {
    sums[bins[i]!]! += hardness[i]!;
    sizes[bins[i]!]!++;
  }
  // A bin of mean hardness 0 has no finite weight at the start; it stands for rows that need no learning.
  const weights = sums.map((sum, b) => (sizes[b]! > 0 ? 1 / Math.max(sum / sizes[b]! + alpha, 1e-12) : 0));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => (wanted * weight) / total);
}

/** Whole numbers of mean `quotas` and of their sum: quotas are rounded up or down by one draw for all. */
export function roundedQuotas(quotas: Float64Array, stream: RandomStream): Int32Array {
  const offset = stream.uniform();
  let sum = 0;
  let given = 0;
  const total = Math.round(quotas.reduce((all, quota) => all + quota, 0));
  return Int32Array.from(quotas, (quota, b) => {
    sum += quota;
    const upTo = b === quotas.length - 1 ? total : Math.min(total, Math.floor(sum + offset));
    const here = upTo - given;
    given = upTo;
    return here;
  });
}

function drawByHardness(
  stream: RandomStream,
  rows: Int32Array,
  hardness: Float64Array,
  wanted: number,
  kBins: number,
  alpha: number,
): Int32Array {
  const bins = hardnessBins(hardness, kBins);
  const counts = roundedQuotas(binQuotas(hardness, bins, kBins, alpha, wanted), stream);
  const drawn: number[] = [];
  for (let b = 0; b < kBins; b++) {
    if (counts[b] === 0) continue;
    const inside = inBin(rows, bins, b);
    if (inside.length === 0) continue;
    const draw = counts[b]! > inside.length ? drawWith : drawWithout;
    for (const row of draw(stream, inside, counts[b]!)) drawn.push(row);
  }
  return drawn.length > 0 ? Int32Array.from(drawn) : drawWithout(stream, rows, wanted);
}

function inBin(rows: Int32Array, bins: Int32Array, bin: number): Int32Array {
  const inside = new Int32Array(rows.length);
  let size = 0;
  for (let i = 0; i < rows.length; i++) if (bins[i] === bin) inside[size++] = rows[i]!;
  return inside.slice(0, size);
}
