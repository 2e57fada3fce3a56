import { CounterweightError } from '../runtime/errors.ts';
import { sortWithPayload } from './float-order.ts';

export interface LoessOptions {
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** One a row; an integer weight equals that many copies of the row. */
  readonly weights?: Float64Array | undefined;
  /** Share of the rows in each neighbourhood, default 0.75. */
  readonly span?: number;
  /** Degree of the local polynomial, default 2. */
  readonly degree?: 0 | 1 | 2;
}

/** Beyond so many distinct x the fit is made at that many knots and interpolated. */
const mostKnots = 256;

/**
 * Local regression in one dimension (Cleveland and Devlin, 1988): at each x a polynomial fitted to the nearest
 * floor(span × n) rows with tricube weights. Returns the fitted value of each row.
 *
 * Up to 256 distinct x the fit is direct at each of them. Beyond, it is made at 256 of them, spread evenly in rank, and
 * carried between by cubic Hermite interpolation of the local values and slopes; R does so from a few dozen knots on, so
 * its default differs from the direct fit in the third digit on small tables (`surface = "direct"` does not).
 * Throws `bad-option` for a span that is not above 0 or arrays of different lengths.
 */
export function loess(options: LoessOptions): Float64Array {
  const { x, y, weights, span = 0.75, degree = 2 } = options;
  if (!(span > 0) || y.length !== x.length || (weights && weights.length !== x.length)) {
    throw new CounterweightError('bad-option', `loess needs one y and weight a row and a span above 0, got ${span}`);
  }
  const points = mergedPoints(x, y, weights);
  const count = points.x.length;
  const knots = Int32Array.from({ length: Math.min(count, mostKnots) }, (_, i) =>
    count <= mostKnots ? i : Math.round((i * (count - 1)) / (mostKnots - 1)),
  );
  const fits = Array.from(knots, (knot) => localFit(points, points.x[knot]!, span, degree));
  const at = Float64Array.from(knots, (knot) => points.x[knot]!);
  return x.map((value) => (count === 0 ? Number.NaN : interpolated(at, fits, value)));
}

/** Rows of one x merged: only their weight and mean y matter to a least-squares fit. */
interface Points {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly weights: Float64Array;
  readonly total: number;
}

interface LocalFit {
  readonly value: number;
  readonly slope: number;
}

function mergedPoints(x: Float64Array, y: Float64Array, weights: Float64Array | undefined): Points {
  const rows = Int32Array.from(x.keys()).filter((row) => !weights || weights[row]! > 0);
  const keys = Float64Array.from(rows, (row) => x[row]! + 0);
  sortWithPayload(keys, rows);
  const merged = { x: [] as number[], y: [] as number[], weights: [] as number[] };
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
  }
  return {
    x: Float64Array.from(merged.x),
    y: Float64Array.from(merged.y),
    weights: Float64Array.from(merged.weights),
    total,
  };
}

function localFit(points: Points, at: number, span: number, degree: number): LocalFit {
  const { from, to, reach } = neighbourhood(points, at, Math.floor(Math.min(1, span) * points.total + 1e-5), span);
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
  const { value, slope } = solveSmall([m0, m1, m2, m3, m4], [r0, r1, r2], degree);
  return { value, slope: slope * scale };
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
