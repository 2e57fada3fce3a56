import { logPair } from './elementary';

/**
 * Classification trees: a task grows a whole tree, so that a forest's trees grow side by side.
 *
 * Weights are whole numbers in float64 (fixed point), their sums below 2^53, so every sum is exact. Only bins that hold rows
 * of the node are looked at, which makes small nodes cheap.
 */
const FEATURE_BYTES: usize = 64;
const NODE_BYTES: usize = 48;
const ENTROPY: i32 = 1;
/** Rows below which a bit is set a row; above, a byte is, which does not wait for the byte before. */
const FEW_ROWS: i32 = 32;

/** Parameters of a forest as float64, by place. */
// @inline
function setting(settings: usize, index: usize): f64 {
  return load<f64>(settings + (index << 3));
}

/** xoroshiro128+ (Blackman and Vigna), as the random streams of the library. */
let stateA: u64 = 0;
let stateB: u64 = 0;
/** The threshold drawn last, for random thresholds. */
let drawnThreshold: f64 = 0;

function draw(): u64 {
  const a = stateA;
  let b = stateB;
  const result = a + b;
  b ^= a;
  stateA = rotl<u64>(a, 24) ^ b ^ (b << 16);
  stateB = rotl<u64>(b, 37);
  return result;
}

/** Uniform in 0 ... n - 1; the bias of at most n / 2^32 is far below what sampling shows. */
// @inline
function drawBelow(n: u32): u32 {
  return <u32>(((draw() >> 32) * <u64>n) >> 32);
}

// @inline
function drawUniform(): f64 {
  return <f64>(draw() >> 11) * 1.1102230246251565e-16;
}

/**
 * Task: a tree. Its slot (`slots + task * slotBytes`): 16 bytes of seed, then written: number of nodes (i32) at 16, nodes at
 * 64, their class sums behind `maxNodes` nodes, then the rows' list, a second list, weights of the bag, a stack.
 *
 * Settings: rows, classes, features, features looked at, draws (0: no bootstrap, -1: bags given, else their number),
 * criterion, deepest, least weight of a leaf, random thresholds, address of the cumulative counts for draws (0: uniform over
 * rows) or of the bags, most nodes.
 * Feature: address of its first cell, stride, first byte, bins, default bin, missing bin, address of bin ranges.
 */
export function growClassTree(
  task: i32,
  thread: i32,
  slots: usize,
  slotBytes: usize,
  settings: usize,
  features: usize,
  labels: usize,
  weights: usize,
  scratch: usize,
  scratchBytes: usize,
): void {
  const slot = slots + <usize>task * slotBytes;
  stateA = load<u64>(slot);
  stateB = load<u64>(slot, 8);
  const rows = <i32>setting(settings, 0);
  const classes = <i32>setting(settings, 1);
  const maxNodes = <usize>setting(settings, 10);
  const nodes = slot + 64;
  const sums = nodes + maxNodes * NODE_BYTES;
  const list = sums + ((maxNodes * <usize>classes) << 3);
  const spare = list + ((<usize>((rows + 1) & ~1)) << 2);
  const bag = spare + ((<usize>((rows + 1) & ~1)) << 2);
  const stack = bag + ((<usize>rows) << 3);
  const work = scratch + <usize>thread * scratchBytes;
  const given = setting(settings, 4) < 0;
  const count = given ? takeBag(settings, task, bag, list) : drawBag(settings, labels, weights, bag, list, spare);
  store<i32>(slot, 1, 16);
  openNode(nodes, 0, 0, count, 0);
  sumClasses(list, 0, count, classes, labels, bag, sums);
  store<i32>(stack, 0);
  let depth: i32 = 1;
  while (depth > 0) {
    depth--;
    const id = <usize>load<i32>(stack + ((<usize>depth) << 2));
    const node = nodes + id * NODE_BYTES;
    const nodeSums = sums + ((id * <usize>classes) << 3);
    if (!splitNode(node, nodeSums, settings, features, labels, bag, list, work)) continue;
    const next = <usize>load<i32>(slot, 16);
    if (next + 2 > maxNodes) {
      store<i32>(node, -1);
      store<f64>(node, 0, 40);
      continue;
    }
    const begin = load<i32>(node, 16);
    const end = load<i32>(node, 20);
    const middle = part(node, features, list, spare, begin, end);
    store<i32>(node, <i32>next, 8);
    store<i32>(node, <i32>next + 1, 12);
    store<i32>(slot, <i32>next + 2, 16);
    const level = load<i32>(node, 24) + 1;
    openNode(nodes, next, begin, middle, level);
    openNode(nodes, next + 1, middle, end, level);
    const left = sums + ((next * <usize>classes) << 3);
    const right = left + ((<usize>classes) << 3);
    sumClasses(list, begin, middle, classes, labels, bag, left);
    for (let k: usize = 0; k < <usize>classes; k++) {
      store<f64>(right + (k << 3), load<f64>(nodeSums + (k << 3)) - load<f64>(left + (k << 3)));
    }
    store<i32>(stack + ((<usize>depth) << 2), <i32>next + 1);
    store<i32>(stack + ((<usize>depth) << 2), <i32>next, 4);
    depth += 2;
  }
}

/** Node: feature -1, last bin left, left, right, begin, end, depth, missing left, threshold, gain. */
function openNode(nodes: usize, id: usize, begin: i32, end: i32, depth: i32): void {
  const node = nodes + id * NODE_BYTES;
  memory.fill(node, 0, NODE_BYTES);
  store<i32>(node, -1);
  store<i32>(node, -1, 8);
  store<i32>(node, -1, 12);
  store<i32>(node, begin, 16);
  store<i32>(node, end, 20);
  store<i32>(node, depth, 24);
}

/** A task's bag as given: addresses of its rows (ascending) and of their weights, and their number. */
function takeBag(settings: usize, task: i32, bag: usize, list: usize): i32 {
  const entry = <usize>setting(settings, 9) + ((<usize>task) << 4);
  const rows = <usize>load<i32>(entry);
  const weights = <usize>load<i32>(entry, 4);
  const count = load<i32>(entry, 8);
  memory.fill(bag, 0, (<usize>setting(settings, 0)) << 3);
  memory.copy(list, rows, (<usize>count) << 2);
  for (let i: usize = 0; i < <usize>count; i++) {
    const r = <usize>load<i32>(rows + (i << 2));
    store<f64>(bag + (r << 3), load<f64>(weights + (i << 3)));
  }
  return count;
}

/** Weights of the bag's rows, 0 outside; lists the rows inside. A class that the draws missed gets a row of its own. */
function drawBag(settings: usize, labels: usize, weights: usize, bag: usize, list: usize, spare: usize): i32 {
  const rows = <i32>setting(settings, 0);
  const classes = <i32>setting(settings, 1);
  const draws = <u32>setting(settings, 4);
  const cumulative = <usize>setting(settings, 9);
  if (draws == 0) memory.copy(bag, weights, (<usize>rows) << 3);
  else {
    memory.fill(bag, 0, (<usize>rows) << 3);
    for (let i: u32 = 0; i < draws; i++) {
      let row = <usize>drawBelow(draws);
      if (cumulative != 0) row = rowAt(cumulative, rows, <f64>row);
      addRow(bag, weights, row, cumulative != 0);
    }
    for (let k: i32 = 0; k < classes; k++) {
      let members: i32 = 0;
      let held = false;
      for (let r: i32 = 0; r < rows && !held; r++) {
        if (load<u8>(labels + <usize>r) != <u8>k) continue;
        store<i32>(spare + ((<usize>members) << 2), r);
        members++;
        held = load<f64>(bag + ((<usize>r) << 3)) != 0;
      }
      if (held || members == 0) continue;
      const row = <usize>load<i32>(spare + ((<usize>drawBelow(<u32>members)) << 2));
      addRow(bag, weights, row, cumulative != 0);
    }
  }
  let count: i32 = 0;
  for (let r: i32 = 0; r < rows; r++) {
    if (load<f64>(bag + ((<usize>r) << 3)) == 0) continue;
    store<i32>(list + ((<usize>count) << 2), r);
    count++;
  }
  return count;
}

// @inline
function addRow(bag: usize, weights: usize, row: usize, single: bool): void {
  const at = bag + (row << 3);
  store<f64>(at, load<f64>(at) + (single ? 1 : load<f64>(weights + (row << 3))));
}

/** The first row whose cumulative count is above `place`. */
function rowAt(cumulative: usize, rows: i32, place: f64): usize {
  let low: i32 = 0;
  let high = rows - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (load<f64>(cumulative + ((<usize>middle) << 3)) > place) high = middle;
    else low = middle + 1;
  }
  return <usize>low;
}

function sumClasses(list: usize, begin: i32, end: i32, classes: i32, labels: usize, bag: usize, sums: usize): void {
  memory.fill(sums, 0, (<usize>classes) << 3);
  for (let i = begin; i < end; i++) {
    const r = <usize>load<i32>(list + ((<usize>i) << 2));
    const at = sums + ((<usize>load<u8>(labels + r)) << 3);
    store<f64>(at, load<f64>(at) + load<f64>(bag + (r << 3)));
  }
}

// @inline
function xLogX(x: f64): f64 {
  return x > 0 ? x * f64x2.extract_lane(logPair(f64x2.splat(x)), 0) : 0;
}

/** Larger for purer sides; what a split adds to it is total weight times what it takes off the impurity. */
function purity(sums: usize, classes: i32, total: f64, criterion: i32): f64 {
  let score: f64 = 0;
  if (criterion == ENTROPY) {
    for (let k: usize = 0; k < <usize>classes; k++) score += xLogX(load<f64>(sums + (k << 3)));
    return score - xLogX(total);
  }
  for (let k: usize = 0; k < <usize>classes; k++) {
    const x = load<f64>(sums + (k << 3));
    score += x * x;
  }
  return score / total;
}

/**
 * Finds the node's best split among features drawn one after another (in order where all are looked at); constant ones do not
 * count. Scratch: order of features, occupied bins, cells of 256 bins, class sums of both sides.
 */
function splitNode(
  node: usize,
  nodeSums: usize,
  settings: usize,
  features: usize,
  labels: usize,
  bag: usize,
  list: usize,
  work: usize,
): bool {
  const classes = <i32>setting(settings, 1);
  const featureCount = <i32>setting(settings, 2);
  const wanted = <i32>setting(settings, 3);
  const criterion = <i32>setting(settings, 5);
  if (load<i32>(node, 20) - load<i32>(node, 16) < 2 || <f64>load<i32>(node, 24) >= setting(settings, 6)) return false;
  let total: f64 = 0;
  let most: f64 = 0;
  for (let k: usize = 0; k < <usize>classes; k++) {
    const x = load<f64>(nodeSums + (k << 3));
    total += x;
    most = max(most, x);
  }
  const least = setting(settings, 7);
  if (most == total || total < 2 * least) return false;
  store<f64>(node, -Infinity, 40);
  const order = work;
  for (let f: i32 = 0; f < featureCount; f++) store<i32>(order + ((<usize>f) << 2), f);
  const cells = work + ((<usize>((featureCount + 1) & ~1)) << 2);
  const held = cells + 288 + 258 * ((<usize>classes) << 3);
  gather(node, labels, bag, list, held);
  let seen: i32 = 0;
  for (let i: i32 = 0; i < featureCount && seen < wanted; i++) {
    if (wanted < featureCount) {
      const j = i + <i32>drawBelow(<u32>(featureCount - i));
      const other = load<i32>(order + ((<usize>i) << 2));
      store<i32>(order + ((<usize>i) << 2), load<i32>(order + ((<usize>j) << 2)));
      store<i32>(order + ((<usize>j) << 2), other);
    }
    const f = load<i32>(order + ((<usize>i) << 2));
    const feature = features + <usize>f * FEATURE_BYTES;
    const occupied = fillCells(node, feature, classes, list, held, cells);
    if (occupied < 2) {
      clearCells(cells, classes);
      continue;
    }
    seen++;
    const missing = load<i32>(feature, 20);
    const missed = missing >= 0 && holds(cells, missing);
    const random = setting(settings, 8) != 0;
    const sides = missed ? 2 : 1;
    for (let side: i32 = 0; side < sides; side++) {
      searchFeature(node, f, feature, nodeSums, classes, criterion, least, total, cells, side, missed, random);
    }
    clearCells(cells, classes);
  }
  const found = load<f64>(node, 40) > -Infinity;
  if (!found) {
    store<f64>(node, 0, 40);
    return false;
  }
  store<f64>(node, load<f64>(node, 40) - purity(nodeSums, classes, total, criterion), 40);
  return true;
}

// @inline
function holds(cells: usize, bin: i32): bool {
  return ((load<u64>(cells + ((<usize>(bin >> 6)) << 3)) >> <u64>(bin & 63)) & 1) != 0;
}

/** The node's weights and the offsets of their classes' sums, side by side: all features read them. */
function gather(node: usize, labels: usize, bag: usize, list: usize, target: usize): void {
  const end = load<i32>(node, 20);
  let at = target;
  for (let i = load<i32>(node, 16); i < end; i++) {
    const r = <usize>load<i32>(list + ((<usize>i) << 2));
    store<f64>(at, load<f64>(bag + (r << 3)));
    store<i32>(at, (<i32>load<u8>(labels + r)) << 3, 8);
    at += 16;
  }
}

/**
 * Class sums of the occupied bins; `cells` begins with a bit a bin, then a byte a bin. Sums must be 0 before, see
 * `clearCells`. Returns how many bins are occupied.
 */
function fillCells(node: usize, feature: usize, classes: i32, list: usize, held: usize, cells: usize): i32 {
  const bytes = <usize>load<i32>(feature);
  const stride = <usize>load<i32>(feature, 4);
  const first = load<i32>(feature, 8);
  const bins = load<i32>(feature, 12);
  const ordinary = load<i32>(feature, 16);
  const width = (<usize>classes) << 3;
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
function clearCells(cells: usize, classes: i32): void {
  const width = (<usize>classes) << 3;
  for (let bin = nextOccupied(cells, 0); bin >= 0; bin = nextOccupied(cells, bin + 1)) {
    memory.fill(cells + 288 + <usize>bin * width, 0, width);
  }
}

function nextOccupied(cells: usize, from: i32): i32 {
  let word = from >> 6;
  if (word > 3) return -1;
  let bits = load<u64>(cells + ((<usize>word) << 3)) & (u64.MAX_VALUE << (<u64>(from & 63)));
  while (bits == 0) {
    if (++word > 3) return -1;
    bits = load<u64>(cells + ((<usize>word) << 3));
  }
  return (word << 6) + <i32>ctz<u64>(bits);
}

function searchFeature(
  node: usize,
  f: i32,
  feature: usize,
  nodeSums: usize,
  classes: i32,
  criterion: i32,
  least: f64,
  total: f64,
  cells: usize,
  missingLeft: i32,
  missed: bool,
  random: bool,
): void {
  const missing = load<i32>(feature, 20);
  const width = (<usize>classes) << 3;
  const left = cells + 288 + 256 * width;
  const right = left + width;
  memory.fill(left, 0, width);
  memory.copy(right, nodeSums, width);
  let leftTotal: f64 = 0;
  if (missingLeft != 0) leftTotal = move(cells, missing, classes, left, right, 0);
  let last = nextOccupied(cells, missing >= 0 ? 1 : 0);
  if (last < 0) return;
  const wanted = random ? randomBin(cells, feature, last) : -1;
  while (last >= 0) {
    const next = nextOccupied(cells, last + 1);
    if (next < 0 && (missingLeft != 0 || !missed)) return;
    leftTotal = move(cells, last, classes, left, right, leftTotal);
    const rightTotal = total - leftTotal;
    if ((!random || last == wanted || next < 0) && leftTotal >= least && rightTotal >= least && rightTotal > 0) {
      const score = purity(left, classes, leftTotal, criterion) + purity(right, classes, rightTotal, criterion);
      if (score > load<f64>(node, 40)) keepSplit(node, f, feature, last, next, missingLeft, score, random);
    }
    last = next;
  }
}

/** Moves a bin's sums from right to left; returns the left side's total. */
// @inline
function move(cells: usize, bin: i32, classes: i32, left: usize, right: usize, leftTotal: f64): f64 {
  const cell = cells + 288 + ((<usize>bin * <usize>classes) << 3);
  let total = leftTotal;
  for (let k: usize = 0; k < <usize>classes; k++) {
    const x = load<f64>(cell + (k << 3));
    total += x;
    store<f64>(left + (k << 3), load<f64>(left + (k << 3)) + x);
    store<f64>(right + (k << 3), load<f64>(right + (k << 3)) - x);
  }
  return total;
}

// @inline
function lowOf(feature: usize, bin: i32): f64 {
  return load<f64>(<usize>load<i32>(feature, 24) + ((<usize>bin) << 4));
}

// @inline
function highOf(feature: usize, bin: i32): f64 {
  return load<f64>(<usize>load<i32>(feature, 24) + ((<usize>bin) << 4), 8);
}

/** The last occupied bin on the left of a threshold drawn uniformly between the node's least and greatest value. */
function randomBin(cells: usize, feature: usize, first: i32): i32 {
  let end = first;
  for (let bin = first; bin >= 0; bin = nextOccupied(cells, bin + 1)) end = bin;
  const low = lowOf(feature, first);
  const drawn = drawUniform();
  if (end == first) return -1;
  const threshold = low + drawn * (lowOf(feature, end) - low);
  drawnThreshold = threshold;
  let last = first;
  for (
    let bin = first;
    bin >= 0 && bin != end && highOf(feature, bin) <= threshold;
    bin = nextOccupied(cells, bin + 1)
  ) {
    last = bin;
  }
  return last;
}

/** Keeps a split; its threshold is that of `splitRule`. */
function keepSplit(
  node: usize,
  f: i32,
  feature: usize,
  last: i32,
  next: i32,
  missingLeft: i32,
  score: f64,
  random: bool,
): void {
  let through = last;
  let threshold = f64.MAX_VALUE;
  if (next < 0) through = load<i32>(feature, 12) - 1;
  else {
    threshold = halfway(highOf(feature, last), lowOf(feature, next));
    // A drawn threshold stands where no bin lies across it.
    if (random) threshold = max(drawnThreshold, highOf(feature, last));
    while (through + 1 < next && highOf(feature, through + 1) <= threshold) through++;
    if (lowOf(feature, through + 1) <= threshold) {
      threshold = halfway(highOf(feature, through), lowOf(feature, through + 1));
    }
  }
  store<i32>(node, f);
  store<i32>(node, through, 4);
  store<i32>(node, missingLeft, 28);
  store<f64>(node, threshold, 32);
  store<f64>(node, score, 40);
}

// @inline
function halfway(low: f64, high: f64): f64 {
  const middle = low / 2 + high / 2;
  return middle >= low && middle < high ? middle : low;
}

/** Whether a row's byte goes left at a node. */
// @inline
function goesLeft(node: usize, feature: usize, byte: i32): bool {
  let bin = byte;
  const ordinary = load<i32>(feature, 16);
  if (ordinary >= 0) {
    const bins = load<i32>(feature, 12);
    bin -= load<i32>(feature, 8);
    bin = bin < 0 || bin >= bins - 1 ? ordinary : bin >= ordinary ? bin + 1 : bin;
  }
  if (bin == load<i32>(feature, 20)) return load<i32>(node, 28) != 0;
  return bin <= load<i32>(node, 4);
}

/** Puts the node's left rows before its right ones, each in order; returns where the right ones begin. */
function part(node: usize, features: usize, list: usize, spare: usize, begin: i32, end: i32): i32 {
  const feature = features + <usize>load<i32>(node) * FEATURE_BYTES;
  const bytes = <usize>load<i32>(feature);
  const stride = <usize>load<i32>(feature, 4);
  let left = begin;
  let right: i32 = 0;
  for (let i = begin; i < end; i++) {
    const r = load<i32>(list + ((<usize>i) << 2));
    const byte = <i32>load<u8>(bytes + <usize>r * stride);
    if (goesLeft(node, feature, byte)) {
      store<i32>(list + ((<usize>left) << 2), r);
      left++;
    } else {
      store<i32>(spare + ((<usize>right) << 2), r);
      right++;
    }
  }
  memory.copy(list + ((<usize>left) << 2), spare, (<usize>right) << 2);
  return left;
}

/**
 * Task: one block of rows. Adds to `sums` (rows x classes) and `counts` the leaves of the rows that the slot's tree was not
 * grown on, as shares of the classes.
 */
export function addOutOfBag(
  task: i32,
  thread: i32,
  slot: usize,
  settings: usize,
  features: usize,
  blockRows: i32,
  sums: usize,
  counts: usize,
): void {
  const rows = <i32>setting(settings, 0);
  const classes = <usize>setting(settings, 1);
  const maxNodes = <usize>setting(settings, 10);
  const nodes = slot + 64;
  const nodeSums = nodes + maxNodes * NODE_BYTES;
  const bag = nodeSums + ((maxNodes * classes) << 3) + ((<usize>((rows + 1) & ~1)) << 3);
  const end = min<i32>(rows, (task + 1) * blockRows);
  for (let r = <usize>(task * blockRows); r < <usize>end; r++) {
    if (load<f64>(bag + (r << 3)) != 0) continue;
    let id: usize = 0;
    let node = nodes;
    while (load<i32>(node, 8) >= 0) {
      const feature = features + <usize>load<i32>(node) * FEATURE_BYTES;
      const byte = <i32>load<u8>(<usize>load<i32>(feature) + r * <usize>load<i32>(feature, 4));
      id = <usize>load<i32>(goesLeft(node, feature, byte) ? node + 8 : node + 12);
      node = nodes + id * NODE_BYTES;
    }
    const leaf = nodeSums + ((id * classes) << 3);
    let total: f64 = 0;
    for (let k: usize = 0; k < classes; k++) total += load<f64>(leaf + (k << 3));
    const target = sums + ((r * classes) << 3);
    for (let k: usize = 0; k < classes; k++) {
      store<f64>(target + (k << 3), load<f64>(target + (k << 3)) + load<f64>(leaf + (k << 3)) / total);
    }
    store<i32>(counts + (r << 2), load<i32>(counts + (r << 2)) + 1);
  }
}
