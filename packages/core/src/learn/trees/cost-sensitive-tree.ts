import { checkOptionNames } from '../../data/check-option-names.ts';
import type { Dataset } from '../../data/dataset.ts';
import { type RandomStream, randomStream } from '../../runtime/random.ts';
import type { RunOptions } from '../../runtime/run-options.ts';
import { withKernels } from '../../runtime/work.ts';
import { checkNumber } from '../check-options.ts';
import type { Learner } from '../learner.ts';
import { type TrainingRows, trainingRows } from '../logistic-data.ts';
import { absentClasses } from './absent-classes.ts';
import { binRows } from './binned-rows.ts';
import { badOption, checkColumns } from './boosting-options.ts';
import { COST_TREE_KIND, type CostTreeModel, cheapest, costTreeModel } from './cost-tree-model.ts';
import { type DecisionCosts, decisionRegrets, settleCosts } from './decision-costs.ts';
import { holdOut } from './early-stopping.ts';
import { type DecisionTreeOptions, forestSettings, lookedAt } from './forest-options.ts';
import { goesLeft } from './goes-left.ts';
import { type CostCriterion, costCriteria, type GrownCostTree, growCostTree } from './grow-cost-tree.ts';
import { stageRows } from './predict-trees.ts';
import { keptLines, pruneByCost, prunedTree } from './prune-by-cost.ts';
import type { Tree } from './tree.ts';

export interface CostSensitiveTreeOptions extends Omit<DecisionTreeOptions, 'criterion' | 'monotonicConstraints'> {
  /** Default `balanced`. */
  readonly costs?: DecisionCosts | undefined;
  /**
   * What a split takes down, summed over its sides: the cost of the cheapest decision for all rows (`direct-cost`, default), or
   * that cost times the share p of the class decided for (`pi-cost`), p^2 (`gini-cost`) or -log p (`entropy-cost`).
   */
  readonly criterion?: CostCriterion | undefined;
  /** A split must save this share of its node's cost. Default 0.001. */
  readonly minGain?: number | undefined;
  /** Whether branches that save too little are cut. Default true. */
  readonly pruned?: boolean | undefined;
  /** Share of the root's cost that each leaf must save to stay. Default 0: branches that save nothing are cut. */
  readonly ccpAlpha?: number | undefined;
  /**
   * Share of each class's rows that does not grow the tree but judges its branches. Default none: the rows that grew it do, on
   * which no split by direct cost saves nothing. With a few thousand rows or more, 0.25 decides better on new ones.
   */
  readonly validationFraction?: number | undefined;
  /**
   * Shares of the classes at the leaves: `laplace` (default), (n + 1) / (N + classes), or `plain`, n / N. Weights count as rows,
   * so that a factor of all of them changes the former and not the latter.
   */
  readonly shares?: 'laplace' | 'plain' | undefined;
}

export interface CostTreeLearner extends Learner {
  readonly name: typeof COST_TREE_KIND;
  fit(data: Dataset, options?: RunOptions): Promise<CostTreeModel>;
}

const known = ['costs', 'criterion', 'maxDepth', 'minSamplesLeaf', 'maxFeatures', 'maxBins', 'categoricalFeatures'];
const ofPruning = ['minGain', 'pruned', 'ccpAlpha', 'validationFraction', 'shares', 'seed'];

/**
 * Cost-sensitive decision tree (CSDT; Bahnsen, Aouada and Ottersten 2015): splits take down what decisions cost, row by row, and
 * leaves decide for the class that costs their rows least. The model's `decide` gives these decisions; its probabilities are
 * the smoothed shares of the classes.
 *
 * Costs are counted from each row's cheapest decision on, which changes no decision and no split by direct cost. Costs per row
 * that are given as arrays belong to the rows of one `fit`; to go with rows that are drawn or split, name a column of them.
 * Splits between values of a column lie as in `decisionTree`; sums are exact.
 *
 * `fit` throws as `decisionTree` does, and `bad-costs`, `no-such-class`.
 *
 * @example
 * const costs = { falsePositive: 5, falseNegative: { column: 0 }, truePositive: 5 };
 * const model = await costSensitiveTree({ costs }).fit({ X, y });
 * const decisions = await model.decide(X);
 */
export function costSensitiveTree(options: CostSensitiveTreeOptions = {}): CostTreeLearner {
  checkOptionNames(COST_TREE_KIND, options, [...known, ...ofPruning]);
  const { costs = 'balanced', criterion = 'direct-cost', minGain = 0.001, pruned = true, ccpAlpha = 0 } = options;
  const { validationFraction, shares = 'laplace' } = options;
  const { costs: _, criterion: __, ...tree } = options;
  const settings = forestSettings('decision-tree', { ...tree, nEstimators: 1 });
  if (!costCriteria.includes(criterion)) throw badOption(`criterion must be one of ${costCriteria.join(', ')}`);
  if (shares !== 'laplace' && shares !== 'plain') throw badOption('shares must be "laplace" or "plain"');
  if (typeof pruned !== 'boolean') throw badOption(`pruned must be true or false, got ${String(pruned)}`);
  checkNumber('minGain', minGain, 0);
  checkNumber('ccpAlpha', ccpAlpha, 0);
  if (validationFraction !== undefined && !(validationFraction > 0 && validationFraction < 1))
    throw badOption(`validationFraction must lie between 0 and 1, got ${validationFraction}`);

  const fit = async (data: Dataset, run?: RunOptions): Promise<CostTreeModel> => {
    const all = trainingRows(data);
    checkColumns(settings, data.X, all);
    const settled = settleCosts(costs, data, all);
    const regrets = decisionRegrets(settled, all);
    const stream = randomStream(settings.seed, COST_TREE_KIND);
    const parts = pruned && validationFraction ? halves(all, regrets, validationFraction, stream) : undefined;
    const [training, own] = parts?.grow ?? [all, regrets];
    return withKernels(run, async (work) => {
      const { kept, count, present, weights } = training;
      const ones = weights.every((weight) => weight === 1);
      const rows = await binRows(
        work,
        data.X,
        { kept, count, weights: ones ? undefined : weights },
        { maxBins: settings.maxBins, categorical: new Set(settings.categoricalFeatures) },
      );
      const rules = {
        criterion,
        minGain,
        maxDepth: settings.maxDepth,
        minWeight: settings.minSamplesLeaf === 1 ? 0 : settings.minSamplesLeaf,
        maxFeatures: lookedAt(settings.maxFeatures, data.X.columns, rows.features.length),
      };
      let grown = growCostTree(work, rows, training, own, rules, stream.child('tree'));
      if (pruned) {
        const judged = parts ? costsOnRows(grown, data, ...parts.judge) : leastCosts(grown, present.length);
        grown = cut(grown, judged, ccpAlpha * judged[0]!, present.length);
      }
      const model = { classes: data.y.classes, present, columns: data.X.columns };
      const notices = absentClasses(data.y.classes, present);
      return costTreeModel({ ...model, ...leaves(grown, present.length, shares), notices });
    });
  };
  return Object.freeze({ name: COST_TREE_KIND, fit });
}

type CostedRows = readonly [TrainingRows, Float64Array];

/** Rows that grow the tree and rows that judge its branches, with their costs. */
function halves(all: TrainingRows, regrets: Float64Array, share: number, stream: RandomStream) {
  const width = all.present.length;
  const placeOf = new Map(all.kept ? Array.from(all.kept, (row, place) => [row, place] as const) : []);
  const costed = (part: TrainingRows): CostedRows => {
    const own = new Float64Array(part.count * width);
    part.kept!.forEach((row, i) => {
      const place = all.kept ? placeOf.get(row)! : row;
      own.set(regrets.subarray(place * width, (place + 1) * width), i * width);
    });
    return [part, own];
  };
  const [grow, judge] = holdOut(all, share, stream.child('validation'));
  return { grow: costed(grow), judge: costed(judge) };
}

/** What each node costs as a leaf: its cheapest decision. */
function leastCosts({ costs }: GrownCostTree, classes: number): Float64Array {
  return Float64Array.from({ length: costs.length / classes }, (_, node) => {
    const at = node * classes;
    return costs[at + cheapest(costs, at, classes)]!;
  });
}

/** What the decisions of the nodes cost on other rows, as leaves. */
function costsOnRows(
  { tree, costs }: GrownCostTree,
  { X }: Dataset,
  { kept, count, weights, present }: TrainingRows,
  regrets: Float64Array,
): Float64Array {
  const width = present.length;
  const decisions = Int32Array.from(tree.feature, (_, node) => cheapest(costs, node * width, width));
  const found = new Float64Array(tree.feature.length);
  const row = new Float64Array(X.columns);
  for (let i = 0; i < count; i++) {
    stageRows(row, X, kept ? kept[i]! : i, 1);
    for (let node = 0; ; ) {
      found[node]! += weights[i]! * regrets[i * width + decisions[node]!]!;
      const feature = tree.feature[node]!;
      if (feature < 0) break;
      node = goesLeft(tree, node, row[feature]!) ? tree.left[node]! : tree.right[node]!;
    }
  }
  return found;
}

function cut(grown: GrownCostTree, judged: Float64Array, alpha: number, classes: number): GrownCostTree {
  const pruning = pruneByCost(grown.tree, judged, alpha);
  return {
    tree: prunedTree(grown.tree, pruning),
    weights: keptLines(grown.weights, classes, pruning),
    costs: keptLines(grown.costs, classes, pruning),
  };
}

/** The tree with its shares, and the mean costs of its nodes. */
function leaves({ tree, weights, costs }: GrownCostTree, classes: number, shares: 'laplace' | 'plain') {
  const added = shares === 'laplace' ? 1 : 0;
  const value = new Float64Array(weights.length);
  const means = new Float64Array(costs.length);
  for (let at = 0; at < value.length; at++) {
    const cover = tree.cover[Math.floor(at / classes)]!;
    value[at] = (weights[at]! + added) / (cover + added * classes);
    means[at] = costs[at]! / cover;
  }
  const filled: Tree = Object.freeze({ ...tree, value });
  return { tree: filled, costs: means };
}
