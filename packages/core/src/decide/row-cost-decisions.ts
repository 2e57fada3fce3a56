import { CounterweightError } from '../runtime/errors.ts';
import { checkRowCosts, costsOfRow, type RowCosts } from './row-costs.ts';

/**
 * Bayes minimum risk: 1 in each row where predicting positive is expected to cost no more than predicting negative,
 * p TP + (1 - p) FP <= p FN + (1 - p) TN. So a tie is positive, as in `minimumCostDecisions`.
 *
 * `probabilities` are calibrated probabilities of the positive class. Holds also where a mistake is no dearer than being
 * right. Throws `bad-costs`, `bad-scores`, `shape-mismatch`.
 */
export function rowCostDecisions(probabilities: Float64Array, costs: RowCosts): Int32Array {
  checkRowCosts(costs, probabilities.length);
  const decisions = new Int32Array(probabilities.length);
  for (let row = 0; row < probabilities.length; row++) {
    const p = probabilities[row]!;
    if (!(p >= 0 && p <= 1)) {
      throw new CounterweightError('bad-scores', `probabilities must lie in 0 .. 1, got ${p} in row ${row}`, { row });
    }
    const { falsePositive, falseNegative, truePositive, trueNegative } = costsOfRow(costs, row);
    const alarm = falsePositive - trueNegative;
    const miss = falseNegative - truePositive;
    // By the threshold where there is one, so that it decides exactly as `rowCostThresholds` says.
    const isPositive = alarm > 0 && miss > 0 ? p >= alarm / (alarm + miss) : (1 - p) * alarm <= p * miss;
    decisions[row] = isPositive ? 1 : 0;
  }
  return decisions;
}

/**
 * The probability from which each row is predicted positive: (FP - TN) / (FP - TN + FN - TP). 0 where positive is always
 * the cheaper, infinity where negative is. Throws `bad-costs`, `shape-mismatch`.
 */
export function rowCostThresholds(costs: RowCosts, rows: number): Float64Array {
  checkRowCosts(costs, rows);
  return Float64Array.from({ length: rows }, (_, row) => {
    const { falsePositive, falseNegative, truePositive, trueNegative } = costsOfRow(costs, row);
    const alarm = falsePositive - trueNegative;
    const miss = falseNegative - truePositive;
    if (alarm > 0 && miss > 0) return alarm / (alarm + miss);
    if (alarm <= 0 && miss >= 0) return 0;
    if (alarm >= 0 && miss <= 0) return Number.POSITIVE_INFINITY;
    throw new CounterweightError('bad-costs', `both mistakes of row ${row} cost less than being right`, { row });
  });
}
