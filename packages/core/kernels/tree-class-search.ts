import { setting } from './tree-bag';
import { CATEGORY_BYTES, searchCategories } from './tree-class-categories';
import { clearCells, fillCells, gather, holds, nextOccupied } from './tree-class-cells';
import { obeys } from './tree-class-monotone';
import { countsCosts, purity } from './tree-class-purity';
import { drawBelow, drawUniform } from './tree-draws';

/** The best split of a classification node among features that are drawn for it. */
const FEATURE_BYTES: usize = 64;
/** The threshold drawn last, for random thresholds. */
let drawnThreshold: f64 = 0;

/**
 * Finds the node's best split among features drawn one after another (in order where all are looked at); constant ones do not
 * count. Scratch: order of features, occupied bins, cells of 256 bins, sums of both sides, work of categories, the node's rows.
 */
export function splitNode(
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
  const costs = <usize>setting(settings, 11);
  const sums = costs != 0 ? 2 * classes : classes;
  if ((costs == 0 && most == total) || total < 2 * least) return false;
  const before = purity(nodeSums, classes, total, criterion);
  if (costs != 0 && before == 0) return false;
  store<f64>(node, -Infinity, 40);
  const order = work;
  for (let f: i32 = 0; f < featureCount; f++) store<i32>(order + ((<usize>f) << 2), f);
  const cells = work + ((<usize>((featureCount + 1) & ~1)) << 2);
  const categories = cells + 288 + 258 * ((<usize>sums) << 3);
  const held = categories + CATEGORY_BYTES;
  gather(node, labels, bag, list, costs, classes, held);
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
    const occupied = fillCells(node, feature, classes, costs != 0, list, held, cells);
    if (occupied < 2) {
      clearCells(cells, sums);
      continue;
    }
    seen++;
    const missing = load<i32>(feature, 20);
    const missed = missing >= 0 && holds(cells, missing);
    const random = setting(settings, 8) != 0;
    const width = (<usize>sums) << 3;
    if (load<i32>(feature, 28) != 0) {
      searchCategories(node, f, missing, nodeSums, classes, criterion, least, total, cells, width, categories, random);
    } else {
      const sides = missed ? 2 : 1;
      for (let side: i32 = 0; side < sides; side++) {
        searchFeature(node, f, feature, nodeSums, classes, sums, criterion, least, total, cells, side, missed, random);
      }
    }
    clearCells(cells, sums);
  }
  const gain = load<f64>(node, 40) - before;
  // Costs are split on as long as that saves some; what is impure always is, for a split that gains nothing may lead to one.
  const found = costs != 0 ? gain > 0 && gain >= -before * setting(settings, 12) : gain > -Infinity;
  if (!found) store<i32>(node, -1);
  store<f64>(node, found ? gain : 0, 40);
  return found;
}

function searchFeature(
  node: usize,
  f: i32,
  feature: usize,
  nodeSums: usize,
  classes: i32,
  sums: i32,
  criterion: i32,
  least: f64,
  total: f64,
  cells: usize,
  missingLeft: i32,
  missed: bool,
  random: bool,
): void {
  const missing = load<i32>(feature, 20);
  const way = load<i32>(feature, 32);
  const width = (<usize>sums) << 3;
  const left = cells + 288 + 256 * width;
  const right = left + width;
  memory.fill(left, 0, width);
  memory.copy(right, nodeSums, width);
  let leftTotal: f64 = 0;
  if (missingLeft != 0) leftTotal = move(cells, missing, classes, sums, left, right, 0);
  let last = nextOccupied(cells, missing >= 0 ? 1 : 0);
  if (last < 0) return;
  const wanted = random ? randomBin(cells, feature, last) : -1;
  while (last >= 0) {
    const next = nextOccupied(cells, last + 1);
    if (next < 0 && (missingLeft != 0 || !missed)) return;
    leftTotal = move(cells, last, classes, sums, left, right, leftTotal);
    const rightTotal = total - leftTotal;
    if ((!random || last == wanted || next < 0) && leftTotal >= least && rightTotal >= least && rightTotal > 0) {
      const score = purity(left, classes, leftTotal, criterion) + purity(right, classes, rightTotal, criterion);
      if (score > load<f64>(node, 40) && (way == 0 || obeys(nodeSums, left, leftTotal, right, rightTotal, way))) {
        keepSplit(node, f, feature, last, next, missingLeft, score, random);
      }
    }
    last = next;
  }
}

/** Moves a bin's sums from right to left; returns the left side's total. */
// @inline
function move(cells: usize, bin: i32, classes: i32, sums: i32, left: usize, right: usize, leftTotal: f64): f64 {
  const cell = cells + 288 + ((<usize>bin * <usize>sums) << 3);
  let total = leftTotal;
  for (let k: usize = 0; k < <usize>sums; k++) {
    const x = load<f64>(cell + (k << 3));
    if (k < <usize>classes) total += x;
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
