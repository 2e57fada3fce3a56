import { ACTIVE, B, columnOf, DIAGONAL, field, HIGH, LOW, STOPPED, TOLERANCE, V, value } from './svm-cache';

/** Curvature that takes the place of one that is not positive. */
const LEAST_CURVATURE: f64 = 1e-12;

/**
 * Kernel `svmSteps`: up to `steps` steps of the dual solver; gives how many were made. Fewer where no pair of rows violates the
 * conditions of optimality by the tolerance; then the field STOPPED is 1. Ties go to the row that comes first.
 */
export function svmSteps(s: usize, steps: i32): i32 {
  const active = <i32>field(s, ACTIVE);
  store<i32>(s + STOPPED, 0);
  // Nothing is moved: this only looks for the row to grow.
  let i = shift(s, active, 0, 0, 0);
  for (let done: i32 = 0; done < steps; done++) {
    if (i >= 0) {
      const columnI = columnOf(s, i, active);
      const j = rowToFall(s, active, i, columnI);
      if (j >= 0) {
        const move = moveOf(s, i, j, columnI);
        i = shift(s, active, move, columnI, columnOf(s, j, active));
        continue;
      }
    }
    store<i32>(s + STOPPED, 1);
    return done;
  }
  return steps;
}

/** The row that may fall and promises the largest decrease together with `i`, or -1 where none violates by the tolerance. */
function rowToFall(s: usize, active: i32, i: i32, column: usize): i32 {
  const v = field(s, V);
  const b = field(s, B);
  const low = field(s, LOW);
  const diagonal = field(s, DIAGONAL);
  const from = f64x2.splat(load<f64>(value(v, i)));
  const own = f64x2.splat(load<f64>(value(diagonal, i)));
  const least = f64x2.splat(LEAST_CURVATURE);
  const zero = f64x2.splat(0);
  const nothing = f64x2.splat(-Infinity);
  let places = f64x2(0, 1);
  let best = f64x2.splat(-1);
  let promise = zero;
  let largest = nothing;
  const even = active & ~1;
  for (let t: i32 = 0; t < even; t += 2) {
    const falls = f64x2.gt(v128.load(value(b, t)), v128.load(value(low, t)));
    const violation = v128.bitselect(f64x2.sub(v128.load(value(v, t)), from), nothing, falls);
    largest = f64x2.pmax(largest, violation);
    const bent = f64x2.sub(
      f64x2.add(own, v128.load(value(diagonal, t))),
      f64x2.mul(f64x2.splat(2), v128.load(value(column, t))),
    );
    const curvature = v128.bitselect(bent, least, f64x2.gt(bent, zero));
    const gain = f64x2.div(f64x2.mul(violation, violation), curvature);
    const better = v128.and(f64x2.gt(violation, zero), f64x2.gt(gain, promise));
    promise = v128.bitselect(gain, promise, better);
    best = v128.bitselect(places, best, better);
    places = f64x2.add(places, f64x2.splat(2));
  }
  let row = <i32>f64x2.extract_lane(best, 0);
  let most = f64x2.extract_lane(promise, 0);
  const other = <i32>f64x2.extract_lane(best, 1);
  const promised = f64x2.extract_lane(promise, 1);
  if (promised > most || (promised == most && other >= 0 && (other < row || row < 0))) {
    row = other;
    most = promised;
  }
  let reach = max<f64>(f64x2.extract_lane(largest, 0), f64x2.extract_lane(largest, 1));
  if (even < active && load<f64>(value(b, even)) > load<f64>(value(low, even))) {
    const violation = load<f64>(value(v, even)) - load<f64>(value(v, i));
    if (violation > reach) reach = violation;
    if (violation > 0) {
      const bent =
        load<f64>(value(diagonal, i)) + load<f64>(value(diagonal, even)) - 2 * load<f64>(value(column, even));
      const gain = (violation * violation) / (bent > 0 ? bent : LEAST_CURVATURE);
      if (gain > most) row = even;
    }
  }
  return reach < load<f64>(s + TOLERANCE) ? -1 : row;
}

/** Moves weight from `j` to `i` as far as the objective falls and the bounds allow; gives how much. */
function moveOf(s: usize, i: i32, j: i32, columnI: usize): f64 {
  const v = field(s, V);
  const diagonal = field(s, DIAGONAL);
  const bi = value(field(s, B), i);
  const bj = value(field(s, B), j);
  const highI = load<f64>(value(field(s, HIGH), i));
  const lowJ = load<f64>(value(field(s, LOW), j));
  const curvature = load<f64>(value(diagonal, i)) + load<f64>(value(diagonal, j)) - 2 * load<f64>(value(columnI, j));
  let move = (load<f64>(value(v, j)) - load<f64>(value(v, i))) / (curvature > 0 ? curvature : LEAST_CURVATURE);
  const roomI = highI - load<f64>(bi);
  const roomJ = load<f64>(bj) - lowJ;
  if (move >= roomI || move >= roomJ) {
    move = min<f64>(roomI, roomJ);
    // A weight at its bound equals it to the last bit.
    store<f64>(bi, roomI <= roomJ ? highI : load<f64>(bi) + move);
    store<f64>(bj, roomJ <= roomI ? lowJ : load<f64>(bj) - move);
  } else {
    store<f64>(bi, load<f64>(bi) + move);
    store<f64>(bj, load<f64>(bj) - move);
  }
  return move;
}

/** Brings the derivatives up to date after a move (none for 0) and gives the row that may grow whose derivative is least, or -1. */
function shift(s: usize, active: i32, move: f64, columnI: usize, columnJ: usize): i32 {
  const v = field(s, V);
  const b = field(s, B);
  const high = field(s, HIGH);
  const by = f64x2.splat(move);
  const nothing = f64x2.splat(Infinity);
  let places = f64x2(0, 1);
  let best = f64x2.splat(-1);
  let least = nothing;
  const even = active & ~1;
  for (let t: i32 = 0; t < even; t += 2) {
    let slope = v128.load(value(v, t));
    if (move != 0) {
      const change = f64x2.sub(v128.load(value(columnI, t)), v128.load(value(columnJ, t)));
      slope = f64x2.add(slope, f64x2.mul(by, change));
      v128.store(value(v, t), slope);
    }
    const grows = f64x2.lt(v128.load(value(b, t)), v128.load(value(high, t)));
    const better = v128.and(grows, f64x2.lt(slope, least));
    least = v128.bitselect(slope, least, better);
    best = v128.bitselect(places, best, better);
    places = f64x2.add(places, f64x2.splat(2));
  }
  let row = <i32>f64x2.extract_lane(best, 0);
  let lowest = f64x2.extract_lane(least, 0);
  const other = <i32>f64x2.extract_lane(best, 1);
  const second = f64x2.extract_lane(least, 1);
  if (second < lowest || (second == lowest && other >= 0 && (other < row || row < 0))) {
    row = other;
    lowest = second;
  }
  if (even < active) {
    const at = value(v, even);
    if (move != 0) {
      const change = load<f64>(value(columnI, even)) - load<f64>(value(columnJ, even));
      store<f64>(at, load<f64>(at) + move * change);
    }
    if (load<f64>(at) < lowest && load<f64>(value(b, even)) < load<f64>(value(high, even))) row = even;
  }
  return row;
}
