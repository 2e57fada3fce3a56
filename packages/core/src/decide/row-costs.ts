import { CounterweightError } from '../runtime/errors.ts';
import type { Notice } from '../runtime/notices.ts';

/** One number for all rows, or one a row. */
export type PerRow = number | Float64Array;

/** What the four outcomes of a binary decision cost, each also by row (the amount of a transaction, the value of a customer). */
export interface RowCosts {
  readonly falsePositive: PerRow;
  readonly falseNegative: PerRow;
  /** Default 0. A gain is negative. */
  readonly truePositive?: PerRow;
  /** Default 0. */
  readonly trueNegative?: PerRow;
}

/** Decisions of 0 (negative) and 1 (positive) beside the truth. */
export interface CostedRows {
  readonly truth: Int32Array;
  /** Code of the positive class in `truth`, default 1. */
  readonly positive?: number | undefined;
  readonly costs: RowCosts;
  readonly weights?: Float64Array | undefined;
}

/** The four costs of one row. */
export interface FourCosts {
  readonly falsePositive: number;
  readonly falseNegative: number;
  readonly truePositive: number;
  readonly trueNegative: number;
}

/** The costs of one row. */
export function costsOfRow(costs: RowCosts, row: number): FourCosts {
  return {
    falsePositive: at(costs.falsePositive, row),
    falseNegative: at(costs.falseNegative, row),
    truePositive: at(costs.truePositive ?? 0, row),
    trueNegative: at(costs.trueNegative ?? 0, row),
  };
}

function at(values: PerRow, row: number): number {
  return typeof values === 'number' ? values : values[row]!;
}

/**
 * Checks the costs of `rows` rows. Throws `bad-costs` for costs that are not finite, `shape-mismatch` for a wrong number.
 * A notice `mistake-not-dearer` says in how many rows a mistake costs no more than being right about that class: there
 * one decision is the cheaper whatever is true, which may be meant (a fraud smaller than the cost of looking at it).
 */
export function checkRowCosts(costs: RowCosts, rows: number): readonly Notice[] {
  for (const [name, values] of Object.entries(costs) as [string, PerRow | undefined][])
    requireCosts(name, values, rows);
  let cheap = 0;
  for (let row = 0; row < rows; row++) {
    const { falsePositive, falseNegative, truePositive, trueNegative } = costsOfRow(costs, row);
    if (falsePositive <= trueNegative || falseNegative <= truePositive) cheap++;
  }
  if (cheap === 0) return [];
  return [
    {
      code: 'mistake-not-dearer',
      severity: 'warning',
      message: `in ${cheap} of ${rows} rows a mistake costs no more than being right, so one decision is always cheaper there`,
      numbers: { rows: cheap, of: rows },
    },
  ];
}

function requireCosts(name: string, values: PerRow | undefined, rows: number): void {
  if (values === undefined) return;
  if (typeof values !== 'number' && values.length !== rows) {
    throw new CounterweightError(
      'shape-mismatch',
      `costs.${name} must have ${rows} entries, one a row, got ${values.length}`,
    );
  }
  const row =
    typeof values === 'number'
      ? Number.isFinite(values)
        ? -1
        : 0
      : values.findIndex((cost) => !Number.isFinite(cost));
  if (row >= 0)
    throw new CounterweightError('bad-costs', `costs.${name} must be finite numbers, got ${at(values, row)}`, { row });
}
