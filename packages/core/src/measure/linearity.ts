import { CounterweightError } from '../runtime/errors.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import type { ClassMeasure } from './class-measure.ts';
import { type ClassPair, classPairs, meanOfPairValues, type PairOptions, type PairValue } from './class-pairs.ts';
import { checkDifficultyInput, type DifficultyInput, denseValues, rowsByClass } from './difficulty-input.ts';
import { interpolatedRows } from './interpolated-rows.ts';
import { decisionValue, type Hyperplane, linearSvm } from './linear-svm.ts';

export interface LinearityOptions extends PairOptions {
  /** Weight of the loss against the width of the margin; default 1. */
  readonly C?: number | undefined;
}

export interface Linearity {
  /** L1: `s / (1 + s)`, s the distances of misclassified rows from the hyperplane, summed, over the number of rows. */
  readonly l1: ClassMeasure;
  /** L2: share of rows on the wrong side. */
  readonly l2: ClassMeasure;
  /** L3: share on the wrong side among new rows between random pairs of rows of a class, as many a class as it has rows. */
  readonly l3: ClassMeasure;
}

/**
 * L1, L2, L3 (Lorena et al. 2019): how far a linear classifier gets. It is a support vector machine with squared hinge loss
 * (the loss of scikit-learn's `LinearSVC`; the intercept is not penalised) on columns standardised to mean 0 and standard
 * deviation 1, and distances are in that space. It is not weighted by class: under imbalance a class's own L2 of 1 says that it is
 * given up wholly. A decision value of 0 is an error for both classes.
 *
 * One against one, then means; a class's value is the mean over its pairs of the value among its own rows. L1 is 1 where
 * errors are made and the hyperplane has no direction, which is its limit.
 * Throws `bad-option`, `shape-mismatch`, `one-class`, `not-finite`, `aborted`.
 */
export async function linearity(
  data: DifficultyInput,
  request: LinearityOptions = {},
  options?: RunOptions,
): Promise<Linearity> {
  checkDifficultyInput(data);
  const C = request.C ?? 1;
  if (!(C > 0 && C < Number.POSITIVE_INFINITY)) {
    throw new CounterweightError('bad-option', `C must be a positive number, got ${C}`);
  }
  const seed = request.seed ?? 0;
  const { columns } = data.X;
  const all = denseValues(data.X);
  const rows = rowsByClass(data.y);
  const found: { pair: ClassPair; values: readonly [PairValue, PairValue, PairValue] }[] = [];
  for (const pair of classPairs(data.y, seed).pairs) {
    const sides = [rows[pair.a]!, rows[pair.b]!] as const;
    const { values, signs, standardise } = pairRows(all, columns, ...sides);
    const plane = await linearSvm(values, signs, columns, C, options);
    const [a, b] = sides.map((own, side) => {
      const made = standardise(interpolatedRows(all, columns, own, seed).data);
      const first = side === 0 ? 0 : sides[0].length;
      return errorsOf(plane, values, first, own.length, made, side === 0 ? -1 : 1);
    });
    found.push({ pair, values: pairValues(a!, b!, norm(plane.weights)) });
  }
  const measure = (at: 0 | 1 | 2) =>
    meanOfPairValues(
      data.y,
      found.map(({ pair, values }) => ({ pair, value: values[at] })),
    );
  return Object.freeze({ l1: measure(0), l2: measure(1), l3: measure(2) });
}

/** Rows of a pair, those of `a` first (sign -1), standardised over both; constant columns become 0. */
function pairRows(all: Float64Array, columns: number, a: Int32Array, b: Int32Array) {
  const rows = [...a, ...b];
  const means = new Float64Array(columns);
  const deviations = new Float64Array(columns);
  for (let f = 0; f < columns; f++) {
    const origin = all[rows[0]! * columns + f]!;
    let sum = 0;
    for (const row of rows) sum += all[row * columns + f]! - origin;
    means[f] = origin + sum / rows.length;
    let squares = 0;
    for (const row of rows) squares += (all[row * columns + f]! - means[f]!) ** 2;
    deviations[f] = Math.sqrt(squares / rows.length);
  }
  const standardise = (values: Float64Array) =>
    values.map((value, at) => {
      const f = at % columns;
      return deviations[f]! > 0 ? (value - means[f]!) / deviations[f]! : 0;
    });
  const picked = new Float64Array(rows.length * columns);
  for (const [i, row] of rows.entries()) picked.set(all.subarray(row * columns, (row + 1) * columns), i * columns);
  const signs = Int8Array.from(rows, (_, i) => (i < a.length ? -1 : 1));
  return { values: standardise(picked), signs, standardise };
}

interface SideErrors {
  readonly rows: number;
  readonly wrong: number;
  /** Sum of |w.x + b| of the misclassified rows. */
  readonly excess: number;
  readonly madeWrong: number;
}

function errorsOf(
  plane: Hyperplane,
  values: Float64Array,
  first: number,
  rows: number,
  made: Float64Array,
  sign: number,
): SideErrors {
  let wrong = 0;
  let excess = 0;
  let madeWrong = 0;
  for (let i = 0; i < rows; i++) {
    const decision = sign * decisionValue(plane, values, first + i);
    if (decision <= 0) {
      wrong++;
      excess -= decision;
    }
    if (sign * decisionValue(plane, made, i) <= 0) madeWrong++;
  }
  return { rows, wrong, excess, madeWrong };
}

function pairValues(a: SideErrors, b: SideErrors, width: number): readonly [PairValue, PairValue, PairValue] {
  const both: SideErrors = {
    rows: a.rows + b.rows,
    wrong: a.wrong + b.wrong,
    excess: a.excess + b.excess,
    madeWrong: a.madeWrong + b.madeWrong,
  };
  const of = (value: (errors: SideErrors) => number): PairValue => ({ value: value(both), a: value(a), b: value(b) });
  return [
    of(({ rows, wrong, excess }) => {
      if (wrong === 0) return 0;
      if (!(width > 0)) return 1;
      const distance = excess / width / rows;
      return distance < Number.POSITIVE_INFINITY ? distance / (1 + distance) : 1;
    }),
    of(({ rows, wrong }) => wrong / rows),
    of(({ rows, madeWrong }) => madeWrong / rows),
  ];
}

function norm(weights: Float64Array): number {
  return Math.sqrt(weights.reduce((sum, weight) => sum + weight * weight, 0));
}
