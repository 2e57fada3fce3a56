import { type KernelRows, kernelOfItself, swapRows } from './kernel-rows.ts';

/**
 * Where the solver of the dual stands. Rows are reordered as it goes; `origin` tells which row of the problem each is. Those from
 * `active` on are set aside: their derivatives are out of date.
 */
export interface DualState {
  readonly rows: KernelRows;
  readonly signs: Int8Array;
  readonly origin: Int32Array;
  /** Bounds of b. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Kernel of each row with itself. */
  readonly diagonal: Float64Array;
  /** Signed weights y_i a_i. */
  readonly b: Float64Array;
  /** Derivative of the objective by each b. */
  readonly v: Float64Array;
  active: number;
}

/** Curvature that takes the place of one that is not positive. */
const LEAST_CURVATURE = 1e-12;

/** All weights 0. */
export function startState(rows: KernelRows, signs: Int8Array, bounds: Float64Array): DualState {
  const size = rows.rows;
  return {
    rows,
    signs: signs.slice(),
    origin: Int32Array.from({ length: size }, (_, i) => i),
    low: bounds.map((bound, i) => (signs[i]! > 0 ? 0 : -bound)),
    high: bounds.map((bound, i) => (signs[i]! > 0 ? bound : 0)),
    diagonal: Float64Array.from({ length: size }, (_, i) => kernelOfItself(rows, i)),
    b: new Float64Array(size),
    v: Float64Array.from(signs, (sign) => -sign),
    active: size,
  };
}

/** The row that may grow whose derivative is least, or -1. */
export function rowToGrow({ active, v, b, high }: DualState): number {
  let best = -1;
  let least = Number.POSITIVE_INFINITY;
  for (let t = 0; t < active; t++) {
    if (v[t]! < least && b[t]! < high[t]!) {
      least = v[t]!;
      best = t;
    }
  }
  return best;
}

/**
 * The row that may fall and that promises the largest decrease together with `i`, whose column of the kernel is given; -1 where no pair
 * violates the conditions of optimality by the tolerance.
 */
export function rowToFall(state: DualState, i: number, column: Float64Array, tolerance: number): number {
  const { active, v, b, low, diagonal } = state;
  const from = v[i]!;
  const own = diagonal[i]!;
  let best = -1;
  let promise = 0;
  let largest = Number.NEGATIVE_INFINITY;
  for (let t = 0; t < active; t++) {
    if (!(b[t]! > low[t]!)) continue;
    const violation = v[t]! - from;
    if (violation > largest) largest = violation;
    if (violation <= 0) continue;
    const curvature = own + diagonal[t]! - 2 * column[t]!;
    const gain = (violation * violation) / (curvature > 0 ? curvature : LEAST_CURVATURE);
    if (gain > promise) {
      promise = gain;
      best = t;
    }
  }
  return largest < tolerance ? -1 : best;
}

/** Moves weight from `j` to `i` as far as the objective falls and the bounds allow. */
export function movePair(state: DualState, i: number, j: number, columnI: Float64Array, columnJ: Float64Array): void {
  const { active, v, b, low, high, diagonal } = state;
  const curvature = diagonal[i]! + diagonal[j]! - 2 * columnI[j]!;
  let move = (v[j]! - v[i]!) / (curvature > 0 ? curvature : LEAST_CURVATURE);
  const roomI = high[i]! - b[i]!;
  const roomJ = b[j]! - low[j]!;
  if (move >= roomI || move >= roomJ) {
    move = Math.min(roomI, roomJ);
    // A weight at its bound equals it to the last bit.
    b[i] = roomI <= roomJ ? high[i]! : b[i]! + move;
    b[j] = roomJ <= roomI ? low[j]! : b[j]! - move;
  } else {
    b[i]! += move;
    b[j]! -= move;
  }
  for (let t = 0; t < active; t++) v[t]! += move * (columnI[t]! - columnJ[t]!);
}

/** Exchanges two rows everywhere but in the columns of the kernel. */
export function swapPlaces(state: DualState, a: number, z: number): void {
  swapRows(state.rows, a, z);
  for (const values of [state.low, state.high, state.diagonal, state.b, state.v]) swapEntries(values, a, z);
  swapEntries(state.signs, a, z);
  swapEntries(state.origin, a, z);
}

function swapEntries(values: Float64Array | Int32Array | Int8Array, a: number, z: number): void {
  const held = values[a]!;
  values[a] = values[z]!;
  values[z] = held;
}

/** Minus the mean derivative of the rows between their bounds, or the middle of what the rows at their bounds allow. */
export function interceptOf({ b, v, low, high }: DualState): number {
  let least = Number.POSITIVE_INFINITY;
  let largest = Number.NEGATIVE_INFINITY;
  let sum = 0;
  let free = 0;
  for (let t = 0; t < b.length; t++) {
    const grows = b[t]! < high[t]!;
    const falls = b[t]! > low[t]!;
    if (grows && falls) {
      sum += v[t]!;
      free++;
    } else if (grows) least = Math.min(least, v[t]!);
    else if (falls) largest = Math.max(largest, v[t]!);
  }
  if (free > 0) return -sum / free;
  return -(least + largest) / 2;
}
