import type { Dataset, NumericRows } from '../../data/dataset.ts';
import type { Matrix } from '../../data/matrix.ts';
import { nearestNeighbours } from '../../neighbors/nearest-neighbours.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import { type RunOptions, throwIfAborted } from '../../runtime/run-options.ts';
import { quoted } from '../class-counts.ts';
import { classStream } from '../class-stream.ts';
import { kMeans } from '../cluster/k-means.ts';
import { denseRows } from '../dense-rows.ts';
import { checkOptions, checkWhole, checkWord } from '../options.ts';
import type { Resampled, Resampler } from '../resampler.ts';
import type { Compat, SamplingStrategy, SamplingTarget } from '../sampling-strategy.ts';
import { assembleBlocks, type RowBlock } from './centroid-rows.ts';
import { type Clusters, diverseRows, nearestInClusters, nearestToCentres } from './representatives.ts';
import { emptiedClasses, poseProblem, type UnderProblem } from './under-sampler.ts';

/** Finds the centres of `clusters` clusters: `clusters × columns`. */
export type FindCentres = (rows: NumericRows, clusters: number, options?: RunOptions) => Promise<Matrix>;

export interface ClusterCentroidsOptions {
  /** Default `auto`: every class down to the smallest. */
  readonly samplingStrategy?: SamplingStrategy | undefined;
  /**
   * `soft`: centroids take the place of the rows. `hard`: the rows nearest to them stay. `diversity`: of few clusters each
   * gives its share of rows, that nearest to its centroid first and then those farthest from the ones taken. `auto` (the
   * default): `soft` for dense rows, `hard` for sparse ones.
   */
  readonly voting?: 'auto' | 'soft' | 'hard' | 'diversity' | undefined;
  /** Clusters a class for `diversity`. Default: the square root of the rows that are to stay, rounded up. */
  readonly nClusters?: number | undefined;
  /** Takes the place of k-means. */
  readonly estimator?: FindCentres | undefined;
  /** Default 0. */
  readonly seed?: number | undefined;
  /**
   * `imbalanced-learn`: the rows of its ClusterCentroids 0.14 given the same centres by an `estimator`; without one they come
   * from our own k-means, with a notice.
   */
  readonly compat?: Compat | undefined;
}

const name = 'cluster-centroids';

/**
 * Cluster centroids: each targeted class is clustered, and its clusters' centroids, or rows that stand for them, take its
 * place.
 *
 * Rows that stay are told by provenance, and no row stays twice; imbalanced-learn says nothing of its rows with `hard`, and may
 * repeat them, as does `compat`. A centroid has as its base the row of its cluster nearest to it, whose weight and group it
 * takes. Output: the rows that stay in input order, then the centroids class after class;
 * with `compat` class after class.
 *
 * Yen and Lee, "Cluster-based under-sampling approaches for imbalanced data distributions", Expert Systems with
 * Applications 36 (2009). Throws what `planSampling` and `kMeans` throw, `shape-mismatch`, `not-finite`, `bad-clusters`;
 * `bad-option`.
 */
export function clusterCentroids(options: ClusterCentroidsOptions = {}): Resampler {
  checkOptions(name, options, ['samplingStrategy', 'voting', 'nClusters', 'estimator', 'seed', 'compat']);
  const { voting = 'auto', nClusters, estimator, compat } = options;
  checkWord('voting', voting, ['auto', 'soft', 'hard', 'diversity']);
  checkWhole('nClusters', nClusters, 1);
  if (nClusters !== undefined && voting !== 'diversity') {
    throw new CounterweightError('bad-option', 'nClusters is for the voting "diversity"');
  }
  if (compat && voting === 'diversity') {
    throw new CounterweightError('bad-option', 'imbalanced-learn has no voting "diversity"');
  }
  if (estimator !== undefined && typeof estimator !== 'function') {
    throw new CounterweightError('bad-option', 'the estimator must be a function from rows and a number to centres');
  }
  return Object.freeze({
    name,
    samplingType: 'under-sampling',
    resample: (data: Dataset, run: RunOptions = {}) => resample(data, options, run),
  });
}

async function resample(data: Dataset, options: ClusterCentroidsOptions, run: RunOptions): Promise<Resampled> {
  throwIfAborted(run.signal);
  const problem = poseProblem({ name, options, samplingType: 'under-sampling' }, data, run);
  const { members, plan, compat, notices } = problem;
  const { voting = 'auto' } = options;
  const chosen = voting === 'auto' ? (data.X.kind === 'csr' ? 'hard' : 'soft') : voting;
  if (compat && !options.estimator) {
    notices.push({
      code: 'other-clusters',
      severity: 'warning',
      message: 'the clusters are those of our own k-means, so the rows differ from those of imbalanced-learn',
    });
  }
  const made = new Map<number, RowBlock>();
  for (const [done, target] of plan.targets.entries()) {
    throwIfAborted(run.signal);
    run.onProgress?.({ task: name, done, total: plan.targets.length });
    const block = await represent(problem, target, options, chosen);
    made.set(target.code, block);
  }
  const blocks = compat ? members.map((copies, code) => made.get(code) ?? { copies }) : inInputOrder(problem, made);
  const result = assembleBlocks(data, blocks, notices);
  const emptied = emptiedClasses(data.y, plan, gone(problem, blocks));
  return Object.freeze({ ...result, notices: [...notices, ...emptied] });
}

function tooLarge({ label }: SamplingTarget): CounterweightError {
  return new CounterweightError(
    'distance-overflow',
    `the features of class ${quoted(label)} are too large for their means to be numbers; scale the features first`,
    { class: label },
  );
}

/** What takes the place of a class. */
async function represent(
  problem: UnderProblem,
  target: SamplingTarget,
  options: ClusterCentroidsOptions,
  voting: 'soft' | 'hard' | 'diversity',
): Promise<RowBlock> {
  const members = problem.members[target.code]!;
  const { count } = target;
  if (count === 0) return { copies: new Int32Array(0) };
  if (count === members.length && !problem.compat) return { copies: members };
  const rows = denseRows(problem.data.X, members);
  const wanted = voting === 'diversity' ? Math.min(count, options.nClusters ?? Math.ceil(Math.sqrt(count))) : count;
  const clusters = await cluster(problem, rows, target, wanted, options);
  if (!clusters.centres.data.every(Number.isFinite)) throw tooLarge(target);
  const input = (local: Int32Array) => local.map((row) => members[row]!);
  if (voting === 'diversity') return { copies: input(diverseRows(clusters, count)) };
  if (problem.compat) {
    const nearest = input(nearestToCentres(clusters));
    return voting === 'hard' ? { copies: nearest } : { centroids: clusters.centres, nearest };
  }
  const nearest = input(nearestInClusters(clusters));
  return voting === 'hard' ? { copies: nearest } : { centroids: clusters.centres, nearest };
}

async function cluster(
  problem: UnderProblem,
  rows: Matrix,
  { code, label }: SamplingTarget,
  count: number,
  { estimator }: ClusterCentroidsOptions,
): Promise<Clusters> {
  const run = { signal: problem.run.signal, runtime: problem.run.runtime };
  if (!estimator) {
    const stream = classStream(problem.seed, name, problem.members[code]!);
    const { centres, clusterOf, settled } = await kMeans({ X: rows, clusters: count, stream }, run);
    if (!settled) {
      problem.notices.push({
        code: 'not-settled',
        severity: 'info',
        message: `the clusters of class ${quoted(label)} still changed in the last round of k-means`,
        class: label,
      });
    }
    return { rows, centres, clusterOf };
  }
  const centres = await estimator(rows, count, run);
  const right = centres.rows === count && centres.columns === rows.columns && centres.data.every(Number.isFinite);
  if (!right) {
    throw new CounterweightError(
      'bad-clusters',
      `the estimator was asked for ${count} x ${rows.columns} finite centres for class ${quoted(label)} and gave ${centres.rows} x ${centres.columns}`,
      { class: label },
    );
  }
  const { indices } = await nearestNeighbours({ reference: centres, queries: rows, k: 1 }, run);
  return { rows, centres, clusterOf: indices };
}

/** The copies of all classes in input order, then the centroids; a centroid of one row's cluster is that row. */
function inInputOrder({ members }: UnderProblem, made: ReadonlyMap<number, RowBlock>): RowBlock[] {
  const copies: number[] = [];
  const centroids: RowBlock[] = [];
  for (const [code, rows] of members.entries()) {
    const block = made.get(code) ?? { copies: rows };
    if ('copies' in block) for (const row of block.copies) copies.push(row);
    else centroids.push(block);
  }
  return [{ copies: Int32Array.from(copies).sort() }, ...centroids];
}

/** Rows of classes that no block speaks of. */
function gone({ data }: UnderProblem, blocks: readonly RowBlock[]): Int32Array {
  const left = new Uint8Array(data.y.classes.length);
  for (const block of blocks) {
    for (const row of 'copies' in block ? block.copies : block.nearest) left[data.y.codes[row]!] = 1;
  }
  return Int32Array.from(data.y.codes.keys()).filter((row) => left[data.y.codes[row]!] === 0);
}
