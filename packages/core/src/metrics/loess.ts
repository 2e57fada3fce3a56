import { CounterweightError } from '../runtime/errors.ts';
import { sortWithPayload } from './float-order.ts';
import { type CutPoints, loessVertices } from './loess-cuts.ts';

export interface LoessOptions {
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** One a row; an integer weight equals that many copies of the row. */
  readonly weights?: Float64Array | undefined;
  /** Share of the rows in each neighbourhood, default 0.75. */
  readonly span?: number;
  /** Degree of the local polynomial, default 2. */
  readonly degree?: 0 | 1 | 2;
  /**
   * `interpolate` (default): fitted at the cuts of a k-d tree, a dozen or two, and carried between by cubic Hermite
   * interpolation of the local values and slopes, as R does by default. `direct`: fitted at every distinct x, up to 256
   * of them; beyond, at 256 spread evenly in rank, and interpolated in the same way.
   */
  readonly surface?: 'interpolate' | 'direct';
}

const mostKnots = 256;
/** A cell of the tree is cut while it holds more than this share of a neighbourhood; R's default. */
const cellShare = 0.2;

/**
 * Local regression in one dimension (Cleveland and Devlin, 1988): at each x a polynomial fitted to the nearest
 * floor(span × n) rows with tricube weights. Returns the fitted value of each row.
 *
 * The two surfaces differ in the third digit on small tables; `direct` is the definition, `interpolate` is what R's
 * `loess` and everything built on it prints. Weights count copies of rows, also in the size of neighbourhoods (in R they
 * do not); where one is no whole number nothing is rounded to whole rows.
 * Throws `bad-option` for a span that is not above 0 or arrays of different lengths.
 */
export function loess(options: LoessOptions): Float64Array {
  const { x, y, weights, span = 0.75, degree = 2, surface = 'interpolate' } = options;
  if (!(span > 0) || y.length !== x.length || (weights && weights.length !== x.length)) {
    throw new CounterweightError('bad-option', `loess needs one y and weight a row and a span above 0, got ${span}`);
  }
  const points = mergedPoints(x, y, weights);
  if (points.x.length === 0) return x.map(() => Number.NaN);
  const at = surface === 'direct' || points.x.length === 1 ? knotsOf(points.x) : loessVertices(points, span, cellShare);
  const fits = Array.from(at, (knot) => localFit(points, knot, span, degree));
  return x.map((value) => interpolated(at, fits, value));
}

function knotsOf(x: Float64Array): Float64Array {
  if (x.length <= mostKnots) return x;
  return Float64Array.from({ length: mostKnots }, (_, i) => x[Math.round((i * (x.length - 1)) / (mostKnots - 1))]!);
}

/** Rows of one x merged: only their weight and mean y matter to a least-squares fit. */
interface Points extends CutPoints {
  readonly y: Float64Array;
  readonly weights: Float64Array;
}

interface LocalFit {
  readonly value: number;
  readonly slope: number;
}

function mergedPoints(x: Float64Array, y: Float64Array, weights: Float64Array | undefined): Points {
  const rows = Int32Array.from(x.keys()).filter((row) => !weights || weights[row]! > 0);
  const keys = Float64Array.from(rows, (row) => x[row]! + 0);
  sortWithPayload(keys, rows);
  const merged = { x: [] as number[], y: [] as number[], weights: [] as number[], ends: [] as number[] };
  let total = 0;
  for (let start = 0; start < keys.length; ) {
    let weight = 0;
    let sum = 0;
    const value = keys[start]!;
    for (; start < keys.length && keys[start] === value; start++) {
      const own = weights ? weights[rows[start]!]! : 1;
      weight += own;
      sum += own * y[rows[start]!]!;
    }
    merged.x.push(value);
    merged.y.push(sum / weight);
    merged.weights.push(weight);
    total += weight;
    merged.ends.push(total);
  }
  return {
    x: Float64Array.from(merged.x),
    y: Float64Array.from(merged.y),
    weights: Float64Array.from(merged.weights),
    ends: Float64Array.from(merged.ends),
    copies: merged.weights.every(Number.isInteger),
  };
}

function localFit(points: Points, at: number, span: number, degree: number): LocalFit {
  const share = Math.min(1, span) * points.ends[points.ends.length - 1]!;
  const { from, to, reach } = neighbourhood(points, at, points.copies ? Math.floor(share + 1e-5) : share, span);
  const scale = reach > 0 ? 1 / reach : 0;
  let m0 = 0;
  let m1 = 0;
  let m2 = 0;
  let m3 = 0;
  let m4 = 0;
  let r0 = 0;
  let r1 = 0;
  let r2 = 0;
  for (let i = from; i < to; i++) {
    const u = (points.x[i]! - at) * scale;
    const size = Math.abs(u);
    if (size >= 1) continue;
    const root = 1 - size * size * size;
    const weight = points.weights[i]! * root * root * root;
    const value = points.y[i]!;
    const first = weight * u;
    const second = first * u;
    m0 += weight;
    m1 += first;
    m2 += second;
    m3 += second * u;
    m4 += second * u * u;
    r0 += weight * value;
    r1 += first * value;
    r2 += second * value;
  }
  // All of the neighbourhood at its very edge, as where most rows share one x: their mean is all that can be said.
  if (m0 === 0) return { value: meanOf(points, from, to), slope: 0 };
  const { value, slope } = solveSmall([m0, m1, m2, m3, m4], [r0, r1, r2], degree);
  return { value, slope: slope * scale };
}

function meanOf({ y, weights }: Points, from: number, to: number): number {
  let sum = 0;
  let total = 0;
  for (let i = from; i < to; i++) {
    sum += weights[i]! * y[i]!;
    total += weights[i]!;
  }
  return sum / total;
}

/** The nearest points that together weigh `needed`, and the distance of the farthest; stretched for a span above 1. */
function neighbourhood({ x, weights }: Points, at: number, needed: number, span: number) {
  let from = firstNotBelow(x, at);
  let to = from;
  let weight = 0;
  let reach = 0;
  while (weight < Math.max(needed, 1e-300) && (from > 0 || to < x.length)) {
    const left = from > 0 ? at - x[from - 1]! : Number.POSITIVE_INFINITY;
    const rightGap = to < x.length ? x[to]! - at : Number.POSITIVE_INFINITY;
    if (left < rightGap) weight += weights[--from]!;
    else weight += weights[to++]!;
    reach = Math.min(left, rightGap);
  }
  // A tie of distances on the other side has weight 0 and may be left out.
  return { from, to, reach: reach * Math.max(1, span) };
}

function firstNotBelow(values: Float64Array, bound: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Value and slope at 0 of the polynomial of at most the degree that the points determine. */
function solveSmall(
  [m0, m1, m2, m3, m4]: readonly [number, number, number, number, number],
  [r0, r1, r2]: readonly [number, number, number],
  degree: number,
): LocalFit {
  if (degree >= 2) {
    const c00 = m2 * m4 - m3 * m3;
    const c01 = m2 * m3 - m1 * m4;
    const c02 = m1 * m3 - m2 * m2;
    const determinant = m0 * c00 + m1 * c01 + m2 * c02;
    if (determinant > 1e-12 * m0 * m2 * m4) {
      const c11 = m0 * m4 - m2 * m2;
      const c12 = m1 * m2 - m0 * m3;
      return {
        value: (c00 * r0 + c01 * r1 + c02 * r2) / determinant,
        slope: (c01 * r0 + c11 * r1 + c12 * r2) / determinant,
      };
    }
  }
  const determinant = m0 * m2 - m1 * m1;
  if (degree >= 1 && determinant > 1e-12 * m0 * m2) {
    return { value: (m2 * r0 - m1 * r1) / determinant, slope: (m0 * r1 - m1 * r0) / determinant };
  }
  return { value: r0 / m0, slope: 0 };
}

function interpolated(at: Float64Array, fits: readonly LocalFit[], value: number): number {
  const above = firstNotBelow(at, value);
  const next = Math.min(above, at.length - 1);
  if (at[next] === value || next === 0 || above === at.length) return fits[next]!.value;
  const width = at[next]! - at[next - 1]!;
  const t = (value - at[next - 1]!) / width;
  const a = fits[next - 1]!;
  const b = fits[next]!;
  return (
    (1 + 2 * t) * (1 - t) ** 2 * a.value +
    t * (1 - t) ** 2 * width * a.slope +
    t * t * (3 - 2 * t) * b.value +
    t * t * (t - 1) * width * b.slope
  );
}
