/**
 * The best split of a node by each feature, from the node's histogram.
 *
 * Gain of a split with leaf values v = -G / (H + L2), G shrunk towards 0 by L1: the fall of sum_leaf(G v + (H + L2) v^2 / 2
 * + L1 |v|), times two. Candidates lie between bins that hold rows of the node; the first of equal ones wins.
 */

/**
 * Bytes of a feature's description: place of its column's histogram in bytes, first byte, bins, place of the default bin or
 * -1, missing bin, kind, monotone, and 1 where the histogram is a digit's.
 */
const FEATURE_BYTES: usize = 32;
/**
 * Bytes of a found split: gain f64; last bin left, first bin right, missing left, whether rows miss the value (i32); left sums
 * (two i64); at 48 the bin set.
 */
const SPLIT_BYTES: usize = 80;

const CATEGORICAL: i32 = 1;

/** What the search obeys, written by the caller: see `split-search.ts`. */
// @inline
function parameter(parameters: usize, index: usize): f64 {
  return load<f64>(parameters + (index << 3));
}

// @inline
function shrunk(g: f64, l1: f64): f64 {
  if (l1 == 0) return g;
  return g > l1 ? g - l1 : g < -l1 ? g + l1 : 0;
}

// @inline
function score(g: f64, h: f64, l1: f64, l2: f64): f64 {
  const s = shrunk(g, l1);
  return (s * s) / (h + l2);
}

/** Scores of both sides, in one division. */
// @inline
function scores(leftG: f64, leftH: f64, rightG: f64, rightH: f64, l1: f64, l2: f64): f64 {
  const s = f64x2.replace_lane(f64x2.splat(shrunk(leftG, l1)), 1, shrunk(rightG, l1));
  const h = f64x2.add(f64x2.replace_lane(f64x2.splat(leftH), 1, rightH), f64x2.splat(l2));
  const both = f64x2.div(f64x2.mul(s, s), h);
  return f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
}

/** Twice the objective's fall with the value held between bounds. */
function boundedScore(g: f64, h: f64, l1: f64, l2: f64, value: f64): f64 {
  return -(2 * g * value + (h + l2) * value * value + 2 * l1 * abs(value));
}

// @inline
function bounded(g: f64, h: f64, l1: f64, l2: f64, low: f64, high: f64): f64 {
  return min(max(-shrunk(g, l1) / (h + l2), low), high);
}

function boundedGain(
  leftG: f64,
  leftH: f64,
  rightG: f64,
  rightH: f64,
  l1: f64,
  l2: f64,
  low: f64,
  high: f64,
  monotone: i32,
): f64 {
  const left = bounded(leftG, leftH, l1, l2, low, high);
  const right = bounded(rightG, rightH, l1, l2, low, high);
  if (monotone > 0 ? left > right : monotone < 0 && left < right) return -Infinity;
  return boundedScore(leftG, leftH, l1, l2, left) + boundedScore(rightG, rightH, l1, l2, right);
}

/**
 * Task: `share` of the pairs (node, one of the `chosenCount` features listed for it in `chosen`), feature fastest, `pairs` in
 * all. A node has 64 bytes: address of its histogram and of its digits' (i32), at 16 its sums (two i64), at 32 the bounds of
 * its value (two f64). Writes the split to `splits + pair * SPLIT_BYTES`. Scratch a thread: 8192 bytes.
 */
export function findSplits(
  task: i32,
  thread: i32,
  nodes: usize,
  chosen: usize,
  chosenCount: i32,
  features: usize,
  parameters: usize,
  splits: usize,
  scratch: usize,
  pairs: i32,
  share: i32,
): void {
  const end = min<i32>(pairs, (task + 1) * share);
  const own = scratch + ((<usize>thread) << 13);
  for (let pair = task * share; pair < end; pair++) {
    const node = nodes + ((<usize>(pair / chosenCount)) << 6);
    const feature = features + <usize>load<i32>(chosen + ((<usize>pair) << 2)) * FEATURE_BYTES;
    findSplit(node, feature, parameters, splits + <usize>pair * SPLIT_BYTES, own);
  }
}

function findSplit(node: usize, feature: usize, parameters: usize, split: usize, scratch: usize): void {
  memory.fill(split, 0, SPLIT_BYTES);
  const kind = load<i32>(feature, 20);
  const missing = load<i32>(feature, 16);
  if (load<i32>(feature, 8) == 2 && missing < 0 && kind != CATEGORICAL) {
    searchPair(node, feature, parameters, split);
    return;
  }
  const cells = unpack(node, feature, scratch);
  const heldMissing = missing >= 0 ? load<i64>(cells + ((<usize>missing) << 4), 8) : 0;
  store<i32>(split, <i32>(heldMissing != 0), 20);
  if (kind == CATEGORICAL) {
    searchCategories(cells, node, feature, parameters, split, scratch + 4096);
    return;
  }
  searchOrdered(cells, node, feature, parameters, split, 0);
  if (heldMissing != 0) searchOrdered(cells, node, feature, parameters, split, 1);
}

/** The histogram of the feature's column. */
// @inline
function columnOf(node: usize, feature: usize): usize {
  return <usize>load<i32>(node + ((<usize>load<i32>(feature, 28)) << 2)) + <usize>load<i32>(feature);
}

/** The one split of a feature of two bins. */
function searchPair(node: usize, feature: usize, parameters: usize, split: usize): void {
  const column = columnOf(node, feature);
  // That of the upper bin where both have a byte.
  const place = load<i32>(feature, 12);
  const cell = column + ((<usize>(place < 0 ? 1 : load<i32>(feature, 4))) << 4);
  const allG = load<i64>(node, 16);
  const allH = load<i64>(node, 24);
  const cellH = load<i64>(cell, 8);
  const leftIsCell = place == 1;
  const sumG = leftIsCell ? load<i64>(cell) : allG - load<i64>(cell);
  const sumH = leftIsCell ? cellH : allH - cellH;
  const restH = allH - sumH;
  const countShift = <i64>parameter(parameters, 2);
  const least = <i64>parameter(parameters, 5);
  if (cellH == 0 || sumH >> countShift < least || restH >> countShift < least) return;
  const unitG = parameter(parameters, 0);
  const unitH = parameter(parameters, 1);
  const l1 = parameter(parameters, 3);
  const l2 = parameter(parameters, 4);
  const leastH = parameter(parameters, 6);
  const mask = ((<i64>1) << countShift) - 1;
  const leftH = <f64>(sumH & mask) * unitH;
  const rightH = <f64>(restH & mask) * unitH;
  if (leftH < leastH || rightH < leastH) return;
  const leftG = <f64>sumG * unitG;
  const rightG = <f64>(allG - sumG) * unitG;
  const nodeG = <f64>allG * unitG;
  const nodeH = <f64>(allH & mask) * unitH;
  const monotone = load<i32>(feature, 24);
  const low = load<f64>(node, 32);
  const high = load<f64>(node, 40);
  let gain: f64;
  let base: f64;
  if (monotone == 0 && low == -Infinity && high == Infinity) {
    base = score(nodeG, nodeH, l1, l2);
    gain = scores(leftG, leftH, rightG, rightH, l1, l2);
  } else {
    base = boundedScore(nodeG, nodeH, l1, l2, bounded(nodeG, nodeH, l1, l2, low, high));
    gain = boundedGain(leftG, leftH, rightG, rightH, l1, l2, low, high, monotone);
  }
  if (gain > base + parameter(parameters, 7) && gain > base) keep(split, gain - base, 0, 1, 0, sumG, sumH);
}

/** The feature's own cells: in place if it has its column alone, else with its default bin as the rest of the node. */
function unpack(node: usize, feature: usize, target: usize): usize {
  const column = columnOf(node, feature);
  const place = load<i32>(feature, 12);
  if (place < 0) return column;
  const first = load<i32>(feature, 4);
  const bins = load<i32>(feature, 8);
  let rest = v128.load(node, 16);
  let from = column + ((<usize>first) << 4);
  for (let b: i32 = 0; b < bins; b++) {
    if (b == place) continue;
    const cell = v128.load(from);
    v128.store(target + ((<usize>b) << 4), cell);
    rest = i64x2.sub(rest, cell);
    from += 16;
  }
  v128.store(target + ((<usize>place) << 4), rest);
  return target;
}

function searchOrdered(
  cells: usize,
  node: usize,
  feature: usize,
  parameters: usize,
  split: usize,
  missingLeft: i32,
): void {
  const unitG = parameter(parameters, 0);
  const unitH = parameter(parameters, 1);
  const countShift = <i64>parameter(parameters, 2);
  const l1 = parameter(parameters, 3);
  const l2 = parameter(parameters, 4);
  const least = <i64>parameter(parameters, 5);
  const leastH = parameter(parameters, 6);
  const mask = ((<i64>1) << countShift) - 1;
  const bins = load<i32>(feature, 8);
  const missing = load<i32>(feature, 16);
  const monotone = load<i32>(feature, 24);
  const allG = load<i64>(node, 16);
  const allH = load<i64>(node, 24);
  const low = load<f64>(node, 32);
  const high = load<f64>(node, 40);
  const free = monotone == 0 && low == -Infinity && high == Infinity;
  let best = load<f64>(split);
  let sumG: i64 = 0;
  let sumH: i64 = 0;
  if (missingLeft != 0) {
    sumG = load<i64>(cells + ((<usize>missing) << 4));
    sumH = load<i64>(cells + ((<usize>missing) << 4), 8);
  }
  const nodeG = <f64>allG * unitG;
  const nodeH = <f64>(allH & mask) * unitH;
  const base = free
    ? score(nodeG, nodeH, l1, l2)
    : boundedScore(nodeG, nodeH, l1, l2, bounded(nodeG, nodeH, l1, l2, low, high));
  const floor = base + parameter(parameters, 7);
  let last: i32 = -1;
  // The bin before the one looked at is the last on the left; a candidate stands once the next filled bin is known.
  for (let b: i32 = 0; b < bins; b++) {
    if (b == missing) continue;
    const cell = cells + ((<usize>b) << 4);
    const h = load<i64>(cell, 8);
    if (h == 0) continue;
    if (last >= 0) {
      const restH = allH - sumH;
      if (restH >> countShift < least) break;
      const rightH = <f64>(restH & mask) * unitH;
      if (rightH < leastH) break;
      const leftH = <f64>(sumH & mask) * unitH;
      if (sumH >> countShift >= least && leftH >= leastH) {
        const leftG = <f64>sumG * unitG;
        const rightG = <f64>(allG - sumG) * unitG;
        const gain = free
          ? scores(leftG, leftH, rightG, rightH, l1, l2)
          : boundedGain(leftG, leftH, rightG, rightH, l1, l2, low, high, monotone);
        if (gain > floor && gain - base > best) {
          best = gain - base;
          keep(split, best, last, b, missingLeft, sumG, sumH);
        }
      }
    }
    sumG += load<i64>(cell);
    sumH += h;
    last = b;
  }
  // All values left, the missing ones right.
  if (missingLeft != 0 || missing < 0 || last < 0) return;
  const restH = load<i64>(cells + ((<usize>missing) << 4), 8);
  if (restH >> countShift < least || sumH >> countShift < least || restH == 0) return;
  const leftH = <f64>(sumH & mask) * unitH;
  const rightH = <f64>(restH & mask) * unitH;
  if (leftH < leastH || rightH < leastH) return;
  const leftG = <f64>sumG * unitG;
  const rightG = <f64>(allG - sumG) * unitG;
  const gain = free
    ? scores(leftG, leftH, rightG, rightH, l1, l2)
    : boundedGain(leftG, leftH, rightG, rightH, l1, l2, low, high, 0);
  if (gain > floor && gain - base > best) keep(split, gain - base, last, -1, 0, sumG, sumH);
}

function keep(split: usize, gain: f64, last: i32, next: i32, missingLeft: i32, g: i64, h: i64): void {
  store<f64>(split, gain);
  store<i32>(split, last, 8);
  store<i32>(split, next, 12);
  store<i32>(split, missingLeft, 16);
  store<i64>(split, g, 24);
  store<i64>(split, h, 32);
}

/**
 * Categories ordered by gradient ratio, each prefix and each suffix of at most `most` of them (parameter 10) against the
 * rest, with `smooth` (parameter 9) added to the Hessian of the order and extra L2 (parameter 8). Missing is one of them.
 */
function searchCategories(
  cells: usize,
  node: usize,
  feature: usize,
  parameters: usize,
  split: usize,
  order: usize,
): void {
  const unitG = parameter(parameters, 0);
  const unitH = parameter(parameters, 1);
  const countShift = <i64>parameter(parameters, 2);
  const l1 = parameter(parameters, 3);
  const plainL2 = parameter(parameters, 4);
  const l2 = plainL2 + parameter(parameters, 8);
  const least = <i64>parameter(parameters, 5);
  const leastH = parameter(parameters, 6);
  const smooth = parameter(parameters, 9);
  const most = <i32>parameter(parameters, 10);
  const mask = ((<i64>1) << countShift) - 1;
  const bins = load<i32>(feature, 8);
  const allG = load<i64>(node, 16);
  const allH = load<i64>(node, 24);
  const low = load<f64>(node, 32);
  const high = load<f64>(node, 40);
  let used: i32 = 0;
  for (let b: i32 = 0; b < bins; b++) {
    const h = load<i64>(cells + ((<usize>b) << 4), 8);
    if (h == 0) continue;
    const ratio = (<f64>load<i64>(cells + ((<usize>b) << 4)) * unitG) / (<f64>(h & mask) * unitH + smooth);
    let place = used++;
    while (place > 0 && load<f64>(order + ((<usize>(place - 1)) << 4)) > ratio) {
      v128.store(order + ((<usize>place) << 4), v128.load(order + ((<usize>(place - 1)) << 4)));
      place--;
    }
    store<f64>(order + ((<usize>place) << 4), ratio);
    store<i32>(order + ((<usize>place) << 4), b, 8);
  }
  if (used < 2) return;
  const nodeG = <f64>allG * unitG;
  const nodeH = <f64>(allH & mask) * unitH;
  const base = boundedScore(nodeG, nodeH, l1, plainL2, bounded(nodeG, nodeH, l1, plainL2, low, high));
  const floor = base + parameter(parameters, 7);
  let best: f64 = 0;
  let bestCount: i32 = 0;
  let bestFromEnd: i32 = 0;
  for (let fromEnd: i32 = 0; fromEnd < 2; fromEnd++) {
    let sumG: i64 = 0;
    let sumH: i64 = 0;
    const until = min<i32>(used - 1, most);
    for (let i: i32 = 0; i < until; i++) {
      const b = load<i32>(order + ((<usize>(fromEnd != 0 ? used - 1 - i : i)) << 4), 8);
      sumG += load<i64>(cells + ((<usize>b) << 4));
      sumH += load<i64>(cells + ((<usize>b) << 4), 8);
      const restH = allH - sumH;
      const leftH = <f64>(sumH & mask) * unitH;
      const rightH = <f64>(restH & mask) * unitH;
      if (sumH >> countShift < least || restH >> countShift < least || leftH < leastH || rightH < leastH) continue;
      const leftG = <f64>sumG * unitG;
      const rightG = <f64>(allG - sumG) * unitG;
      const gain =
        boundedScore(leftG, leftH, l1, l2, bounded(leftG, leftH, l1, l2, low, high)) +
        boundedScore(rightG, rightH, l1, l2, bounded(rightG, rightH, l1, l2, low, high));
      if (gain <= floor || gain - base <= best) continue;
      best = gain - base;
      bestCount = i + 1;
      bestFromEnd = fromEnd;
      keep(split, best, -1, -1, 0, sumG, sumH);
    }
  }
  for (let i: i32 = 0; i < bestCount; i++) {
    const b = load<i32>(order + ((<usize>(bestFromEnd != 0 ? used - 1 - i : i)) << 4), 8);
    const word = split + 48 + ((<usize>(b >> 5)) << 2);
    store<i32>(word, load<i32>(word) | (1 << (b & 31)));
  }
}
