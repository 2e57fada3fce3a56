/** Sums of a node's rows by bin; only bins that hold rows of the node are looked at, which makes small nodes cheap. */

/** Rows below which a bit is set a row; above, a byte is, which does not wait for the byte before. */
const FEW_ROWS: i32 = 32;

/** The node's weights and the offsets of their classes' sums, side by side, then its costs, if any: all features read them. */
export function gather(
  node: usize,
  labels: usize,
  bag: usize,
  list: usize,
  costs: usize,
  classes: i32,
  target: usize,
): void {
  const begin = load<i32>(node, 16);
  const end = load<i32>(node, 20);
  let at = target;
  for (let i = begin; i < end; i++) {
    const r = <usize>load<i32>(list + ((<usize>i) << 2));
    store<f64>(at, load<f64>(bag + (r << 3)));
    store<i32>(at, (<i32>load<u16>(labels + (r << 1))) << 3, 8);
    at += 16;
  }
  if (costs == 0) return;
  const line = (<usize>classes) << 3;
  for (let i = begin; i < end; i++) {
    memory.copy(at, costs + <usize>load<i32>(list + ((<usize>i) << 2)) * line, line);
    at += line;
  }
}

/** Adds the costs of the node's rows to the sums of their bins, behind those of the classes. */
function addCosts(begin: i32, end: i32, feature: usize, line: usize, list: usize, from: usize, sums: usize): void {
  const bytes = <usize>load<i32>(feature);
  const stride = <usize>load<i32>(feature, 4);
  const bins = load<i32>(feature, 12);
  const ordinary = load<i32>(feature, 16);
  for (let i = begin; i < end; i++) {
    let bin = <i32>load<u8>(bytes + <usize>load<i32>(list + ((<usize>i) << 2)) * stride);
    if (ordinary >= 0) {
      bin -= load<i32>(feature, 8);
      bin = bin < 0 || bin >= bins - 1 ? ordinary : bin >= ordinary ? bin + 1 : bin;
    }
    const to = sums + <usize>bin * 2 * line + line;
    for (let k: usize = 0; k < line; k += 8) store<f64>(to + k, load<f64>(to + k) + load<f64>(from + k));
    from += line;
  }
}

/**
 * Sums of the occupied bins, of classes and with `costs` of each decision's cost; `cells` begins with a bit a bin, then a byte a bin. Sums must be 0 before, see
 * `clearCells`. Returns how many bins are occupied.
 */
export function fillCells(
  node: usize,
  feature: usize,
  classes: i32,
  costs: bool,
  list: usize,
  held: usize,
  cells: usize,
): i32 {
  const bytes = <usize>load<i32>(feature);
  const stride = <usize>load<i32>(feature, 4);
  const first = load<i32>(feature, 8);
  const bins = load<i32>(feature, 12);
  const ordinary = load<i32>(feature, 16);
  const line = (<usize>classes) << 3;
  const width: usize = costs ? 2 * line : line;
  const flags = cells + 32;
  const sums = cells + 288;
  const begin = load<i32>(node, 16);
  const end = load<i32>(node, 20);
  const few = end - begin < FEW_ROWS;
  if (few) {
    v128.store(cells, i64x2.splat(0));
    v128.store(cells, i64x2.splat(0), 16);
  } else memory.fill(flags, 0, 256);
  let from = held;
  for (let i = begin; i < end; i++) {
    const r = <usize>load<i32>(list + ((<usize>i) << 2));
    let bin = <i32>load<u8>(bytes + r * stride);
    if (ordinary >= 0) {
      bin -= first;
      bin = bin < 0 || bin >= bins - 1 ? ordinary : bin >= ordinary ? bin + 1 : bin;
    }
    if (few) {
      const word = cells + ((<usize>(bin >> 6)) << 3);
      store<u64>(word, load<u64>(word) | ((<u64>1) << (<u64>(bin & 63))));
    } else store<u8>(flags + <usize>bin, 1);
    const at = sums + <usize>bin * width + <usize>load<i32>(from, 8);
    store<f64>(at, load<f64>(at) + load<f64>(from));
    from += 16;
  }
  if (costs) addCosts(begin, end, feature, line, list, from, sums);
  let occupied: i32 = 0;
  for (let word: usize = 0; word < 4; word++) {
    let bits = few ? load<u64>(cells + (word << 3)) : 0;
    for (let part: usize = 0; part < 8 && !few; part++) {
      // Eight bytes of 0 or 1 become eight bits.
      const eight = load<u64>(flags + (word << 6) + (part << 3));
      bits |= ((eight * 0x0102040810204080) >> 56) << (<u64>(part << 3));
    }
    store<u64>(cells + (word << 3), bits);
    occupied += <i32>popcnt<u64>(bits);
  }
  return occupied;
}

/** Sets the sums of the occupied bins to 0. */
export function clearCells(cells: usize, sums: i32): void {
  const width = (<usize>sums) << 3;
  for (let bin = nextOccupied(cells, 0); bin >= 0; bin = nextOccupied(cells, bin + 1)) {
    memory.fill(cells + 288 + <usize>bin * width, 0, width);
  }
}

export function nextOccupied(cells: usize, from: i32): i32 {
  let word = from >> 6;
  if (word > 3) return -1;
  let bits = load<u64>(cells + ((<usize>word) << 3)) & (u64.MAX_VALUE << (<u64>(from & 63)));
  while (bits == 0) {
    if (++word > 3) return -1;
    bits = load<u64>(cells + ((<usize>word) << 3));
  }
  return (word << 6) + <i32>ctz<u64>(bits);
}

// @inline
export function holds(cells: usize, bin: i32): bool {
  return ((load<u64>(cells + ((<usize>(bin >> 6)) << 3)) >> <u64>(bin & 63)) & 1) != 0;
}
