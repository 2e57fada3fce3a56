/**
 * Monotone classification trees of two classes: behind a node's sums of the classes stand a lower and an upper bound of the first
 * class's share, which splits of monotone columns further up put on it.
 */
const LOW: usize = 16;

const HIGH: usize = 24;

/** The root has no bounds. */
export function openBounds(line: usize): void {
  store<f64>(line, -Infinity, LOW);
  store<f64>(line, Infinity, HIGH);
}

/**
 * Whether a split may be: both shares lie within the node's bounds, and the first class's share does not fall from left to right
 * (`way` 1) or does not rise (-1).
 */
export function obeys(line: usize, left: usize, leftTotal: f64, right: usize, rightTotal: f64, way: i32): bool {
  const low = load<f64>(line, LOW);
  const high = load<f64>(line, HIGH);
  const a = load<f64>(left) / leftTotal;
  const b = load<f64>(right) / rightTotal;
  return way > 0 ? a >= low && a <= b && b <= high : b >= low && b <= a && a <= high;
}

/** Bounds of the children: the middle of their shares parts them for good where the column is monotone. */
export function passBounds(line: usize, left: usize, right: usize, way: i32): void {
  v128.store(left + LOW, v128.load(line + LOW));
  v128.store(right + LOW, v128.load(line + LOW));
  if (way == 0) return;
  const middle =
    load<f64>(left) / (2 * (load<f64>(left) + load<f64>(left, 8))) +
    load<f64>(right) / (2 * (load<f64>(right) + load<f64>(right, 8)));
  store<f64>(way > 0 ? left : right, middle, HIGH);
  store<f64>(way > 0 ? right : left, middle, LOW);
}

/** The first class's share at a node, within its bounds; the second has the rest. */
// @inline
export function boundedShare(line: usize): f64 {
  const share = load<f64>(line) / (load<f64>(line) + load<f64>(line, 8));
  return max(load<f64>(line, LOW), min(load<f64>(line, HIGH), share));
}
