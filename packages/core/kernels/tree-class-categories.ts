import { nextOccupied } from './tree-class-cells';
import { countsCosts, purity } from './tree-class-purity';
import { drawUniform } from './tree-draws';

/**
 * Splits of categories: those that hold rows are put in an order, and each way to cut the order in two is tried. With two
 * classes the order by the share of one of them holds the best of all splits (Breiman et al. 1984, theorem 4.5); with more, the
 * orders by each class's share are tried. A missing value is one more category.
 *
 * Work: keys of 256 bins, their order, the set tried, the best set.
 */
const KEYS: usize = 2048;

const ORDERS: usize = 1024;

export const CATEGORY_BYTES: usize = 3136;

// @inline
export function holdsBin(set: usize, bin: i32): bool {
  return ((load<u8>(set + (<usize>bin >> 3)) >> <u8>(bin & 7)) & 1) != 0;
}

// @inline
function toggleBin(set: usize, bin: i32): void {
  const at = set + (<usize>bin >> 3);
  store<u8>(at, load<u8>(at) ^ ((<u8>1) << (<u8>(bin & 7))));
}

/** Keeps at the node the best split of the feature that is better than what is there; of equal ones that of the lowest set. */
export function searchCategories(
  node: usize,
  f: i32,
  missing: i32,
  nodeSums: usize,
  classes: i32,
  criterion: i32,
  least: f64,
  total: f64,
  cells: usize,
  width: usize,
  work: usize,
  random: bool,
): void {
  const costs = countsCosts(criterion);
  const order = work + KEYS;
  const set = order + ORDERS;
  const orders = classes == 2 ? 1 : classes;
  const left = cells + 288 + 256 * width;
  const right = left + width;
  for (let k: i32 = 0; k < orders; k++) {
    const count = sortBins(cells, classes, k, costs, width, work);
    const drawn = random ? <i32>(drawUniform() * <f64>(count - 1)) : -1;
    memory.fill(left, 0, width);
    memory.copy(right, nodeSums, width);
    memory.fill(set, 0, 32);
    for (let i: i32 = 0; i + 1 < count; i++) {
      const bin = load<i32>(order + ((<usize>i) << 2));
      toggleBin(set, bin);
      const cell = cells + 288 + <usize>bin * width;
      for (let at: usize = 0; at < width; at += 8) {
        const x = load<f64>(cell + at);
        store<f64>(left + at, load<f64>(left + at) + x);
        store<f64>(right + at, load<f64>(right + at) - x);
      }
      if (random && i != drawn) continue;
      const leftTotal = sumOf(left, classes);
      const rightTotal = total - leftTotal;
      if (leftTotal < least || rightTotal < least) continue;
      const score = purity(left, classes, leftTotal, criterion) + purity(right, classes, rightTotal, criterion);
      if (score < load<f64>(node, 40)) continue;
      offer(node, f, missing, score, leftTotal, rightTotal, cells, set);
    }
    if (random) return;
  }
}

// @inline
function sumOf(sums: usize, classes: i32): f64 {
  let total: f64 = 0;
  for (let k: usize = 0; k < <usize>classes; k++) total += load<f64>(sums + (k << 3));
  return total;
}

/** Occupied bins by the share of a class, or by what deciding for it costs a row; of equal ones by bin. Returns their number. */
function sortBins(cells: usize, classes: i32, k: i32, costs: bool, width: usize, work: usize): i32 {
  const order = work + KEYS;
  let count: i32 = 0;
  for (let bin = nextOccupied(cells, 0); bin >= 0; bin = nextOccupied(cells, bin + 1)) {
    const cell = cells + 288 + <usize>bin * width;
    let sum = load<f64>(cell + ((<usize>(costs ? classes + k : k)) << 3));
    if (costs && classes == 2) sum -= load<f64>(cell + 24);
    const key = sum / sumOf(cell, classes);
    let place = count;
    while (place > 0) {
      const before = load<i32>(order + ((<usize>(place - 1)) << 2));
      if (load<f64>(work + ((<usize>before) << 3)) <= key) break;
      store<i32>(order + ((<usize>place) << 2), before);
      place--;
    }
    store<f64>(work + ((<usize>bin) << 3), key);
    store<i32>(order + ((<usize>place) << 2), bin);
    count++;
  }
  return count;
}

/** The lighter side goes left, so that categories that are unknown here go with most rows; of equal ones that of the first bin. */
function offer(
  node: usize,
  f: i32,
  missing: i32,
  score: f64,
  leftTotal: f64,
  rightTotal: f64,
  cells: usize,
  set: usize,
): void {
  const best = set + 32;
  const turned = leftTotal > rightTotal || (leftTotal == rightTotal && !holdsBin(set, nextOccupied(cells, 0)));
  for (let word: usize = 0; word < 32; word += 8) {
    const bits = load<u64>(set + word);
    store<u64>(best + word, turned ? load<u64>(cells + word) & ~bits : bits);
  }
  if (score == load<f64>(node, 40)) {
    if (load<i32>(node) != f) return;
    let less = false;
    for (let word: usize = 0; word < 32 && !less; word += 8) {
      const here = load<u64>(best + word);
      const there = load<u64>(node + 48 + word);
      if (here > there) return;
      less = here < there;
    }
    if (!less) return;
  }
  memory.copy(node + 48, best, 32);
  store<i32>(node, f);
  store<i32>(node, 0, 4);
  store<i32>(node, missing >= 0 && holdsBin(best, missing) ? 1 : 0, 28);
  store<f64>(node, 0, 32);
  store<f64>(node, score, 40);
}
