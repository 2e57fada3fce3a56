import { CounterweightError } from '../runtime/errors.ts';
import { type CostedRows, checkRowCosts, costsOfRow } from './row-costs.ts';

/**
 * Cost of all decisions, Σ w cost, from decisions of 0 and 1 (positive).
 * Throws `bad-costs`, `bad-labels`, `bad-weights`, `shape-mismatch`.
 */
export function totalCost(rows: CostedRows & { readonly decisions: Int32Array }): number {
  const { decisions } = rows;
  requireRows(rows, decisions);
  return sumOfCosts(rows, (row) => decisions[row] === 1);
}

/**
 * Share of the cost saved against the cheaper of predicting all negative and all positive: 1 - cost / least constant
 * cost. 1 costs nothing, 0 is no better than deciding nothing, negative worse.
 *
 * Where the constant cost is negative (a gain) it is divided by its size. `undefinedAs` (default NaN) where it is 0.
 * Throws as `totalCost`.
 */
export function savings(
  rows: CostedRows & { readonly decisions: Int32Array; readonly undefinedAs?: number | undefined },
): number {
  const cost = totalCost(rows);
  const constant = Math.min(
    sumOfCosts(rows, () => false),
    sumOfCosts(rows, () => true),
  );
  return constant === 0 ? (rows.undefinedAs ?? Number.NaN) : (constant - cost) / Math.abs(constant);
}

function sumOfCosts({ truth, positive = 1, costs, weights }: CostedRows, isFlagged: (row: number) => boolean): number {
  let sum = 0;
  for (let row = 0; row < truth.length; row++) {
    const { falsePositive, falseNegative, truePositive, trueNegative } = costsOfRow(costs, row);
    const isPositive = truth[row] === positive;
    const cost = isFlagged(row)
      ? isPositive
        ? truePositive
        : falsePositive
      : isPositive
        ? falseNegative
        : trueNegative;
    sum += (weights ? weights[row]! : 1) * cost;
  }
  return sum;
}

function requireRows({ truth, costs, weights }: CostedRows, decisions: Int32Array): void {
  if (decisions.length !== truth.length || (weights && weights.length !== truth.length)) {
    throw new CounterweightError(
      'shape-mismatch',
      `decisions and weights must have ${truth.length} entries, one a row`,
    );
  }
  const wrong = decisions.findIndex((decision) => decision !== 0 && decision !== 1);
  if (wrong >= 0) {
    throw new CounterweightError('bad-labels', `decisions must be 0 or 1, got ${decisions[wrong]} in row ${wrong}`, {
      row: wrong,
    });
  }
  const bad = weights?.findIndex((weight) => !(weight >= 0 && weight < Number.POSITIVE_INFINITY)) ?? -1;
  if (bad >= 0) {
    throw new CounterweightError('bad-weights', `weights must be finite and at least 0, got ${weights![bad]}`, {
      row: bad,
    });
  }
  checkRowCosts(costs, truth.length);
}
