import { requireLength, requireProbabilities, requireWeights } from './checks.ts';
import type { ScoredRows } from './ranked-scores.ts';
import { type UndefinedOption, undefinedValue } from './undefined-value.ts';

/** Weak calibration: what a logistic regression of the outcome on the logit of the probability finds. */
export interface CalibrationRegression {
  /** Below 1: probabilities too extreme, as after overfitting. Above 1: too timid. */
  readonly slope: number;
  /** Intercept fitted together with the slope. */
  readonly intercept: number;
  /**
   * Calibration in the large: the intercept at slope 1. The logit by which probabilities are too low (positive) or too
   * high (negative) on the whole; after balancing a table of prevalence π it is logit(π).
   */
  readonly calibrationInTheLarge: number;
}

/** Probabilities are moved into eps .. 1 - eps, as in the log loss, so that 0 and 1 have a logit. */
const least = Number.EPSILON;

/**
 * Calibration slope, intercept and calibration in the large (Cox, 1958; Van Calster et al., 2019), solved by Newton's
 * method to machine precision. `scores` are probabilities of the positive class; 0 and 1 count as 2^-52 and 1 - 2^-52.
 *
 * Slope and intercept are undefined where the likelihood has no maximum: where the probabilities separate the classes, or
 * are all equal. Calibration in the large is undefined where a class has no rows. Throws `bad-scores`, `bad-weights`,
 * `shape-mismatch`.
 */
export function calibrationRegression(rows: ScoredRows & UndefinedOption): CalibrationRegression {
  const { logits, outcomes, weights } = preparedRows(rows);
  const fitted = overlaps(logits, outcomes) ? fitLine(logits, outcomes, weights) : null;
  return Object.freeze({
    slope: fitted?.slope ?? undefinedValue(rows),
    intercept: fitted?.intercept ?? undefinedValue(rows),
    calibrationInTheLarge: fitOffset(logits, outcomes, weights) ?? undefinedValue(rows),
  });
}

interface Prepared {
  readonly logits: Float64Array;
  readonly outcomes: Uint8Array;
  readonly weights: Float64Array;
}

function preparedRows({ scores, truth, weights, positive = 1 }: ScoredRows): Prepared {
  requireLength('truth', truth.length, scores.length);
  requireProbabilities('scores', scores);
  requireWeights(weights, scores.length);
  const kept = Int32Array.from(scores.keys()).filter((row) => !weights || weights[row]! > 0);
  return {
    logits: Float64Array.from(kept, (row) => {
      const p = Math.min(1 - least, Math.max(least, scores[row]!));
      return Math.log(p) - Math.log1p(-p);
    }),
    outcomes: Uint8Array.from(kept, (row) => Number(truth[row] === positive)),
    weights: Float64Array.from(kept, (row) => (weights ? weights[row]! : 1)),
  };
}

/** A maximum exists iff the ranges of the two classes overlap in more than a point (Albert and Anderson, 1984). */
function overlaps(logits: Float64Array, outcomes: Uint8Array): boolean {
  const lows = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const highs = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let row = 0; row < logits.length; row++) {
    const side = outcomes[row]!;
    lows[side] = Math.min(lows[side]!, logits[row]!);
    highs[side] = Math.max(highs[side]!, logits[row]!);
  }
  return lows[1]! < highs[0]! && lows[0]! < highs[1]!;
}

function fitLine(logits: Float64Array, outcomes: Uint8Array, weights: Float64Array) {
  // From slope 1, probabilities of 0 and 1 would have next to no curvature and throw the first step out of sight.
  let slope = 0;
  let intercept = logOdds(outcomes, weights);
  let before = lossAt(logits, outcomes, weights, slope, intercept);
  let lastMove = Number.POSITIVE_INFINITY;
  for (let step = 0; step < 200; step++) {
    const { g0, g1, h00, h01, h11 } = derivatives(logits, outcomes, weights, slope, intercept);
    const determinant = h00 * h11 - h01 * h01;
    if (!(determinant > 0)) break;
    const d0 = (h11 * g0 - h01 * g1) / determinant;
    const d1 = (h00 * g1 - h01 * g0) / determinant;
    let size = 1;
    let loss = lossAt(logits, outcomes, weights, slope - d1, intercept - d0);
    // Halving keeps far starts from overshooting; near the minimum rounding may raise the loss, so equality passes.
    while (loss > before * (1 + 1e-13) && size > 1e-10) {
      size /= 2;
      loss = lossAt(logits, outcomes, weights, slope - size * d1, intercept - size * d0);
    }
    if (loss > before * (1 + 1e-13)) break;
    slope -= size * d1;
    intercept -= size * d0;
    before = loss;
    const move = Math.abs(d0) + Math.abs(d1);
    if (atRest(move, lastMove, Math.abs(slope) + Math.abs(intercept))) break;
    lastMove = move;
  }
  return { slope, intercept };
}

/** Newton's steps shrink quadratically until the rounding of the sums rules them; that is the end. */
function atRest(move: number, lastMove: number, size: number): boolean {
  return move <= 1e-15 * size + 1e-16 || (move <= 1e-9 * (1 + size) && move >= lastMove / 2);
}

/** Of the outcomes as a whole; both occur. */
function logOdds(outcomes: Uint8Array, weights: Float64Array): number {
  let ones = 0;
  let zeros = 0;
  for (let row = 0; row < outcomes.length; row++) {
    if (outcomes[row] === 1) ones += weights[row]!;
    else zeros += weights[row]!;
  }
  return Math.log(ones / zeros);
}

function derivatives(
  logits: Float64Array,
  outcomes: Uint8Array,
  weights: Float64Array,
  slope: number,
  intercept: number,
) {
  let g0 = 0;
  let g1 = 0;
  let h00 = 0;
  let h01 = 0;
  let h11 = 0;
  for (let row = 0; row < logits.length; row++) {
    const x = logits[row]!;
    const p = 1 / (1 + Math.exp(-(intercept + slope * x)));
    const gap = weights[row]! * (p - outcomes[row]!);
    const curvature = weights[row]! * p * (1 - p);
    g0 += gap;
    g1 += gap * x;
    h00 += curvature;
    h01 += curvature * x;
    h11 += curvature * x * x;
  }
  return { g0, g1, h00, h01, h11 };
}

/** Σ w ln(1 + exp(±z)) without overflow. */
function lossAt(
  logits: Float64Array,
  outcomes: Uint8Array,
  weights: Float64Array,
  slope: number,
  intercept: number,
): number {
  let loss = 0;
  for (let row = 0; row < logits.length; row++) {
    const z = (intercept + slope * logits[row]!) * (outcomes[row] === 1 ? -1 : 1);
    loss += weights[row]! * (Math.max(0, z) + Math.log1p(Math.exp(-Math.abs(z))));
  }
  return loss;
}

/** The intercept at slope 1 by Newton's method inside a bracket; null where a class has no rows. */
function fitOffset(logits: Float64Array, outcomes: Uint8Array, weights: Float64Array): number | null {
  if (!outcomes.includes(1) || !outcomes.includes(0)) return null;
  let low = -100;
  let high = 100;
  let offset = 0;
  let lastMove = Number.POSITIVE_INFINITY;
  for (let step = 0; step < 200; step++) {
    const { g0, h00 } = derivatives(logits, outcomes, weights, 1, offset);
    if (g0 === 0) break;
    if (g0 > 0) high = offset;
    else low = offset;
    const next = offset - g0 / h00;
    const move = Math.abs(g0 / h00);
    // Close to the root rounding may set a step just outside the bracket, so rest is looked for first.
    if (atRest(move, lastMove, Math.abs(offset))) return next;
    const isInside = next > low && next < high;
    offset = isInside ? next : (low + high) / 2;
    lastMove = isInside ? move : Number.POSITIVE_INFINITY;
  }
  return offset;
}
