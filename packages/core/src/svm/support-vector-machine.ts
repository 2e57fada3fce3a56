import type { Dataset, NumericRows } from '../data/dataset.ts';
import type { Classes, ClassLabel } from '../data/labels.ts';
import type { Matrix } from '../data/matrix.ts';
import { selectNumericRows } from '../data/select-numeric-rows.ts';
import { CounterweightError } from '../runtime/errors.ts';
import { type RunOptions, throwIfAborted } from '../runtime/run-options.ts';
import { checkFinite } from './check-finite.ts';
import { decisionValues, type SupportVectorDecision } from './decision-function.ts';
import { type Gamma, resolveKernel, type SvmKernel, type SvmKernelName } from './kernel.ts';
import { columnMeans, kernelRows } from './kernel-rows.ts';
import { minimiseDual } from './minimise-dual.ts';
import { rowBounds, type SvmClassWeight } from './row-bounds.ts';

export interface SupportVectorMachineOptions {
  /** Default `rbf`. */
  readonly kernel?: SvmKernelName | undefined;
  /** Width of the kernel `rbf`. Default `scale`. */
  readonly gamma?: Gamma | undefined;
  /** Price of a violated margin, above 0. Default 1. */
  readonly C?: number | undefined;
  /** Factors on C, by label, or `balanced`: rows / (classes · rows of the class). Default: 1 for every class. */
  readonly classWeight?: SvmClassWeight | undefined;
  /**
   * Which two-class problems several classes are split into: every pair of classes (`one-vs-one`, the default, as in scikit-learn) or
   * every class against all others.
   */
  readonly multiClass?: 'one-vs-one' | 'one-vs-rest' | undefined;
  /** How far the conditions of optimality may be violated, above 0. Default 1e-3. */
  readonly tolerance?: number | undefined;
  /** Rows unlikely to change are set aside for a while. Default true; the same minimum, sooner. */
  readonly shrinking?: boolean | undefined;
  /** Room for columns of the kernel matrix. Default 256. */
  readonly cacheMegabytes?: number | undefined;
  /** Most steps a problem. Default the larger of 10,000,000 and 100 · rows. */
  readonly maxIter?: number | undefined;
}

/** One two-class machine. */
export interface SupportVectorProblem {
  /** Class code on the side where the decision is above 0. */
  readonly positive: number;
  /** Class code on the other side, or -1 for all other classes. */
  readonly negative: number;
  /** Its support vectors: rows of the data, ascending. */
  readonly support: Int32Array;
  /** Sign times dual variable of each of them: above 0 for rows of `positive`. */
  readonly coefficients: Float64Array;
  readonly intercept: number;
  readonly iterations: number;
  /** False if `maxIter` ended it. */
  readonly converged: boolean;
}

export interface SupportVectorMachine {
  readonly classes: Classes;
  readonly kernel: SvmKernel;
  /** Rows that are a support vector of any problem: class after class, ascending within a class. */
  readonly support: Int32Array;
  readonly problems: readonly SupportVectorProblem[];
  /** Column means of the data, from which the kernel counts rows. */
  readonly means: Float64Array;
  /** The rows `support`. */
  readonly vectors: NumericRows;
  /** The problems, with places among `vectors` for rows. */
  readonly decisions: readonly SupportVectorDecision[];
  /** `rows × problems`: the sum of coefficient times kernel, plus the intercept. Throws `column-mismatch`, `not-finite`. */
  decisionFunction(X: NumericRows, run?: RunOptions): Promise<Matrix>;
}

/**
 * Support vector classification with hinge loss: the rows that hold the margin, their dual coefficients and the decision
 * function, exact to `tolerance`.
 *
 * `data.weights` are factors on C row by row; rows of weight 0 take no part. Two classes make one problem, positive on the side of the
 * class that sorts second. Deterministic: nothing is drawn, and no name of a class decides which way a problem is solved.
 *
 * Boser, Guyon and Vapnik 1992; Cortes and Vapnik 1995. Throws `bad-option`, `one-class`, `not-finite`,
 * `shape-mismatch`, `distance-overflow`, `bad-weights`, `aborted`.
 *
 * ```ts
 * const machine = await supportVectorMachine({ X, y }, { C: 10, gamma: 'scale' });
 * const { data: scores } = await machine.decisionFunction(X);
 * ```
 */
export async function supportVectorMachine(
  data: Dataset,
  options: SupportVectorMachineOptions = {},
  run: RunOptions = {},
): Promise<SupportVectorMachine> {
  throwIfAborted(run.signal);
  checkOptions(options);
  const { X, y } = data;
  checkFinite(X);
  const kernel = resolveKernel(options.kernel ?? 'rbf', options.gamma ?? 'scale', X);
  const bounds = rowBounds(data, options.C ?? 1, options.classWeight);
  const members = y.classes.map((_, code) =>
    Int32Array.from(y.codes.keys()).filter((row) => y.codes[row] === code && bounds[row]! > 0),
  );
  const means = columnMeans(X);
  const pairs = pairsOf(members, options.multiClass ?? 'one-vs-one', y.classes);
  const problems: SupportVectorProblem[] = [];
  for (const [done, [positive, negative]] of pairs.entries()) {
    run.onProgress?.({ task: 'support vector machine', done, total: pairs.length });
    const rows = rowsOf(members, positive, negative);
    const first = y.codes[rows[0]!] === positive ? 1 : -1;
    // The class of the first row is the positive one while solving, so that names and their order change nothing.
    const linear = Int8Array.from(rows, (row) => (y.codes[row] === positive ? first : -first));
    const { weights, intercept, ...rest } = await minimiseDual(
      {
        rows: kernelRows(X, kernel, means, rows),
        linear,
        low: Float64Array.from(rows, (row, i) => (linear[i]! > 0 ? 0 : -bounds[row]!)),
        high: Float64Array.from(rows, (row, i) => (linear[i]! > 0 ? bounds[row]! : 0)),
        tolerance: options.tolerance ?? 1e-3,
        shrinking: options.shrinking ?? true,
        cacheBytes: (options.cacheMegabytes ?? 256) * 1048576,
        maxIter: options.maxIter ?? Math.max(10_000_000, 100 * rows.length),
      },
      run,
    );
    const held = Int32Array.from(rows.keys()).filter((i) => weights[i] !== 0);
    problems.push(
      Object.freeze({
        positive,
        negative,
        support: held.map((i) => rows[i]!),
        coefficients: Float64Array.from(held, (i) => first * weights[i]!),
        intercept: first * intercept,
        ...rest,
      }),
    );
  }
  run.onProgress?.({ task: 'support vector machine', done: pairs.length, total: pairs.length });
  const support = unionByClass(problems, members);
  const vectors = selectNumericRows(X, support);
  const place = new Map(Array.from(support, (row, i) => [row, i] as const));
  const decisions = problems.map((problem) =>
    Object.freeze({
      places: problem.support.map((row) => place.get(row)!),
      coefficients: problem.coefficients,
      intercept: problem.intercept,
    }),
  );
  const parts = { kernel, means, vectors, decisions };
  return Object.freeze({
    classes: y.classes,
    kernel,
    support,
    problems: Object.freeze(problems),
    means,
    vectors,
    decisions,
    decisionFunction: (queries: NumericRows, again?: RunOptions) => decisionValues(parts, queries, again),
  });
}

/** Pairs of positive and negative class, the later class positive; -1 stands for all others. */
function pairsOf(
  members: readonly Int32Array[],
  multiClass: 'one-vs-one' | 'one-vs-rest',
  classes: readonly ClassLabel[],
): (readonly [number, number])[] {
  const present = [...classes.keys()].filter((code) => members[code]!.length > 0);
  if (present.length < 2) {
    throw new CounterweightError('one-class', 'a support vector machine needs rows of at least two classes');
  }
  if (present.length === 2) return [[present[1]!, present[0]!]];
  if (multiClass === 'one-vs-rest') return present.map((code) => [code, -1] as const);
  return present.flatMap((one, i) => present.slice(i + 1).map((other) => [other, one] as const));
}

function rowsOf(members: readonly Int32Array[], positive: number, negative: number): Int32Array {
  const parts = negative < 0 ? members : [members[positive]!, members[negative]!];
  const rows = new Int32Array(parts.reduce((total, part) => total + part.length, 0));
  let end = 0;
  for (const part of parts) {
    rows.set(part, end);
    end += part.length;
  }
  return rows.sort();
}

function unionByClass(problems: readonly SupportVectorProblem[], members: readonly Int32Array[]): Int32Array {
  const held = new Set(problems.flatMap(({ support }) => [...support]));
  return Int32Array.from(members.flatMap((rows) => [...rows].filter((row) => held.has(row))));
}

const known = [
  'kernel',
  'gamma',
  'C',
  'classWeight',
  'multiClass',
  'tolerance',
  'shrinking',
  'cacheMegabytes',
  'maxIter',
];

function checkOptions(options: SupportVectorMachineOptions): void {
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    throw new CounterweightError(
      'bad-option',
      `a support vector machine has no option "${name}"; it has ${known.join(', ')}`,
    );
  }
  for (const name of ['C', 'tolerance', 'cacheMegabytes'] as const) {
    const value = options[name];
    if (value === undefined || (value > 0 && value < Number.POSITIVE_INFINITY)) continue;
    throw new CounterweightError('bad-option', `${name} must be a number above 0, got ${String(value)}`);
  }
  if (options.maxIter !== undefined && !(Number.isSafeInteger(options.maxIter) && options.maxIter > 0)) {
    throw new CounterweightError(
      'bad-option',
      `maxIter must be a whole number above 0, got ${String(options.maxIter)}`,
    );
  }
  if (options.multiClass !== undefined && !['one-vs-one', 'one-vs-rest'].includes(options.multiClass)) {
    throw new CounterweightError(
      'bad-option',
      `multiClass must be one-vs-one or one-vs-rest, got ${String(options.multiClass)}`,
    );
  }
}
