import { type DualState, type DualViews, fieldPlaces } from './dual-state.ts';
import { swapCells } from './kernel-rows.ts';

/**
 * How far the conditions of optimality are violated: the least derivative among rows that may grow, the largest among rows that
 * may fall.
 */
export function reachOf(active: number, { v, b, low, high }: DualViews): { least: number; largest: number } {
  let least = Number.POSITIVE_INFINITY;
  let largest = Number.NEGATIVE_INFINITY;
  for (let t = 0; t < active; t++) {
    if (b[t]! < high[t]! && v[t]! < least) least = v[t]!;
    if (b[t]! > low[t]! && v[t]! > largest) largest = v[t]!;
  }
  return { least, largest };
}

/** Sets aside the rows at a bound that no row violates the conditions with. */
export function setAside(state: DualState): void {
  const views = state.views();
  const { v, b, low, high } = views;
  const { least, largest } = reachOf(state.active, views);
  const isIdle = (t: number) => (b[t]! >= high[t]! ? v[t]! < least : b[t]! <= low[t]! ? v[t]! > largest : false);
  const lower: number[] = [];
  const upper: number[] = [];
  let { active } = state;
  for (let t = 0; t < active; t++) {
    if (!isIdle(t)) continue;
    active--;
    while (active > t && isIdle(active)) active--;
    if (t === active) break;
    swapPlaces(state, views, t, active);
    lower.push(t);
    upper.push(active);
  }
  setActive(state, active);
  if (lower.length === 0) return;
  // Together, so that each column of the cache is read once.
  const { memory } = state;
  const places = memory.int32(2 * lower.length);
  places.view().set([...lower, ...upper]);
  memory.call('svmSwap', state.address, places.address, places.address + 4 * lower.length, lower.length);
  memory.release(places);
}

/** Exchanges two rows everywhere but in the columns of the kernel. */
function swapPlaces(state: DualState, views: DualViews, a: number, z: number): void {
  swapCells(views.cells, state.columns, a, z);
  const { halves, low, high, diagonal, b, v } = views;
  for (const values of [halves, low, high, diagonal, b, v]) swapEntries(values, a, z);
  swapEntries(state.linear, a, z);
  swapEntries(state.origin, a, z);
}

function swapEntries(values: Float64Array | Int32Array | Int8Array, a: number, z: number): void {
  const held = values[a]!;
  values[a] = values[z]!;
  values[z] = held;
}

export function setActive(state: DualState, active: number): void {
  state.active = active;
  state.views().fields[fieldPlaces.active] = active;
}

/** Kernel values between two breaths. */
const BREATH_CELLS = 1 << 24;

/** Works the derivatives of the rows set aside out anew and takes them back. */
export async function takeBack(state: DualState, breathe: () => Promise<void>): Promise<void> {
  const { active, size, memory, address, spare, columns } = state;
  if (active === size) return;
  const { v } = state.views();
  for (let t = active; t < size; t++) v[t] = -state.linear[t]!;
  const stride = Math.max(1, Math.floor(BREATH_CELLS / (size * Math.max(1, columns))));
  for (let from = 0; from < size; from += stride) {
    memory.call('svmTakeBack', address, size, from, Math.min(size, from + stride), spare.address);
    await breathe();
  }
  setActive(state, size);
}
