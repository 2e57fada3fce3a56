import type { Dataset } from '../data/dataset.ts';
import { allRows } from '../data/select.ts';
import { selectNumericRows } from '../data/select-numeric-rows.ts';
import { classWeights } from '../learn/class-priors.ts';
import type { Learner, Model } from '../learn/learner.ts';
import type { TrainingRows } from '../learn/logistic-data.ts';
import { binRows } from '../learn/trees/binned-rows.ts';
import { checkColumns } from '../learn/trees/boosting-options.ts';
import { forestModel } from '../learn/trees/forest-model.ts';
import { type DecisionTreeOptions, lookedAt, treeOptionNames, treeSettings } from '../learn/trees/forest-options.ts';
import { checkMonotoneClasses } from '../learn/trees/monotone-columns.ts';
import type { Tree } from '../learn/trees/tree.ts';
import type { RandomStream } from '../runtime/random.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import type { Work } from '../runtime/work.ts';
import { bagTrees } from './bag-trees.ts';
import { presentShares } from './present-shares.ts';
import type { Bag } from './row-units.ts';

/** Options of trees as members, grown on the shared bins. */
export type TreeOptions = Omit<DecisionTreeOptions, 'seed' | 'monotonicConstraints'>;

/** For ensembles that keep the order of their members' probabilities, as means do. */
export type MonotoneOption = Pick<DecisionTreeOptions, 'monotonicConstraints'>;

/** Without the seed: members have seeds of their own. */
export const memberTreeOptionNames = treeOptionNames.filter(
  (name) => name !== 'seed' && name !== 'monotonicConstraints',
);

/**
 * What is asked about a member besides its model: shares of the classes at rows of the training data, or for `bag-lines` and
 * `all-lines` lines of shares and the line of each row, which are few where a member has few leaves.
 */
export type Wanted = 'nothing' | 'bag' | 'all' | 'outside' | 'bag-lines' | 'all-lines';

export interface BaseFit {
  readonly model: Model;
  /** `rows × present classes`: rows of the bag, or all; undefined where not wanted. `outside`: NaN for the bag's rows. */
  readonly shares: Float64Array | undefined;
  /** The line of `shares` of each row, where lines were wanted. */
  readonly lines?: Int32Array | undefined;
}

/** Fits members on bags of one training set. */
export interface BaseFits {
  fit(
    bags: readonly Bag[],
    streams: readonly RandomStream[],
    wanted: Wanted,
    take: (fit: BaseFit, t: number) => void,
  ): Promise<void>;
}

/** All training rows in one bag, with weights (their own if left out). */
export function wholeBag({ count, weights }: TrainingRows, others?: Float64Array): Bag {
  return positive({ rows: allRows(count), weights: others ?? weights });
}

/** The bag without its rows of weight 0. */
export function positive({ rows, weights }: Bag): Bag {
  if (weights.every((weight) => weight > 0)) return { rows, weights };
  const inside = rows.filter((_row, i) => weights[i]! > 0);
  return { rows: inside, weights: weights.filter((weight) => weight > 0) };
}

/** Members that are trees; the rows are binned once for all. `mostRows` is the largest bag there will be. */
export async function treeFits(
  work: Work,
  data: Dataset,
  training: TrainingRows,
  options: TreeOptions & MonotoneOption,
  mostRows: number = training.count,
): Promise<BaseFits> {
  const tree = treeSettings(options, 'all');
  const { criterion, maxDepth, minSamplesLeaf, maxFeatures, maxBins, categoricalFeatures } = tree;
  checkColumns(tree, data.X, training);
  const { kept, count, present } = training;
  checkMonotoneClasses(tree.monotonicConstraints, present.length);
  const binning = { kept, count, weights: evenWeights(training) };
  const rows = await binRows(work, data.X, binning, { maxBins, categorical: new Set(categoricalFeatures) });
  const { columns } = data.X;
  const features = rows.features.length;
  const rules = {
    criterion,
    maxDepth,
    minWeight: minSamplesLeaf === 1 ? 0 : minSamplesLeaf,
    maxFeatures: lookedAt(maxFeatures, columns, features),
    monotone: tree.monotonicConstraints,
  };
  const trees = bagTrees(work, rows, training, rules, Math.max(1, mostRows));
  const modelOf = (tree: Tree) =>
    forestModel({ name: 'decision-tree', classes: data.y.classes, present, columns, trees: [tree], notices: [] });
  const fit: BaseFits['fit'] = (bags, streams, wanted, take) =>
    trees.grow(bags, streams, (grown, t) => {
      const model = modelOf(grown.tree);
      if (wanted === 'nothing') return take({ model, shares: undefined }, t);
      if (wanted === 'bag') return take({ model, shares: grown.bagShares() }, t);
      if (wanted === 'bag-lines' || wanted === 'all-lines') {
        const lines = grown.leaves(wanted === 'bag-lines' ? 'bag' : 'all');
        return take({ model, shares: grown.tree.value, lines }, t);
      }
      const sums = new Float64Array(count * present.length);
      const counts = new Int32Array(count);
      grown.addShares(wanted, sums, counts);
      take({ model, shares: outside(sums, wanted === 'outside' ? bags[t]!.rows : [], present.length) }, t);
    });
  return Object.freeze({ fit });
}

/**
 * Weights by which all classes weigh the same. Bins are quantiles: of plain rows they would be spent on the largest class,
 * and where the rare one lies apart, in a tail, a bag would have hardly a threshold to choose from.
 */
export function evenWeights(training: TrainingRows): Float64Array {
  const { labels, weights, present } = training;
  const totals = classWeights(training);
  let all = 0;
  for (const weight of weights) all += weight;
  const even = new Float64Array(labels.length);
  for (let i = 0; i < even.length; i++) even[i] = (weights[i]! * all) / (present.length * totals[labels[i]!]!);
  return even;
}

/** Members of any learner; a bag is weights over the same rows. */
export function learnerFits(
  data: Dataset,
  { kept, count, present }: TrainingRows,
  learner: Learner | ((seed: number) => Learner),
  run?: RunOptions,
): BaseFits {
  const rowOf = (place: number) => (kept ? kept[place]! : place);
  const sharesAt = async (model: Model, rows: Int32Array | undefined) => {
    const X = rows || kept ? selectNumericRows(data.X, rows ? rows.map(rowOf) : kept!) : data.X;
    return presentShares(await model.predictProba(X, run), present);
  };
  const fit: BaseFits['fit'] = async (bags, streams, wanted, take) => {
    for (const [t, bag] of bags.entries()) {
      const weights = new Float64Array(data.X.rows);
      for (let i = 0; i < bag.rows.length; i++) weights[rowOf(bag.rows[i]!)] = bag.weights[i]!;
      const member = typeof learner === 'function' ? learner(streams[t]!.uint32()) : learner;
      const model = await member.fit({ X: data.X, y: data.y, weights }, run);
      if (wanted === 'nothing') take({ model, shares: undefined }, t);
      else if (wanted === 'bag') take({ model, shares: await sharesAt(model, bag.rows) }, t);
      else if (wanted === 'bag-lines' || wanted === 'all-lines') {
        const shares = await sharesAt(model, wanted === 'bag-lines' ? bag.rows : undefined);
        take({ model, shares, lines: allRows(shares.length / present.length) }, t);
      } else {
        const all = await sharesAt(model, undefined);
        take({ model, shares: outside(all, wanted === 'outside' ? bag.rows : [], all.length / count) }, t);
      }
    }
  };
  return Object.freeze({ fit });
}

function outside(shares: Float64Array, rows: ArrayLike<number>, classes: number): Float64Array {
  for (let i = 0; i < rows.length; i++) shares.fill(Number.NaN, rows[i]! * classes, (rows[i]! + 1) * classes);
  return shares;
}
