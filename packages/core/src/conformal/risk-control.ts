import { checkCount } from '../data/folds.ts';
import { type Matrix, matrix } from '../data/matrix.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { Notice } from '../runtime/notices.ts';
import { meanLosses, requireLosses } from './loss-table.ts';
import { requireAlpha } from './rank-rule.ts';

/** A mean equal to alpha but for rounding passes. */
const ROUNDING = 1e-12;

export interface RiskControlOptions {
  /**
   * Loss of each exchangeable held-out row at each λ, `rows × λs`, in 0 .. `bound`; may not grow from one λ to the next
   * in any row.
   */
  readonly losses: Matrix;
  /** The λs, ascending, one a column: larger is more cautious (larger sets, a lower threshold). */
  readonly lambdas: ArrayLike<number>;
  /** Asked expected loss of a new row. */
  readonly alpha: number;
  /** The largest possible loss B; 1 unless told. */
  readonly bound?: number | undefined;
}

export interface RiskControl {
  /** Column of the chosen λ, or -1 where no λ keeps the promise. */
  readonly index: number;
  /** The chosen λ; null where none keeps the promise. */
  readonly lambda: number | null;
  /** Mean loss of each λ in the rows. */
  readonly risks: Float64Array;
  /** What is compared with alpha: (n risk + B) / (n + 1). */
  readonly bounds: Float64Array;
  readonly notices: readonly Notice[];
}

/**
 * Conformal risk control: the smallest λ with (n R̂(λ) + B) / (n + 1) <= alpha has an expected loss of at most alpha on a
 * new exchangeable row. With the loss "the set misses the label" it is split conformal prediction. Angelopoulos, Bates,
 * Fisch, Lei, Schuster (2024). The λs are those given: a finer grid is a smaller λ.
 *
 * Throws `bad-losses`, `not-monotone` naming the row, `bad-option`, `shape-mismatch`.
 */
export function conformalRiskControl(options: RiskControlOptions): RiskControl {
  const { losses, lambdas, alpha, bound = 1 } = options;
  requireBound(alpha, bound);
  requireLambdas(lambdas, losses.columns);
  requireLosses(losses, 0, bound);
  requireMonotone(losses);
  return controlled({ risks: meanLosses(losses), rows: losses.rows, lambdas, alpha, bound });
}

export interface RiskOfMeansOptions extends Omit<RiskControlOptions, 'losses'> {
  /** Mean loss at each λ, in 0 .. `bound`, never growing from one λ to the next. */
  readonly risks: ArrayLike<number>;
  /** Rows that the means were taken over. */
  readonly rows: number;
}

/**
 * `conformalRiskControl` from the mean losses alone, for losses known to fall with λ in every row: as many λs as there are
 * scores cost no table of rows by λs. Throws `bad-losses`, `not-monotone`, `bad-option`, `shape-mismatch`.
 */
export function conformalRiskOfMeans(options: RiskOfMeansOptions): RiskControl {
  const { rows, lambdas, alpha, bound = 1 } = options;
  const risks = Float64Array.from(options.risks);
  requireBound(alpha, bound);
  checkCount('rows', rows, 0);
  requireLambdas(lambdas, risks.length);
  const table = matrix(risks, 1, risks.length);
  requireLosses(table, 0, bound);
  requireMonotone(table);
  return controlled({ risks, rows, lambdas, alpha, bound });
}

function requireBound(alpha: number, bound: number): void {
  if (!(alpha > 0 && Number.isFinite(alpha) && bound > 0 && Number.isFinite(bound))) {
    throw new CounterweightError('bad-option', `alpha and bound must be finite and above 0, got ${alpha} and ${bound}`);
  }
  if (bound === 1) requireAlpha(alpha);
}

function controlled(given: {
  readonly risks: Float64Array;
  readonly rows: number;
  readonly lambdas: ArrayLike<number>;
  readonly alpha: number;
  readonly bound: number;
}): RiskControl {
  const { risks, rows: n, lambdas, alpha, bound } = given;
  const bounds = risks.map((risk) => (n * risk + bound) / (n + 1));
  const index = bounds.findIndex((value) => value <= alpha + ROUNDING);
  const notices = index < 0 ? [noLambda(alpha, bounds.at(-1) ?? bound, n)] : [];
  return Object.freeze({
    index,
    lambda: index < 0 ? null : lambdas[index]!,
    risks,
    bounds,
    notices: Object.freeze(notices),
  });
}

function requireLambdas(lambdas: ArrayLike<number>, columns: number): void {
  const values = Array.from(lambdas);
  if (values.length !== columns) {
    throw new CounterweightError('shape-mismatch', `${values.length} lambdas for ${columns} columns of losses`);
  }
  if (!values.every((value, i) => Number.isFinite(value) && (i === 0 || value > values[i - 1]!))) {
    throw new CounterweightError('bad-option', 'lambdas must be finite and ascending');
  }
}

function requireMonotone({ data, rows, columns }: Matrix): void {
  for (let row = 0; row < rows; row++) {
    for (let at = row * columns + 1; at < (row + 1) * columns; at++) {
      if (data[at]! <= data[at - 1]! + ROUNDING) continue;
      throw new CounterweightError(
        'not-monotone',
        `the loss of row ${row} grows with lambda; risk control needs losses that never grow (Learn then Test does not)`,
        { row },
      );
    }
  }
}

function noLambda(alpha: number, best: number, rows: number): Notice {
  return {
    code: 'no-lambda',
    severity: 'warning',
    message: `no lambda keeps the expected loss at ${alpha}: the best bound from ${rows} rows is ${best.toPrecision(4)}`,
    numbers: { alpha, best, rows },
  };
}
