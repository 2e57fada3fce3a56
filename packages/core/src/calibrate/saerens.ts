import { checkOptionNames } from '../data/check-option-names.ts';
import type { Matrix } from '../data/matrix.ts';
import { requireLength, requireProbabilities, requireWeights } from '../metrics/checks.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { Notice } from '../runtime/notices.ts';
import { requireMatrix } from './check-input.ts';
import { solveSymmetric } from './damped-newton.ts';
import { type PriorCorrection, priorCorrection, requireShareList } from './prior-correction.ts';

export interface SaerensOptions {
  /** Probabilities of the new rows, `rows × classes`, by a model that is calibrated for `seenShares`. */
  readonly probabilities: Matrix;
  /** Class shares that the probabilities stand for, on any scale. */
  readonly seenShares: Float64Array;
  /** One a row. */
  readonly weights?: Float64Array | undefined;
  /** Largest |share after an EM step - share before| at the end; default 1e-14. */
  readonly tolerance?: number;
  /** Default 10,000. */
  readonly maxIterations?: number;
}

export interface ShiftedShares {
  /** Estimated class shares of the new rows, summing to 1. */
  readonly shares: Float64Array;
  /** Moves the probabilities from the seen shares to these. */
  readonly correction: PriorCorrection;
  readonly notices: readonly Notice[];
}

export interface SaerensShares extends ShiftedShares {
  readonly iterations: number;
  readonly converged: boolean;
}

/**
 * The class shares under which the new rows are likeliest, if only the shares changed (label shift; Saerens, Latinne and
 * Decaestecker, 2002): the maximum of the mean of ln Σ_c p_c q_c / q0_c over q on the simplex.
 *
 * The EM iteration crawls; here a Newton step on the simplex is taken wherever it stays inside and raises the likelihood,
 * which ends at the same maximum in a few steps. A class of seen share 0 keeps 0. Rows of weight 0, and rows all of whose mass lies
 * on classes of share 0, do not count.
 * Throws `bad-scores`, `bad-shares`, `bad-weights`, `shape-mismatch`, `too-few-rows`, `bad-option`.
 */
export function saerensShares(options: SaerensOptions): SaerensShares {
  checkOptionNames('saerensShares', options, ['probabilities', 'seenShares', 'weights', 'tolerance', 'maxIterations']);
  requireMatrix('probabilities', options.probabilities);
  requireShareList('seenShares', options.seenShares);
  const { probabilities, seenShares, weights, tolerance = 1e-14, maxIterations = 10_000 } = options;
  requireProbabilities('probabilities', probabilities.data);
  requireWeights(weights, probabilities.rows);
  requireLength('seenShares', seenShares.length, probabilities.columns);
  if (!(tolerance > 0) || !Number.isSafeInteger(maxIterations) || maxIterations < 1) {
    throw new CounterweightError('bad-option', 'tolerance must be above 0 and maxIterations a positive integer');
  }
  const { trueShares: seen } = priorCorrection({ trueShares: seenShares, seenShares });
  const evaluate = (shares: Float64Array) => likelihood(probabilities, seen, shares, weights);
  let shares: Float64Array = seen;
  let point = evaluate(shares);
  if (point.rows === 0)
    throw new CounterweightError('too-few-rows', 'label shift needs rows with mass on seen classes');
  let iterations = 0;
  let converged = false;
  for (; iterations < maxIterations; iterations++) {
    const next = shares.map((share, label) => share * point.gradient[label]!);
    converged = next.every((share, label) => Math.abs(share - shares[label]!) <= tolerance);
    if (converged) break;
    const leap = newtonShares(point.curvature, shares);
    const leapt = leap && evaluate(leap);
    if (leap && leapt!.value >= point.value) {
      // Rounding rules the last digits: a step that changes nothing ends the search.
      converged = leap.every((share, label) => Math.abs(share - shares[label]!) <= tolerance);
      [shares, point] = [leap, leapt!];
      if (converged) break;
    } else {
      shares = normalised(next);
      point = evaluate(shares);
    }
  }
  const notices: Notice[] = [];
  if (!converged) {
    const message = `The class shares still moved after ${maxIterations} iterations.`;
    notices.push({ code: 'not-converged', severity: 'warning', message });
  }
  const correction = priorCorrection({ trueShares: shares, seenShares: seen });
  return Object.freeze({ shares, correction, iterations, converged, notices: Object.freeze(notices) });
}

interface Likelihood {
  readonly value: number;
  /** Mean of r_c = (p_c / q0_c) / Σ_k p_k q_k / q0_k. */
  readonly gradient: Float64Array;
  /** Mean of r_c r_d: minus the Hessian. */
  readonly curvature: Float64Array;
  readonly rows: number;
}

function likelihood(
  { data, rows, columns }: Matrix,
  seen: Float64Array,
  shares: Float64Array,
  weights?: Float64Array,
): Likelihood {
  const gradient = new Float64Array(columns);
  const curvature = new Float64Array(columns * columns);
  const ratios = new Float64Array(columns);
  let value = 0;
  let total = 0;
  for (let row = 0; row < rows; row++) {
    const weight = weights ? weights[row]! : 1;
    let mass = 0;
    for (let c = 0; c < columns; c++) {
      ratios[c] = seen[c]! > 0 ? data[row * columns + c]! / seen[c]! : 0;
      mass += ratios[c]! * shares[c]!;
    }
    if (!(mass > 0) || weight === 0) continue;
    total += weight;
    value += weight * Math.log(mass);
    for (let c = 0; c < columns; c++) {
      const ratio = (weight * ratios[c]!) / mass;
      gradient[c] = gradient[c]! + ratio;
      for (let d = 0; d <= c; d++)
        curvature[c * columns + d] = curvature[c * columns + d]! + (ratio * ratios[d]!) / mass;
    }
  }
  return {
    value: value / total,
    gradient: gradient.map((sum) => sum / total),
    curvature: curvature.map((sum) => sum / total),
    rows: total,
  };
}

/**
 * Newton's step on the simplex. With M the curvature, M q is the gradient at q, so the step ends at 2 q - u / Σ u with
 * u = M⁻¹ 1; null where that leaves the simplex.
 */
function newtonShares(curvature: Float64Array, shares: Float64Array): Float64Array | null {
  const inside = Int32Array.from(shares.keys()).filter((label) => shares[label]! > 0);
  const size = inside.length;
  const part = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) part[i * size + j] = curvature[inside[i]! * shares.length + inside[j]!]!;
  }
  const solved = solveSymmetric(part, new Float64Array(size).fill(1));
  const sum = solved.reduce((total, value) => total + value, 0);
  const leap = new Float64Array(shares.length);
  for (let i = 0; i < size; i++) {
    const share = 2 * shares[inside[i]!]! - solved[i]! / sum;
    if (!(share > 0 && share <= 1)) return null;
    leap[inside[i]!] = share;
  }
  return normalised(leap);
}

function normalised(shares: Float64Array): Float64Array {
  const total = shares.reduce((sum, share) => sum + share, 0);
  return shares.map((share) => share / total);
}
