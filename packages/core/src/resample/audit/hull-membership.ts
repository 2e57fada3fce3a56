/** Distance to the hull up to which a point counts as inside, in units of the coordinates. */
export const HULL_TOLERANCE = 1e-6;
/** Multiplications that one point may cost. */
const MOST_WORK = 3e8;
/** Points of which as many parts of the set each give their most promising one when the set is gone through. */
const PARTS = 16;
/** Nearest points that are tried first: so many, and so many a dimension. */
const FIRST = 32;
const FIRST_A_COLUMN = 2;

export interface HullVerdict {
  readonly verdict: 'inside' | 'outside' | 'undecided';
  /** Multiplications spent. */
  readonly work: number;
}

/** Points whose convex hull is asked about: row-major `rows × columns`, best with coordinates from 0 to 1. */
export interface HullPoints {
  readonly points: Float64Array;
  readonly rows: number;
  readonly columns: number;
  /** A point that is left out. */
  readonly without?: number | undefined;
}

/**
 * Whether a point lies in the convex hull of a set, by Wolfe's search for the hull's point nearest to it.
 *
 * Both answers are certified, up to the rounding of sums of products. Inside: a convex combination of the set lies no farther than
 * `HULL_TOLERANCE`. Outside: all of the set lies beyond a hyperplane that is farther than that. The combination is sought among the
 * nearest points first, to which the points most beyond the hyperplane are added until none is; so few passes go over the whole
 * set. `undecided` where rounding stops the search or it costs too much.
 *
 * Wolfe, "Finding the nearest point in a polytope", Mathematical Programming 11 (1976).
 */
export function hullMembership(set: HullPoints, x: Float64Array): HullVerdict {
  const { columns, rows } = set;
  const meter = { work: 0 };
  const candidates = nearestPoints(set, x, FIRST + FIRST_A_COLUMN * columns, meter);
  if (candidates.length === 0) return { verdict: 'outside', work: 0 };
  const known = new Uint8Array(rows);
  for (const row of candidates) known[row] = 1;
  const search = polytopeSearch(set, x, candidates[0]!, meter);
  for (;;) {
    const found = search.among(candidates);
    if (found !== 'parted') return { verdict: found, work: meter.work };
    const more = violators(set, x, search.direction, search.bound(), meter).filter((row) => known[row] === 0);
    if (more.length === 0) return { verdict: 'outside', work: meter.work };
    for (const row of more) {
      known[row] = 1;
      candidates.push(row);
    }
  }
}

interface Meter {
  work: number;
}

/** The nearest points, nearest first; of equals the first. */
function nearestPoints(
  { points, rows, columns, without = -1 }: HullPoints,
  x: Float64Array,
  count: number,
  meter: Meter,
): number[] {
  const distances = new Float64Array(rows);
  for (let i = 0, at = 0; i < rows; i++) {
    let sum = 0;
    for (let j = 0; j < columns; j++) sum += (points[at++]! - x[j]!) ** 2;
    distances[i] = i === without ? Number.POSITIVE_INFINITY : sum;
  }
  meter.work += rows * columns;
  const bound = rows <= count ? Number.MAX_VALUE : distances.slice().sort()[count - 1]!;
  const near: number[] = [];
  for (let i = 0; i < rows; i++) if (distances[i]! <= bound) near.push(i);
  return near.sort((a, b) => distances[a]! - distances[b]! || a - b).slice(0, count);
}

/** In each part of the set the point least far along the direction, if it is not beyond the bound. */
function violators(
  { points, rows, columns, without = -1 }: HullPoints,
  x: Float64Array,
  direction: Float64Array,
  bound: number,
  meter: Meter,
): number[] {
  let offset = bound;
  for (let j = 0; j < columns; j++) offset += x[j]! * direction[j]!;
  const part = Math.ceil(rows / PARTS);
  const found: number[] = [];
  for (let begin = 0; begin < rows; begin += part) {
    let least = offset;
    let best = -1;
    for (let i = begin, at = begin * columns; i < Math.min(rows, begin + part); i++) {
      let along = 0;
      for (let j = 0; j < columns; j++) along += points[at++]! * direction[j]!;
      if (along <= least && i !== without) {
        least = along;
        best = i;
      }
    }
    if (best >= 0) found.push(best);
  }
  meter.work += rows * columns;
  return found;
}

/** Wolfe's search; `direction` leads from x to the nearest combination of the points of the corral. */
function polytopeSearch({ points, columns }: HullPoints, x: Float64Array, start: number, meter: Meter) {
  const direction = new Float64Array(columns);
  const corral = affineCorral((a, b) => {
    let sum = 0;
    for (let j = 0, p = a * columns, q = b * columns; j < columns; j++) {
      sum += (points[p++]! - x[j]!) * (points[q++]! - x[j]!);
    }
    meter.work += columns;
    return sum;
  }, meter);
  let weights: number[] = [];

  const aim = () => {
    direction.fill(0);
    for (const [i, row] of corral.rows.entries()) {
      const weight = weights[i]!;
      for (let j = 0, at = row * columns; j < columns; j++) direction[j]! += weight * (points[at++]! - x[j]!);
    }
    meter.work += corral.rows.length * columns;
  };
  const length = () => Math.sqrt(direction.reduce((sum, value) => sum + value * value, 0));

  /** Adds a point, then leaves out points until the nearest combination of the others has positive weights only. */
  const take = (row: number) => {
    if (corral.rows.includes(row)) return;
    corral.admit(row);
    weights.push(0);
    for (;;) {
      const wanted = corral.nearestCombination();
      const step = positiveStep(weights, wanted);
      weights = weights.map((weight, i) => weight + step * (wanted[i]! - weight));
      if (step === 1 && wanted.every((value) => value > 0)) break;
      const least = Math.max(1e-13, Math.min(...weights));
      const keep = weights.map((weight) => weight > least);
      if (!keep.includes(true)) break;
      corral.keep(keep);
      weights = weights.filter((_, i) => keep[i]);
    }
    const sum = weights.reduce((total, weight) => total + weight, 0);
    weights = weights.map((weight) => weight / sum);
    aim();
  };
  take(start);

  return {
    direction,
    bound: () => HULL_TOLERANCE * length(),
    /** `parted` where a hyperplane parts x from all candidates; by how much says `bound`. */
    among(candidates: readonly number[]): 'inside' | 'undecided' | 'parted' {
      for (;;) {
        const distance = length();
        if (distance <= HULL_TOLERANCE) return 'inside';
        let least = Number.POSITIVE_INFINITY;
        let best = -1;
        for (const row of candidates) {
          let along = 0;
          for (let j = 0, at = row * columns; j < columns; j++) along += (points[at++]! - x[j]!) * direction[j]!;
          if (along < least) {
            least = along;
            best = row;
          }
        }
        meter.work += candidates.length * columns;
        if (least > HULL_TOLERANCE * distance) return 'parted';
        if (meter.work > MOST_WORK) return 'undecided';
        take(best);
        // Each step comes nearer, but for rounding.
        if (!(length() < distance)) return 'undecided';
      }
    },
  };
}

/** How far from the weights to the wanted ones all stay at 0 or more. */
function positiveStep(weights: readonly number[], wanted: readonly number[]): number {
  let step = 1;
  for (const [i, value] of wanted.entries()) {
    if (value <= 0 && weights[i]! > value) step = Math.min(step, weights[i]! / (weights[i]! - value));
  }
  return step;
}

/**
 * Affinely independent points, with the Cholesky factor of 1 + Q'Q, where Q holds them taken from x. Their combination, with
 * weights that add up to 1, that is nearest to x solves (1 + Q'Q) u = 1 up to the sum of u.
 */
function affineCorral(product: (a: number, b: number) => number, meter: Meter) {
  const rows: number[] = [];
  let products: number[][] = [];
  let factor: Float64Array[] = [];

  const extendFactor = () => {
    const size = factor.length;
    const wanted = products[size]!;
    const line = new Float64Array(size + 1);
    let rest = wanted[size]!;
    for (let i = 0; i < size; i++) {
      const before = factor[i]!;
      let value = wanted[i]!;
      for (let j = 0; j < i; j++) value -= before[j]! * line[j]!;
      line[i] = value / before[i]!;
      rest -= line[i]! * line[i]!;
    }
    // A point that rounding takes for dependent gets a pivot as small as rounding can tell.
    line[size] = Math.sqrt(Math.max(rest, 1e-15 * wanted[size]!));
    factor.push(line);
    meter.work += (size * size) / 2;
  };

  return {
    rows,
    admit(row: number) {
      rows.push(row);
      products.push(rows.map((other) => 1 + product(other, row)));
      extendFactor();
    },
    keep(kept: readonly boolean[]) {
      const left = rows.filter((_, i) => kept[i]);
      rows.splice(0, rows.length, ...left);
      products = products.filter((_, i) => kept[i]).map((line) => line.filter((_, j) => kept[j]));
      // What stands before the first point that goes stays as it is.
      factor = factor.slice(0, kept.indexOf(false));
      while (factor.length < rows.length) extendFactor();
    },
    nearestCombination(): number[] {
      const size = factor.length;
      const u = new Float64Array(size).fill(1);
      for (let i = 0; i < size; i++) {
        const line = factor[i]!;
        for (let j = 0; j < i; j++) u[i]! -= line[j]! * u[j]!;
        u[i]! /= line[i]!;
      }
      for (let i = size - 1; i >= 0; i--) {
        const line = factor[i]!;
        u[i]! /= line[i]!;
        for (let j = 0; j < i; j++) u[j]! -= line[j]! * u[i]!;
      }
      meter.work += size * size;
      const sum = u.reduce((total, value) => total + value, 0);
      return Array.from(u, (value) => value / sum);
    },
  };
}
