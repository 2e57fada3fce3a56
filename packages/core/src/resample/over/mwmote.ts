import { requireOptions } from '../../data/check-option-names.ts';
import type { Matrix } from '../../data/matrix.ts';
import { counted } from '../../data/quoted.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import type { Notice } from '../../runtime/notices.ts';
import type { RandomStream } from '../../runtime/random.ts';
import { throwIfAborted } from '../../runtime/run-options.ts';
import { quoted } from '../class-counts.ts';
import { classStream } from '../class-stream.ts';
import { averageLinkage } from '../cluster/average-linkage.ts';
import { kMeans } from '../cluster/k-means.ts';
import { denseRows } from '../dense-rows.ts';
import { checkWhole } from '../options.ts';
import type { Resampler } from '../resampler.ts';
import { findNeighbours } from '../under/find-neighbours.ts';
import { columnSpread } from './column-spread.ts';
import { informationWeights } from './information-weights.ts';
import { type OtherNeighbours, otherNeighbours } from './other-neighbours.ts';
import { type ClassTask, type OverProblem, overSampler, type PlainOverOptions } from './over-sampler.ts';
import { repeated, shareByWeight } from './share-by-weight.ts';
import { emptyBlock, type SyntheticBlock } from './synthetic-block.ts';
import { smoteBlock } from './within-class.ts';

export interface MwmoteOptions extends PlainOverOptions {
  /** k1: a row with no row of its class among so many nearest rows is noise. Default 5. */
  readonly kNoisy?: number | undefined;
  /** k2: nearest rows of other classes of each row of the class that make the border. Default 3. */
  readonly kMajority?: number | undefined;
  /** k3: nearest rows of the class of each border row that carry information. Default half the rows of the class. */
  readonly kMinority?: number | undefined;
  /** Cf(th): closeness, one over the distance, counts up to so much. Default 5. */
  readonly threshold?: number | undefined;
  /** CMAX: the closeness factor of the closest rows. Default 2. */
  readonly cMax?: number | undefined;
  /** Cp: clusters are joined up to so many times the mean distance of nearest rows. Default 3. */
  readonly cClustering?: number | undefined;
}

const name = 'mwmote';

/** Above so many rows, the rows are grouped before they are clustered: distances between all would not fit in memory. */
const MOST_LINKED = 2000;

/**
 * MWMOTE, majority weighted minority over-sampling: rows that are hard to learn, near the border and where their class is thin,
 * are the bases of more new rows, each of which lies between two rows of one cluster of the class.
 *
 * Rows with none of their class among the `kNoisy` nearest are left out throughout. The border are the `kMajority` rows of
 * other classes nearest to the rest; the `kMinority` rows of the rest nearest to a border row carry information: their weight for it
 * is Cf² / Σ Cf (sum over all rows that carry information for some border row), with the closeness factor
 * Cf = min(1 / d, threshold) / threshold · cMax and the distance d divided by the number of columns. Each row gets its share
 * of the new rows by the sum of its weights, rounded. Clusters come of average linkage, cut at `cClustering` times the mean
 * distance between nearest rows; beyond 2000 rows it links centres of k-means (notice `clusters-approximated`). A
 * row alone in its cluster is copied. Takes time in proportion to the rows of the class times those of the border.
 *
 * Distances in the weights are in units of the range of the widest column, so data scaled to [0, 1] have those of the paper.
 * smote_variants gives weight to pairs too far apart to count, and takes kMajority + 1 rows. A class of noise alone gets the
 * rows of SMOTE (notice `only-noise`).
 *
 * Barua, Islam, Yao and Murase, "MWMOTE", IEEE Trans. Knowledge and Data Engineering 26 (2014). Throws what `smote` throws.
 */
export function mwmote(options: MwmoteOptions = {}): Resampler {
  requireOptions(name, options);
  const { kNoisy = 5, kMajority = 3, kMinority, threshold = 5, cMax = 2, cClustering = 3 } = options;
  for (const [option, value] of Object.entries({ kNoisy, kMajority, kMinority })) checkWhole(option, value, 1);
  for (const [option, value] of Object.entries({ threshold, cMax, cClustering })) checkAbove0(option, value);
  return overSampler({
    name,
    options,
    known: ['kNoisy', 'kMajority', 'kMinority', 'threshold', 'cMax', 'cClustering'],
    kNeighbors: 1,
    hasPeer: false,
    begin: async (problem, tasks) => {
      const around = await otherNeighbours(problem, tasks, kNoisy, 'kNoisy');
      const unit = columnSpread(problem.data.X).widest * Math.max(1, problem.data.X.columns);
      const closeness = (distance: number) => (Math.min(unit / distance, threshold) / threshold) * cMax;
      return async (task) => {
        const rows = task.rows.filter((row) => around.others[row]! < around.m);
        if (rows.length === 0) {
          problem.notices.push(onlyNoise(task, around));
          return smoteBlock(problem, { ...task, k: Math.min(5, task.rows.length - 1) });
        }
        const border = await borderRows(problem, rows, kMajority);
        const k = Math.min(rows.length, kMinority ?? Math.max(1, Math.floor(task.rows.length / 2)));
        const weights = await informationWeights(problem, rows, border, k, closeness);
        const stream = classStream(problem.seed, name, task.rows);
        const clusterOf = await clustersOf(problem, task, rows, cClustering, stream.child('clusters'));
        return drawWithin(problem, task, rows, weights, clusterOf, stream);
      };
    },
  });
}

function checkAbove0(option: string, value: unknown): void {
  if (typeof value === 'number' && value > 0 && value < Number.POSITIVE_INFINITY) return;
  throw new CounterweightError('bad-option', `${option} must be a number above 0, got ${String(value)}`);
}

function onlyNoise({ target: { label, rows } }: ClassTask, { m }: OtherNeighbours): Notice {
  return {
    code: 'only-noise',
    severity: 'warning',
    message: `none of the ${rows} rows of class ${quoted(label)} has one of its class among its ${m} nearest rows: its new rows are those of SMOTE`,
    class: label,
    numbers: { rows, neighbours: m },
  };
}

/** Rows of other classes that are among the k nearest of some row, ascending. */
async function borderRows(problem: OverProblem, rows: Int32Array, k: number): Promise<Int32Array> {
  const { X, y } = problem.data;
  const others = Int32Array.from(y.codes.keys()).filter((row) => y.codes[row] !== y.codes[rows[0]!]);
  const near = Math.min(k, others.length);
  const { indices } = await findNeighbours(problem, denseRows(X, others), denseRows(X, rows), near);
  const found = new Uint8Array(others.length);
  for (const position of indices) found[position] = 1;
  return others.filter((_, position) => found[position] === 1);
}

/** Cluster of each of the rows. */
async function clustersOf(
  problem: OverProblem,
  { target }: ClassTask,
  rows: Int32Array,
  cClustering: number,
  stream: RandomStream,
): Promise<Int32Array> {
  if (rows.length === 1) return new Int32Array(1);
  const X = denseRows(problem.data.X, rows);
  const { distances } = await findNeighbours(problem, X, Int32Array.from(rows.keys()), 1);
  const height = cClustering * distances.reduce((sum, distance) => sum + distance / rows.length, 0);
  if (rows.length <= MOST_LINKED) return averageLinkage(X, height, undefined, problem.run);
  problem.notices.push({
    code: 'clusters-approximated',
    severity: 'info',
    message: `the clusters of class ${quoted(target.label)} are those of ${MOST_LINKED / 2} centres of its ${rows.length} rows`,
    class: target.label,
    numbers: { rows: rows.length, centres: MOST_LINKED / 2 },
  });
  return throughCentres(problem, X, height, stream);
}

async function throughCentres(problem: OverProblem, X: Matrix, height: number, stream: RandomStream) {
  const { signal, runtime } = problem.run;
  const request = { X, clusters: MOST_LINKED / 2, stream, maxIter: 5 };
  const { centres, clusterOf } = await kMeans(request, { signal, runtime });
  const sizes = new Int32Array(centres.rows);
  for (const cluster of clusterOf) sizes[cluster]!++;
  const linked = averageLinkage(centres, height, sizes, problem.run);
  return clusterOf.map((cluster) => linked[cluster]!);
}

/** Each row as often as its weight says, towards another row of its cluster, drawn alike; copies where there is none. */
function drawWithin(
  { run, notices }: OverProblem,
  { target }: ClassTask,
  rows: Int32Array,
  weights: Float64Array,
  clusterOf: Int32Array,
  stream: RandomStream,
): SyntheticBlock {
  throwIfAborted(run.signal);
  const clusters: number[][] = [];
  const rankOf = clusterOf.map((cluster, position) => {
    clusters[cluster] ??= [];
    return clusters[cluster].push(position) - 1;
  });
  const chosen = repeated(shareByWeight(target.count, weights, stream));
  const block = emptyBlock(target.count);
  let copies = 0;
  for (let i = 0; i < target.count; i++) {
    const position = chosen[i]!;
    const cluster = clusters[clusterOf[position]!]!;
    if (cluster.length === 1) {
      block.source[i] = rows[position]!;
      copies++;
      continue;
    }
    const rank = stream.integer(cluster.length - 1);
    // The last of the cluster stands in for the row itself.
    block.base[i] = rows[position]!;
    block.neighbour[i] = rows[cluster[rank === rankOf[position] ? cluster.length - 1 : rank]!]!;
    block.gap[i] = stream.uniform();
  }
  if (copies > 0) {
    notices.push({
      code: 'lone-rows-copied',
      severity: 'info',
      message: `${copies} of the ${counted(target.count, 'new row')} of class ${quoted(target.label)} ${copies === 1 ? 'is a copy of a row that is' : 'are copies of rows that are'} alone in ${copies === 1 ? 'its' : 'their'} cluster`,
      class: target.label,
      numbers: { copies, rows: target.count },
    });
  }
  return block;
}
