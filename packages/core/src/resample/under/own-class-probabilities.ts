import { stratifiedFolds } from '../../data/folds.ts';
import type { ClassLabel, Labels } from '../../data/labels.ts';
import { selectNumericRows } from '../../data/select-numeric-rows.ts';
import { subsetDataset } from '../../data/subset-dataset.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import type { Notice } from '../../runtime/notices.ts';
import { numpyRandom } from '../../runtime/numpy-random.ts';
import { throwIfAborted } from '../../runtime/run-options.ts';
import { clampNeighbours, findNeighbours } from './find-neighbours.ts';
import type { ProbabilityEstimator } from './probability-estimator.ts';
import type { UnderProblem } from './under-sampler.ts';

/**
 * Probability of each row's own class from models that have not seen the row. Groups stay in one fold; weights reach the
 * estimator. With `compat` the folds are those of scikit-learn's shuffled StratifiedKFold for the seed.
 */
export async function outOfFoldProbabilities(
  problem: UnderProblem,
  estimator: ProbabilityEstimator,
  cv: number,
): Promise<Float64Array> {
  const { data, run, compat, notices } = problem;
  const folds = compat ? foldsAsPeer(data.y, cv, problem.seed) : ownFolds(problem, cv, notices);
  const own = new Float64Array(data.X.rows);
  const { signal, runtime } = run;
  for (const [done, { train, validate }] of folds.entries()) {
    throwIfAborted(signal);
    run.onProgress?.({ task: 'instance hardness', done, total: folds.length });
    const model = await estimator.fit(subsetDataset(data, train), { signal, runtime });
    const { data: p, columns } = await model.predictProba(selectNumericRows(data.X, validate), { signal, runtime });
    const columnOf = data.y.classes.map((label) => {
      return compat ? columnAsPeer(label, data.y, notices) : model.classes.indexOf(label);
    });
    for (let i = 0; i < validate.length; i++) {
      const column = columnOf[data.y.codes[validate[i]!]!]!;
      own[validate[i]!] = column < 0 ? 0 : p[i * columns + column]!;
    }
  }
  return own;
}

/**
 * The share of a row's nearest neighbours that are of its class: one less the measure of k disagreeing neighbours (kDN) of
 * Smith, Martinez and Giraud-Carrier.
 */
export async function agreeingNeighbours(problem: UnderProblem, nNeighbors: number): Promise<Float64Array> {
  const { X, y } = problem.data;
  const k = clampNeighbours(problem, nNeighbors, X.rows - 1, 'other rows');
  const { indices } = await findNeighbours(problem, X, Int32Array.from(y.codes.keys()), k);
  const own = new Float64Array(X.rows);
  for (let i = 0; i < indices.length; i++) {
    const row = Math.floor(i / k);
    if (y.codes[indices[i]!] === y.codes[row]) own[row]! += 1 / k;
  }
  return own;
}

interface Part {
  readonly train: Int32Array;
  readonly validate: Int32Array;
}

function ownFolds({ data, seed }: UnderProblem, cv: number, notices: Notice[]): readonly Part[] {
  const dealt = stratifiedFolds({ labels: data.y, folds: cv, seed, groups: data.groups });
  notices.push(...dealt.notices);
  return dealt.folds;
}

/** Classes count in the order in which they occur; of each, the folds' numbers are dealt to its rows in shuffled order. */
function foldsAsPeer({ codes }: Labels, cv: number, seed: number): readonly Part[] {
  const order = [...new Set(codes)];
  const sizes = order.map((code) => codes.filter((each) => each === code).length);
  if (cv > Math.max(...sizes)) {
    throw new CounterweightError('too-few-rows', `no class has the ${cv} rows that ${cv} folds need`, { needed: cv });
  }
  const stream = numpyRandom(seed);
  const foldOf = new Int32Array(codes.length);
  let start = 0;
  for (const [rank, code] of order.entries()) {
    const counts = Array.from({ length: cv }, (_, fold) => dealt(start, sizes[rank]!, fold, cv));
    start += sizes[rank]!;
    const folds = stream.shuffle(Int32Array.from(counts.flatMap((count, fold) => new Array<number>(count).fill(fold))));
    let next = 0;
    for (let row = 0; row < codes.length; row++) if (codes[row] === code) foldOf[row] = folds[next++]!;
  }
  const rows = Int32Array.from(codes.keys());
  return Array.from({ length: cv }, (_, fold) => ({
    train: rows.filter((row) => foldOf[row] !== fold),
    validate: rows.filter((row) => foldOf[row] === fold),
  }));
}

/** How many of `start .. start + count - 1` leave the remainder `fold`. */
function dealt(start: number, count: number, fold: number, cv: number): number {
  const upTo = (end: number) => Math.floor((end - fold + cv - 1) / cv);
  return Math.max(0, upTo(start + count)) - Math.max(0, upTo(start));
}

/**
 * imbalanced-learn takes the label itself for the number of the column: with labels -1 and 1 it looks at the probability of
 * the class 1 for both. Where it would fail, the right column is taken.
 */
function columnAsPeer(label: ClassLabel, { classes }: Labels, notices: Notice[]): number {
  const right = classes.indexOf(label);
  if (typeof label !== 'number' || !Number.isInteger(label)) return right;
  const taken = label < 0 ? classes.length + label : label;
  if (taken === right || taken < 0 || taken >= classes.length) return right;
  if (!notices.some(({ code }) => code === 'wrong-probability')) {
    notices.push({
      code: 'wrong-probability',
      severity: 'warning',
      message: `as in imbalanced-learn, class ${label} is judged by the probability of class ${String(classes[taken])}`,
      class: label,
    });
  }
  return taken;
}
