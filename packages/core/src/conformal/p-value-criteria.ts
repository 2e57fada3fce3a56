import type { Matrix } from '../data/matrix.ts';
import { requireCodes, requireLength } from '../metrics/checks.ts';
import { requireAlpha } from './rank-rule.ts';

/** Efficiency of p-values, all means over rows, smaller being better; the letters are those of Vovk et al. (2016). */
export interface PValueCriteria {
  /** S: sum of the p-values. */
  readonly sum: number;
  /** N: labels in the set. */
  readonly number: number;
  /** U: second largest p-value. */
  readonly unconfidence: number;
  /** F: sum of the p-values without the largest. */
  readonly fuzziness: number;
  /** M: share of sets with more than one label. */
  readonly multiple: number;
  /** E: labels in the set beyond the first. */
  readonly excess: number;
}

/** The observed ones, which look at the true label. */
export interface ObservedPValueCriteria {
  /** OU: largest p-value among the false labels. */
  readonly unconfidence: number;
  /** OF: sum of the p-values of the false labels. */
  readonly fuzziness: number;
  /** OM: share of sets with a false label. */
  readonly multiple: number;
  /** OE: false labels in the set. */
  readonly excess: number;
}

/** Criteria of Vovk, Nouretdinov, Fedorova, Gammerman (2016) without labels. Null without rows. */
export function pValueCriteria({ data, rows, columns }: Matrix, alpha: number): PValueCriteria | null {
  requireAlpha(alpha);
  if (rows === 0) return null;
  const total = { sum: 0, number: 0, unconfidence: 0, fuzziness: 0, multiple: 0, excess: 0 };
  for (let row = 0; row < rows; row++) {
    const { sum, largest, second, taken } = rowFacts(data, row * columns, columns, alpha, -1);
    total.sum += sum;
    total.number += taken;
    total.unconfidence += second;
    total.fuzziness += sum - largest;
    total.multiple += taken > 1 ? 1 : 0;
    total.excess += Math.max(taken - 1, 0);
  }
  return Object.freeze(divided(total, rows));
}

/** The same of the false labels only. `truth` has a class code a row. Null without rows. */
export function observedPValueCriteria(
  pValues: Matrix,
  truth: Int32Array,
  alpha: number,
): ObservedPValueCriteria | null {
  const { data, rows, columns } = pValues;
  requireAlpha(alpha);
  requireLength('truth', truth.length, rows);
  requireCodes('truth', truth, columns);
  if (rows === 0) return null;
  const total = { unconfidence: 0, fuzziness: 0, multiple: 0, excess: 0 };
  for (let row = 0; row < rows; row++) {
    const { sum, largest, taken } = rowFacts(data, row * columns, columns, alpha, truth[row]!);
    total.unconfidence += largest;
    total.fuzziness += sum;
    total.multiple += taken > 0 ? 1 : 0;
    total.excess += taken;
  }
  return Object.freeze(divided(total, rows));
}

/** Sum, two largest and number above alpha of one row's p-values, one label left out. */
function rowFacts(data: Float64Array, start: number, columns: number, alpha: number, left: number) {
  let sum = 0;
  let largest = 0;
  let second = 0;
  let taken = 0;
  for (let label = 0; label < columns; label++) {
    if (label === left) continue;
    const p = data[start + label]!;
    sum += p;
    if (p > alpha) taken++;
    if (p > largest) {
      second = largest;
      largest = p;
    } else if (p > second) {
      second = p;
    }
  }
  return { sum, largest, second, taken };
}

function divided<T extends Record<string, number>>(totals: T, rows: number): T {
  return Object.fromEntries(Object.entries(totals).map(([name, total]) => [name, total / rows])) as T;
}
