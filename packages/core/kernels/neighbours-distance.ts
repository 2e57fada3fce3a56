/** The distances that results are made of, in float64; `metric` as in neighbours-plan.ts. */
export function measureRows(metric: i32, power: f64, x: usize, y: usize, columns: i32): f64 {
  if (metric <= 1) {
    const sum = squares(x, y, columns);
    return metric == 0 ? Math.sqrt(sum) : sum;
  }
  if (metric == 2) return manhattan(x, y, columns);
  const most = chebyshev(x, y, columns);
  return metric == 3 ? most : minkowski(most, power, x, y, columns);
}

/** Squares of even and of odd columns are summed apart, in order, then added. */
export function squares(x: usize, y: usize, columns: i32): f64 {
  let sum = f64x2.splat(0);
  let j: i32 = 0;
  for (; j + 2 <= columns; j += 2) {
    const d = f64x2.sub(v128.load(x), v128.load(y));
    sum = f64x2.add(sum, f64x2.mul(d, d));
    x += 16;
    y += 16;
  }
  if (j < columns) {
    const d = f64x2.sub(v128.load64_zero(x), v128.load64_zero(y));
    sum = f64x2.add(sum, f64x2.mul(d, d));
  }
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

function manhattan(x: usize, y: usize, columns: i32): f64 {
  let sum = f64x2.splat(0);
  let j: i32 = 0;
  for (; j + 2 <= columns; j += 2) {
    sum = f64x2.add(sum, f64x2.abs(f64x2.sub(v128.load(x), v128.load(y))));
    x += 16;
    y += 16;
  }
  if (j < columns) sum = f64x2.add(sum, f64x2.abs(f64x2.sub(v128.load64_zero(x), v128.load64_zero(y))));
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

function chebyshev(x: usize, y: usize, columns: i32): f64 {
  let most: f64 = 0;
  for (let j: usize = 0; j < (<usize>columns) << 3; j += 8) {
    most = Math.max(most, Math.abs(load<f64>(x + j) - load<f64>(y + j)));
  }
  return most;
}

/** Differences are taken in units of the largest, so that no power overflows or vanishes. */
function minkowski(most: f64, power: f64, x: usize, y: usize, columns: i32): f64 {
  if (most == 0 || most == Infinity) return most;
  let sum: f64 = 0;
  for (let j: usize = 0; j < (<usize>columns) << 3; j += 8) {
    sum += Math.pow(Math.abs(load<f64>(x + j) - load<f64>(y + j)) / most, power);
  }
  return most * Math.pow(sum, 1 / power);
}
