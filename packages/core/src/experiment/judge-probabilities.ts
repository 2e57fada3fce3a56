import type { Matrix } from '../data/index.ts';
import type { Estimate } from './estimate.ts';
import type { ProbabilityJudgement } from './result.ts';

/** The normal quantile of a two-sided interval of 95 %. */
const Z = 1.959963984540054;

/**
 * Brier score, log loss and bias (mean probability minus observed share) of one class against the rest. Each is a mean over
 * rows; the interval is 1.96 standard errors of that mean to either side, rows taken for independent draws, so the share
 * of the class varies too. Without ends where either side has fewer than two rows.
 */
export function judgeProbabilities({ rows, columns, data }: Matrix, truth: Int32Array, code: number) {
  const squares = new Float64Array(rows);
  const logs = new Float64Array(rows);
  const gaps = new Float64Array(rows);
  let own = 0;
  for (let i = 0; i < rows; i++) {
    const p = data[i * columns + code]!;
    const hit = truth[i] === code;
    if (hit) own++;
    gaps[i] = p - Number(hit);
    squares[i] = gaps[i]! ** 2;
    logs[i] = -Math.log(Math.max(hit ? p : 1 - p, Number.EPSILON));
  }
  const enough = own >= 2 && rows - own >= 2;
  return {
    brierScore: meanEstimate(squares, enough, [0, 1]),
    logLoss: meanEstimate(logs, enough, [0, Number.POSITIVE_INFINITY]),
    bias: meanEstimate(gaps, enough, [-1, 1]),
  } satisfies ProbabilityJudgement;
}

function meanEstimate(values: Float64Array, enough: boolean, [least, most]: readonly [number, number]): Estimate {
  const rows = values.length;
  if (rows === 0) return { value: null, low: null, high: null };
  const mean = values.reduce((sum, value) => sum + value, 0) / rows;
  if (!enough) return { value: mean, low: null, high: null };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const half = Z * Math.sqrt(squares / (rows - 1) / rows);
  return { value: mean, low: Math.max(least, mean - half), high: Math.min(most, mean + half) };
}
