/** Keeps the columns of a symmetric matrix that were used last; columns and their entries are counted alike and may be swapped. */
export interface ColumnCache {
  /** Column `i`, valid in 0 .. length - 1; `fill` computes its entries `from` to `to - 1`. */
  column(i: number, length: number, fill: (target: Float64Array, from: number, to: number) => void): Float64Array;
  /** Whether column `i` is here, or would not push another out. */
  keeps(i: number): boolean;
  /**
   * Exchanges rows and columns: `lower[p]` with `upper[p]`, for all p below `pairs`. No place occurs twice and every lower one lies below
   * every upper one.
   */
  swap(lower: Int32Array, upper: Int32Array, pairs: number): void;
}

const NONE = -1;

/** For a matrix of `size` rows, at most so many bytes but always room for two columns. */
export function columnCache(size: number, bytes: number): ColumnCache {
  const most = Math.min(size, Math.max(2, Math.floor(bytes / (8 * Math.max(1, size)))));
  const columns: Float64Array[] = [];
  const lengths: number[] = [];
  const keys: number[] = [];
  const slotOf = new Int32Array(size).fill(NONE);
  // A ring of slots, the one used longest ago at its start; the last place stands for start and end.
  const before = new Int32Array(most + 1).fill(most);
  const after = new Int32Array(most + 1).fill(most);

  const unlink = (slot: number) => {
    after[before[slot]!] = after[slot]!;
    before[after[slot]!] = before[slot]!;
  };
  const append = (slot: number) => {
    const last = before[most]!;
    before[slot] = last;
    after[slot] = most;
    after[last] = slot;
    before[most] = slot;
  };

  const slotFor = (i: number): number => {
    const known = slotOf[i]!;
    if (known !== NONE) {
      unlink(known);
      append(known);
      return known;
    }
    let slot = columns.length;
    if (slot < most) {
      columns.push(new Float64Array(size));
      lengths.push(0);
      keys.push(i);
    } else {
      slot = after[most]!;
      unlink(slot);
      slotOf[keys[slot]!] = NONE;
      lengths[slot] = 0;
      keys[slot] = i;
    }
    slotOf[i] = slot;
    append(slot);
    return slot;
  };

  return {
    column(i, length, fill) {
      const slot = slotFor(i);
      const column = columns[slot]!;
      if (lengths[slot]! < length) {
        fill(column, lengths[slot]!, length);
        lengths[slot] = length;
      }
      return column;
    },
    keeps: (i) => slotOf[i] !== NONE || columns.length < most,
    swap(lower, upper, pairs) {
      for (let slot = 0; slot < columns.length; slot++) {
        lengths[slot] = swapEntries(columns[slot]!, lengths[slot]!, lower, upper, pairs);
      }
      for (let p = 0; p < pairs; p++) {
        const low = lower[p]!;
        const high = upper[p]!;
        const slotLow = slotOf[low]!;
        const slotHigh = slotOf[high]!;
        slotOf[low] = slotHigh;
        slotOf[high] = slotLow;
        if (slotLow !== NONE) keys[slotLow] = high;
        if (slotHigh !== NONE) keys[slotHigh] = low;
      }
    },
  };
}

/** Gives how many entries are valid afterwards: those before the first that came from beyond the valid ones. */
function swapEntries(
  column: Float64Array,
  length: number,
  lower: Int32Array,
  upper: Int32Array,
  pairs: number,
): number {
  let valid = length;
  for (let p = 0; p < pairs; p++) {
    const low = lower[p]!;
    const high = upper[p]!;
    if (high >= length && low < valid) valid = low;
    const held = column[low]!;
    column[low] = column[high]!;
    column[high] = held;
  }
  return valid;
}
