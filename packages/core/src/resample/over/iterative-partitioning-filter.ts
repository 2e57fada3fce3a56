import { subsetLabels } from '../../data/labels.ts';
import type { Matrix } from '../../data/matrix.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import { randomStream } from '../../runtime/random.ts';
import { throwIfAborted } from '../../runtime/run-options.ts';
import { denseRows } from '../dense-rows.ts';
import { checkOptions, checkWhole, checkWord } from '../options.ts';
import type { DataRowSelector } from '../row-selector.ts';
import { type CleaningOptions, cleaner } from '../under/cleaner.ts';
import type { ProbabilityEstimator } from '../under/probability-estimator.ts';
import type { UnderProblem } from '../under/under-sampler.ts';
import { classificationTree } from './classification-tree.ts';

export interface PartitioningFilterOptions {
  /** Parts of the rows, each of which trains one model. At least 2, default 9. */
  readonly nPartitions?: number | undefined;
  /** `majority` (the default): a row goes that more than half of the models get wrong. `consensus`: that all get wrong. */
  readonly voting?: 'majority' | 'consensus' | undefined;
  /** The filter ends after so many rounds in a row that take few rows. Default 3. */
  readonly kQuiet?: number | undefined;
  /** Few are less than this share of the rows at the start. Above 0, at most 1; default 0.01. */
  readonly p?: number | undefined;
  /** Trains the models. Default: a classification tree by Gini impurity, unpruned, with two rows a leaf at least. */
  readonly estimator?: ProbabilityEstimator | undefined;
}

export interface IterativePartitioningFilterOptions
  extends PartitioningFilterOptions,
    Omit<CleaningOptions, 'compat' | 'onTooFew'> {}

const name = 'iterative-partitioning-filter';

/** Options of the filter besides those of every cleaning method. */
export const partitioningOptions = ['nPartitions', 'voting', 'kQuiet', 'p', 'estimator'] as const;

/**
 * Iterative partitioning filter: the rows are dealt into parts, each part trains a model, the models judge all rows, and rows that
 * they get wrong are removed; over and over, with new parts, until hardly any row goes.
 *
 * Rows of each class are dealt evenly. The paper's models are C4.5 trees. Output: the rows that stay, in input order.
 * Khoshgoftaar and Rebours, "Improving software quality prediction by noise filtering techniques", J. of Computer Science and
 * Technology 22 (2007). Throws what `planSampling` and the estimator throw, `not-finite`, `shape-mismatch`; `bad-option`.
 */
export function iterativePartitioningFilter(options: IterativePartitioningFilterOptions = {}): DataRowSelector {
  const ofCleaners = ['samplingStrategy', 'minRatio', 'forceMinRatio', 'seed', 'wholeGroups'];
  checkOptions(name, options, [...ofCleaners, ...partitioningOptions]);
  checkPartitioning(options);
  return cleaner({ name, options, known: partitioningOptions, clean: (problem) => filter(problem, options) });
}

/** Throws `bad-option`. */
export function checkPartitioning({
  nPartitions,
  voting,
  kQuiet,
  p = 0.01,
  estimator,
}: PartitioningFilterOptions): void {
  checkWhole('nPartitions', nPartitions, 2);
  checkWord('voting', voting, ['majority', 'consensus']);
  checkWhole('kQuiet', kQuiet, 1);
  if (!(typeof p === 'number' && p > 0 && p <= 1)) {
    throw new CounterweightError('bad-option', `p must be a number above 0 and at most 1, got ${String(p)}`);
  }
  if (estimator !== undefined && typeof (estimator as { fit?: unknown } | null)?.fit !== 'function') {
    throw new CounterweightError('bad-option', 'the estimator must be an object with a fit method');
  }
}

async function filter(problem: UnderProblem, options: PartitioningFilterOptions) {
  const { nPartitions = 9, voting = 'majority', kQuiet = 3, p = 0.01, estimator } = options;
  const { data, targeted, seed, run } = problem;
  const { codes } = data.y;
  const X = denseRows(data.X);
  const removed = new Uint8Array(codes.length);
  const judges = estimator ? judgesOf(estimator) : treeJudges;
  for (let round = 0, quiet = 0; quiet < kQuiet; round++) {
    const left = Int32Array.from(codes.keys()).filter((row) => removed[row] === 0);
    const parts = deal(problem, left, nPartitions, round);
    const wrong = new Int32Array(left.length);
    for (const part of parts) {
      throwIfAborted(run.signal);
      const judged = await judges(problem, X, part, left);
      for (let i = 0; i < left.length; i++) if (judged[i] !== codes[left[i]!]) wrong[i]!++;
    }
    const noisy = left.filter((_, i) =>
      voting === 'majority' ? 2 * wrong[i]! > parts.length : wrong[i] === parts.length,
    );
    const gone = noisy.filter((row) => targeted[codes[row]!] === 1);
    for (const row of gone) removed[row] = 1;
    quiet = gone.length < p * codes.length ? quiet + 1 : 0;
  }
  return { removed };

  /** The rows of each class in drawn order, dealt on from where the last class ended; empty parts are left out. */
  function deal({ members }: UnderProblem, left: Int32Array, count: number, round: number): Int32Array[] {
    const isLeft = new Uint8Array(codes.length);
    for (const row of left) isLeft[row] = 1;
    const parts: number[][] = Array.from({ length: count }, () => []);
    let next = 0;
    for (const rows of [...members].sort((a, b) => (a[0] ?? -1) - (b[0] ?? -1))) {
      const own = rows.filter((row) => isLeft[row] === 1);
      for (const row of randomStream(seed, name, round, rows[0] ?? -1).shuffle(own)) parts[next++ % count]!.push(row);
    }
    return parts.filter((part) => part.length > 0).map((part) => Int32Array.from(part).sort());
  }
}

/** Trains on `part` and gives the class code of each row of `asked`. */
type Judges = (problem: UnderProblem, X: Matrix, part: Int32Array, asked: Int32Array) => Promise<Int32Array>;

const treeJudges: Judges = async ({ data, members }, X, part, asked) => {
  const order = byFirstRow(members);
  const rank = Int32Array.from(order.keys(), (code) => order.indexOf(code));
  const own = part.map((row) => rank[data.y.codes[row]!]!);
  const tree = classificationTree(denseRows(X, part), own, order.length);
  return asked.map((row) => order[tree(X, row)]!);
};

/**
 * Class codes in an order that names have no part in: ties go by it. Rows that were made come after those of the input, class
 * after class, so the first row of a class is the same whatever the classes are called.
 */
function byFirstRow(members: readonly Int32Array[]): number[] {
  const first = (code: number) => members[code]![0] ?? Number.POSITIVE_INFINITY;
  return [...members.keys()].sort((a, b) => (first(a) < first(b) ? -1 : 1));
}

/** The most probable class; of equally probable ones the one that comes first in the data. */
function judgesOf(estimator: ProbabilityEstimator): Judges {
  return async ({ data, members, run }, X, part, asked) => {
    const { signal, runtime } = run;
    const order = byFirstRow(members).map((code) => data.y.classes[code]!);
    const only = data.y.codes[part[0]!]!;
    // A model of one class has nothing to learn, and many refuse to.
    if (part.every((row) => data.y.codes[row] === only)) return new Int32Array(asked.length).fill(only);
    const weights = data.weights && Float64Array.from(part, (row) => data.weights![row]!);
    const known = { X: denseRows(X, part), y: subsetLabels(data.y, part), ...(weights && { weights }) };
    const model = await estimator.fit(known, { signal, runtime });
    const found = await model.predictProba(denseRows(X, asked), { signal, runtime });
    return Int32Array.from({ length: asked.length }, (_, i) => {
      const p = found.data.subarray(i * found.columns, (i + 1) * found.columns);
      const most = p.reduce((a, b) => Math.max(a, b));
      const tied = model.classes.filter((_, j) => p[j] === most);
      return data.y.classes.indexOf(order.find((label) => tied.includes(label)) ?? tied[0]!);
    });
  };
}
