import type { ColumnCache } from './column-cache.ts';
import { type DualState, swapPlaces } from './dual-state.ts';
import { kernelSlice } from './kernel-rows.ts';

/** Column `i` of the kernel, its first `length` entries. */
export function kernelColumn(state: DualState, cache: ColumnCache, i: number, length = state.active): Float64Array {
  const { rows } = state;
  return cache.column(i, length, (target, from, to) => kernelSlice(rows, i, rows, target, from, to));
}

/**
 * How far the conditions of optimality are violated: the least derivative among rows that may grow, the largest among rows that
 * may fall.
 */
export function reachOf({ active, v, b, low, high }: DualState): { least: number; largest: number } {
  let least = Number.POSITIVE_INFINITY;
  let largest = Number.NEGATIVE_INFINITY;
  for (let t = 0; t < active; t++) {
    if (b[t]! < high[t]! && v[t]! < least) least = v[t]!;
    if (b[t]! > low[t]! && v[t]! > largest) largest = v[t]!;
  }
  return { least, largest };
}

/** Sets aside the rows at a bound that no row violates the conditions with. */
export function setAside(state: DualState, cache: ColumnCache): void {
  const { v, b, low, high } = state;
  const { least, largest } = reachOf(state);
  const isIdle = (t: number) => (b[t]! >= high[t]! ? v[t]! < least : b[t]! <= low[t]! ? v[t]! > largest : false);
  const lower = new Int32Array(state.active);
  const upper = new Int32Array(state.active);
  let pairs = 0;
  let { active } = state;
  for (let t = 0; t < active; t++) {
    if (!isIdle(t)) continue;
    active--;
    while (active > t && isIdle(active)) active--;
    if (t === active) break;
    swapPlaces(state, t, active);
    lower[pairs] = t;
    upper[pairs++] = active;
  }
  state.active = active;
  // Together, so that each column is read once.
  cache.swap(lower, upper, pairs);
}

/** Works the derivatives of the rows set aside out anew and takes them back. */
export function takeBack(state: DualState, cache: ColumnCache): void {
  const { rows, signs, b, v, active } = state;
  const size = b.length;
  if (active === size) return;
  for (let t = active; t < size; t++) v[t] = -signs[t]!;
  const scratch = new Float64Array(size);
  for (let s = 0; s < size; s++) {
    const weight = b[s]!;
    if (weight === 0) continue;
    const kept = cache.keeps(s);
    if (!kept) kernelSlice(rows, s, rows, scratch, active, size);
    const column = kept ? kernelColumn(state, cache, s, size) : scratch;
    for (let t = active; t < size; t++) v[t]! += weight * column[t]!;
  }
  state.active = size;
}
