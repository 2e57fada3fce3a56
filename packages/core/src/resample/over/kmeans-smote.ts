import { requireOptions } from '../../data/check-option-names.ts';
import type { NumericRows } from '../../data/dataset.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import type { RunOptions } from '../../runtime/run-options.ts';
import { quoted } from '../class-counts.ts';
import { classStream } from '../class-stream.ts';
import { checkWhole } from '../options.ts';
import type { Resampler } from '../resampler.ts';
import { clusterSparsities } from './cluster-sparsity.ts';
import { findClusters } from './find-clusters.ts';
import { type ClassTask, type OverProblem, type OverSamplerOptions, overSampler } from './over-sampler.ts';
import { drawPairs, drawPairsAsNumpy } from './pair-draws.ts';
import { shareByWeight } from './share-by-weight.ts';
import { joinedBlocks, type SyntheticBlock } from './synthetic-block.ts';
import { blockOfPairs, pairsWithin, smoteBlock } from './within-class.ts';

/** Finds the cluster of each row: whole numbers from 0. */
export type FindClusters = (rows: NumericRows, options?: RunOptions) => Promise<Int32Array>;

export interface KMeansSmoteOptions extends OverSamplerOptions {
  /** Neighbours within the class and the cluster. Default 2. */
  readonly kNeighbors?: number | undefined;
  /** Clusters that k-means looks for among all rows. Default 8. */
  readonly nClusters?: number | undefined;
  /**
   * Share of a cluster's rows that must be of the class for new rows to be made in it. `auto` (the default): half of the class's share
   * of all new rows, so 1/2 where one class gets rows.
   */
  readonly clusterBalanceThreshold?: 'auto' | number | undefined;
  /**
   * Power of the mean distance of the class's rows in a cluster that tells how sparse they are. `auto`: the number of columns, as in
   * the paper; with `compat` imbalanced-learn's formula.
   */
  readonly densityExponent?: 'auto' | number | undefined;
  /** Takes the place of k-means. */
  readonly cluster?: FindClusters | undefined;
}

const name = 'kmeans-smote';

/**
 * k-means SMOTE: all rows are clustered, and SMOTE runs inside the clusters in which the class is frequent, the more the sparser its rows
 * lie there.
 *
 * The asked number is shared over the clusters by largest remainder; within a cluster bases are used evenly. A cluster counts if
 * the class has the share of it that `clusterBalanceThreshold` says and more than `kNeighbors` rows in it. Where none does, those count
 * in which the class is at least as frequent as in the data (`threshold-lowered`), and where none of these has enough
 * rows SMOTE over the class takes over (`no-fitting-cluster`). imbalanced-learn, and `compat`, stops there, and rounds each
 * cluster's share up, so that a class gets more rows than asked. With `compat` and the same clusters from `cluster` the rows are its
 * rows; without `cluster` ours are those of k-means, not of mini-batch k-means, as the notice `other-clusters` says.
 * Output as that of `smote`.
 *
 * Douzas, Bacao and Last, "Improving imbalanced learning through a heuristic oversampling method based on k-means and SMOTE",
 * Information Sciences 465 (2018). Throws what `smote` throws, `bad-clusters`; with `compat` `no-fitting-cluster`.
 */
export function kMeansSmote(options: KMeansSmoteOptions = {}): Resampler {
  requireOptions(name, options);
  const {
    kNeighbors = 2,
    nClusters = 8,
    clusterBalanceThreshold = 'auto',
    densityExponent = 'auto',
    cluster,
  } = options;
  checkWhole('kNeighbors', kNeighbors, 1);
  checkWhole('nClusters', nClusters, 1);
  checkNumber('clusterBalanceThreshold', clusterBalanceThreshold, 0, 1);
  checkNumber('densityExponent', densityExponent, 0, Number.MAX_VALUE);
  if (cluster !== undefined && typeof cluster !== 'function') {
    throw new CounterweightError('bad-option', 'cluster must be a function from rows to cluster numbers');
  }
  if (cluster && options.nClusters !== undefined) {
    throw new CounterweightError('bad-option', 'nClusters is for k-means; the function cluster decides by itself');
  }
  return overSampler({
    name,
    options,
    known: ['kNeighbors', 'nClusters', 'clusterBalanceThreshold', 'densityExponent', 'cluster'],
    kNeighbors,
    begin: async (problem) => {
      const clusterOf = await findClusters(problem, nClusters, cluster);
      const rules = { clusterBalanceThreshold, densityExponent };
      return (task) => (problem.compat ? asPeer : synthesise)(problem, task, groupsOf(problem, clusterOf), rules);
    },
  });
}

interface Rules {
  readonly clusterBalanceThreshold: 'auto' | number;
  readonly densityExponent: 'auto' | number;
}

/** Rows of each cluster, ascending. */
type Groups = readonly (readonly number[])[];

function groupsOf({ data }: OverProblem, clusterOf: Int32Array): Groups {
  const groups: number[][] = Array.from(
    { length: clusterOf.reduce((most, at) => Math.max(most, at), -1) + 1 },
    () => [],
  );
  for (let row = 0; row < data.X.rows; row++) groups[clusterOf[row]!]!.push(row);
  return groups;
}

/** Rows of the class in each cluster that has at least that share of it, and more than k rows of it. */
function fitting(
  { data, compat }: OverProblem,
  { target, k }: ClassTask,
  groups: Groups,
  threshold: number,
): Int32Array[] {
  return groups.flatMap((rows) => {
    const own = rows.filter((row) => data.y.codes[row] === target.code);
    const share = own.length / rows.length;
    // The product of share and size may miss the count by rounding: imbalanced-learn's.
    const enough = compat ? share * rows.length >= k + 1 : own.length > k;
    return rows.length > 0 && share >= threshold && enough ? [Int32Array.from(own)] : [];
  });
}

function thresholdOf({ plan }: OverProblem, { target }: ClassTask, { clusterBalanceThreshold }: Rules): number {
  if (clusterBalanceThreshold !== 'auto') return clusterBalanceThreshold;
  const total = plan.targets.reduce((sum, { count }) => sum + count, 0);
  return target.count / total / 2;
}

async function synthesise(
  problem: OverProblem,
  task: ClassTask,
  groups: Groups,
  rules: Rules,
): Promise<SyntheticBlock> {
  const { data, seed } = problem;
  const { target, rows, k } = task;
  const clusters = choose(problem, task, groups, rules);
  if (clusters.length === 0) return smoteBlock(problem, task);
  const stream = classStream(seed, name, rows);
  const exponent = rules.densityExponent === 'auto' ? data.X.columns : rules.densityExponent;
  const weights = clusterSparsities(data.X, clusters, () => exponent, stream.child('pairs'));
  const shares = shareByWeight(target.count, weights, stream);
  const blocks: SyntheticBlock[] = [];
  for (const [i, own] of clusters.entries()) {
    const draws = drawPairs(stream.child('cluster', i), own.length, k, shares[i]!, true);
    blocks.push(blockOfPairs(await pairsWithin(problem, own, k), draws));
  }
  return joinedBlocks(blocks);
}

/** The clusters to work in; where none fits, those of the two fallbacks, with their notices. */
function choose(problem: OverProblem, task: ClassTask, groups: Groups, rules: Rules): Int32Array[] {
  const { data, notices } = problem;
  const { target, rows } = task;
  const threshold = thresholdOf(problem, task, rules);
  const chosen = fitting(problem, task, groups, threshold);
  if (chosen.length > 0) return chosen;
  const lower = rows.length / data.X.rows;
  const next = fitting(problem, task, groups, Math.min(lower, threshold));
  const numbers = { clusters: groups.length, threshold, lowered: lower };
  notices.push(
    next.length > 0
      ? {
          code: 'threshold-lowered',
          severity: 'warning',
          message: `in none of ${groups.length} clusters class ${quoted(target.label)} has ${percent(threshold)} of the rows, so clusters in which it has ${percent(lower)}, as in the data, were taken`,
          class: target.label,
          numbers,
        }
      : {
          code: 'no-fitting-cluster',
          severity: 'warning',
          message: `in none of ${groups.length} clusters class ${quoted(target.label)} is frequent and has enough rows: its new rows are those of SMOTE over the whole class`,
          class: target.label,
          numbers,
        },
  );
  return next;
}

const percent = (share: number) => `${Number((100 * share).toPrecision(3))} %`;

async function asPeer(problem: OverProblem, task: ClassTask, groups: Groups, rules: Rules): Promise<SyntheticBlock> {
  const { data, seed } = problem;
  const { target, k } = task;
  const threshold = groups.length === 1 ? Number.NEGATIVE_INFINITY : thresholdOf(problem, task, rules);
  const clusters = fitting(problem, task, groups, threshold);
  const { densityExponent } = rules;
  const exponentOf = (size: number) =>
    densityExponent === 'auto' ? (Math.log(size) / Math.log(1.6)) ** 1.8 * 0.16 : densityExponent;
  const weights = clusterSparsities(data.X, clusters, exponentOf);
  if (clusters.length === 0) {
    throw new CounterweightError(
      'no-fitting-cluster',
      `in no cluster class ${quoted(target.label)} is frequent and has enough rows, where imbalanced-learn's KMeansSMOTE stops; lower clusterBalanceThreshold or leave compat out`,
      { class: target.label },
    );
  }
  const blocks: SyntheticBlock[] = [];
  for (const [i, own] of clusters.entries()) {
    const count = Math.ceil(target.count * weights[i]!);
    const draws = drawPairsAsNumpy(seed, own.length, k, count);
    blocks.push(blockOfPairs(await pairsWithin(problem, own, k), draws));
  }
  return joinedBlocks(blocks);
}

function checkNumber(option: string, value: unknown, least: number, most: number): void {
  if (value === 'auto' || (typeof value === 'number' && value >= least && value <= most)) return;
  const range = most === 1 ? `from ${least} to ${most}` : `of at least ${least}`;
  throw new CounterweightError('bad-option', `${option} must be auto or a number ${range}, got ${String(value)}`);
}
