import type { NumericRows } from '../../data/dataset.ts';
import { selectNumericRows } from '../../data/select-numeric-rows.ts';
import { nearestNeighbours } from '../../neighbors/nearest-neighbours.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import { randomStream } from '../../runtime/random.ts';
import type { RunOptions } from '../../runtime/run-options.ts';
import { kMeans } from '../cluster/k-means.ts';
import type { OverProblem } from './over-sampler.ts';

/** k-means looks at so many rows a cluster at most; the others join the nearest centre. More rows hardly move the centres. */
const ROWS_A_CLUSTER = 4000;

/** The cluster of each row: by the given function, whose answer is checked (`bad-clusters`), or by k-means. */
export async function findClusters(
  problem: OverProblem,
  nClusters: number,
  find: ((rows: NumericRows, options?: RunOptions) => Promise<Int32Array>) | undefined,
): Promise<Int32Array> {
  const { data, run, notices } = problem;
  const { X } = data;
  if (!find) {
    if (problem.compat) {
      notices.push({
        code: 'other-clusters',
        severity: 'warning',
        message: 'the clusters are those of our own k-means, so the rows differ from those of imbalanced-learn',
      });
    }
    return clusterRows(problem, Math.min(nClusters, X.rows));
  }
  const clusterOf = await find(X, run);
  if (clusterOf.length !== X.rows) {
    throw new CounterweightError('bad-clusters', `${X.rows} rows, but clusters of ${clusterOf.length}`);
  }
  const wrong = clusterOf.findIndex((at) => !(Number.isInteger(at) && at >= 0 && at < X.rows));
  if (wrong < 0) return clusterOf;
  throw new CounterweightError(
    'bad-clusters',
    `row ${wrong} is of cluster ${clusterOf[wrong]}; clusters are whole numbers from 0 and below the number of rows`,
    { row: wrong },
  );
}

async function clusterRows({ data, seed, name, run }: OverProblem, clusters: number): Promise<Int32Array> {
  const { X } = data;
  const { signal, runtime } = run;
  const stream = randomStream(seed, name, 'clusters');
  const most = ROWS_A_CLUSTER * clusters;
  if (X.rows <= most) return (await kMeans({ X, clusters, stream }, { signal, runtime })).clusterOf;
  const sample = stream.child('sample').permutation(X.rows).subarray(0, most).sort();
  const { centres } = await kMeans({ X: selectNumericRows(X, sample), clusters, stream }, { signal, runtime });
  return (await nearestNeighbours({ reference: centres, queries: X, k: 1 }, { signal, runtime })).indices;
}
