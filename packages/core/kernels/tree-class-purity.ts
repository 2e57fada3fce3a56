import { logPair } from './elementary';

/** What makes a node good: larger for purer or cheaper ones. */
const ENTROPY: i32 = 1;

/** From here on criteria count costs: those of the cheapest decision, as they are or times a function of its class's share. */
const DIRECT_COST: i32 = 2;

const PI_COST: i32 = 3;

const GINI_COST: i32 = 4;

// @inline
export function countsCosts(criterion: i32): bool {
  return criterion >= DIRECT_COST;
}

// @inline
function logOf(x: f64): f64 {
  return f64x2.extract_lane(logPair(f64x2.splat(x)), 0);
}

// @inline
function xLogX(x: f64): f64 {
  return x > 0 ? x * logOf(x) : 0;
}

/** What a split adds to it is total weight times what it takes off the impurity, or what it takes off the cost. */
export function purity(sums: usize, classes: i32, total: f64, criterion: i32): f64 {
  if (countsCosts(criterion)) return -nodeCost(sums, classes, total, criterion);
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
 * The least cost of a decision for all rows (Bahnsen, Aouada and Ottersten 2015). The weighted kinds multiply it with the share p of the
 * class decided for, with p^2 or with -log p; there classes without rows do not count, and by the last pure nodes cost nothing.
 */
function nodeCost(sums: usize, classes: i32, total: f64, criterion: i32): f64 {
  const costs = sums + ((<usize>classes) << 3);
  let least = f64.MAX_VALUE;
  for (let k: usize = 0; k < <usize>classes; k++) {
    const weight = load<f64>(sums + (k << 3));
    let cost = load<f64>(costs + (k << 3));
    if (criterion != DIRECT_COST) {
      if (weight == 0) continue;
      if (weight == total && criterion > GINI_COST) return 0;
      const share = weight / total;
      if (criterion == PI_COST) cost *= share;
      else if (criterion == GINI_COST) cost *= share * share;
      else cost *= -logOf(share);
    }
    least = min(least, cost);
  }
  return least;
}
