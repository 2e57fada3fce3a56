import type { Classes, Matrix } from '../data/index.ts';
import { reliabilityCurve } from '../metrics/index.ts';
import type { CalibrationReport, ReliabilityCurve } from './result.ts';

/** Reliability before and after calibration: of the positive class, or of each class against the rest. */
export function describeCalibration(
  before: Matrix,
  after: Matrix,
  truth: Int32Array,
  classes: Classes,
  positive: number | null,
): CalibrationReport[] {
  const codes = positive === null ? classes.map((_, code) => code) : [positive];
  return codes.map((code) => ({
    class: classes[code]!,
    before: reliabilityOf(before, truth, code),
    after: before === after ? reliabilityOf(before, truth, code) : reliabilityOf(after, truth, code),
  }));
}

/** Brier score, log loss and bins of one class against the rest. */
export function reliabilityOf({ rows, columns, data }: Matrix, truth: Int32Array, code: number): ReliabilityCurve {
  const scores = new Float64Array(rows);
  let squares = 0;
  let logs = 0;
  for (let i = 0; i < rows; i++) {
    const p = data[i * columns + code]!;
    scores[i] = p;
    const hit = truth[i] === code;
    squares += hit ? (1 - p) ** 2 : p ** 2;
    logs -= Math.log(Math.max(hit ? p : 1 - p, Number.EPSILON));
  }
  const { bins, bias } = reliabilityCurve({ scores, truth, positive: code });
  return { brierScore: defined(squares / rows), logLoss: defined(logs / rows), bias: defined(bias), bins };
}

const defined = (value: number): number | null => (Number.isFinite(value) ? value : null);
