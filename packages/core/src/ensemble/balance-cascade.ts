import type { Dataset } from '../data/dataset.ts';
import type { Model } from '../learn/learner.ts';
import { trainingRows } from '../learn/logistic-data.ts';
import { absentClasses } from '../learn/trees/absent-classes.ts';
import { checkWhole } from '../resample/options.ts';
import { type RandomStream, randomStream } from '../runtime/random.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import { withKernels } from '../runtime/work.ts';
import { checkRate, type EasyEnsembleOptions, evenSets } from './ada-boost.ts';
import { combinedModel } from './combined-model.ts';
import type { EnsembleLearner } from './ensemble-learner.ts';
import { checkMember, memberFits, memberOptionNames } from './member-base.ts';
import { checkEnsemble } from './options.ts';
import { bagOf, drawWithout, rarest, rowUnits } from './row-units.ts';
import { boostSamme } from './samme.ts';

export type BalanceCascadeOptions = Omit<EasyEnsembleOptions, 'replacement'>;

/**
 * BalanceCascade (Liu, Wu and Zhou 2009): AdaBoost on a balanced draw; then the rows of larger classes that it is surest of
 * are left out, so that the share (rarest / class)^(1 / (sets - 1)) stays, and the next set draws from the rest. 10 sets of 50
 * trees of depth 3: stumps miss what columns do together, and leave out the wrong rows. Rows leave only after a model has judged
 * them.
 */
export function balanceCascade(options: BalanceCascadeOptions = {}): EnsembleLearner {
  const name = 'balance-cascade';
  checkEnsemble(name, options, ['learningRate', 'rounds', ...memberOptionNames]);
  checkWhole('rounds', options.rounds, 1);
  checkMember(options);
  const { nEstimators = 10, seed = 0, rounds = 50, learningRate = 1, maxDepth = 3 } = options;
  const { learner, criterion, minSamplesLeaf, maxFeatures, maxBins, categoricalFeatures } = options;
  checkRate(learningRate);
  const base = { learner, criterion, minSamplesLeaf, maxFeatures, maxBins, categoricalFeatures, maxDepth };
  const fit = async (data: Dataset, run?: RunOptions) => {
    const training = trainingRows(data);
    const { labels, present, kept } = training;
    const units = rowUnits(training);
    const wanted = rarest(units);
    const left = units.ofClass.map((rows) => rows);
    return withKernels(run, async (work) => {
      const fits = await memberFits(work, data, training, base, undefined, run);
      const members: Model[] = [];
      const alphas: number[][] = [];
      const settings = { rounds, rate: learningRate, classes: present.length };
      const about = { name, classes: data.y.classes, columns: data.X.columns };
      for (let t = 0; t < nEstimators; t++) {
        const stream = randomStream(seed, name).child('set', t);
        const start = bagOf(
          units.order.map((place) => drawWithout(stream, left[place]!, wanted)),
          units,
        );
        const own = { start, labels: start.rows.map((row) => labels[row]!), stream };
        const [set] = await boostSamme(fits, [own], settings);
        const total = set!.alphas.reduce((sum, alpha) => sum + alpha, 0);
        const shares = set!.alphas.map((alpha) => alpha / total);
        members.push(...set!.models);
        alphas.push(set!.alphas);
        run?.onProgress?.({ task: name, done: t + 1, total: nEstimators });
        if (t + 1 === nEstimators) break;
        const heard = { combine: 'vote' as const, weights: Float64Array.from(shares) };
        const judge = combinedModel({ ...about, ...heard, members: set!.models });
        const p = await judge.predictProba(data.X, run);
        for (const [order, place] of units.order.entries()) {
          const keep = keptAfter(units.ofClass[place]!.length, wanted, nEstimators, t + 1);
          // Sums of votes that differ by rounding alone count as equal.
          const sureness = (row: number) =>
            Math.round(1e9 * p.data[(kept ? kept[row]! : row) * p.columns + present[place]!]!);
          left[place] = leastSure(left[place]!, keep, sureness, stream.child('left', order));
        }
      }
      const notices = absentClasses(data.y.classes, present);
      return combinedModel({ ...about, combine: 'vote-odds', members, weights: evenSets(alphas), notices });
    });
  };
  return Object.freeze({ name, fit });
}

/** Rows of a class left after so many sets: its size shrinks by the same factor each time, to that of the rarest at last. */
export function keptAfter(size: number, wanted: number, sets: number, done: number): number {
  if (sets < 2) return size;
  return Math.max(wanted, Math.round(size * (wanted / size) ** (done / (sets - 1))));
}

/**
 * The rows that are judged with the least certainty, `keep` of them, in their order. Of rows judged alike, as many easy ones
 * are by all members, chance decides: the order of the data, which may be that of time, must not.
 */
export function leastSure(
  rows: Int32Array,
  keep: number,
  sureness: (row: number) => number,
  stream: RandomStream,
): Int32Array {
  if (keep >= rows.length) return rows;
  const sure = Float64Array.from(rows, sureness);
  // The sort keeps the drawn order of equal ones.
  const order = stream.permutation(rows.length).sort((a, b) => sure[a]! - sure[b]!);
  return order
    .slice(0, keep)
    .sort()
    .map((i) => rows[i]!);
}
