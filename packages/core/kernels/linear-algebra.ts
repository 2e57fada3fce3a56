/** Small dense linear algebra, row-major float64, on the caller's thread. */

/** target[i] = sum over blocks of partials[block * length + i], in the order of the blocks. */
export function sumBlocks(target: usize, partials: usize, blocks: i32, length: i32): void {
  memory.copy(target, partials, (<usize>length) << 3);
  for (let b: i32 = 1; b < blocks; b++) {
    const source = partials + ((<usize>b * <usize>length) << 3);
    for (let i: usize = 0; i < <usize>length; i++) {
      store<f64>(target + (i << 3), load<f64>(target + (i << 3)) + load<f64>(source + (i << 3)));
    }
  }
}

/**
 * Lower triangle of the joint Hessian from its class blocks (each the upper triangle of a symmetric `width x width`),
 * for `used` of the width's columns: `a[(b * used + i) * size + (a * used + j)]`, size = scores * used.
 */
export function assembleHessian(target: usize, blocks: usize, scores: i32, width: i32, used: i32): void {
  const size = <usize>scores * <usize>used;
  let block = blocks;
  for (let a: i32 = 0; a < scores; a++) {
    for (let b = a; b < scores; b++) {
      for (let i: i32 = 0; i < used; i++) {
        const row = target + (((<usize>b * used + i) * size + <usize>a * used) << 3);
        for (let j: i32 = 0; j < used; j++) {
          const low = min<i32>(i, j);
          const high = max<i32>(i, j);
          store<f64>(row + ((<usize>j) << 3), load<f64>(block + ((<usize>low * width + high) << 3)));
        }
      }
      block += (<usize>width * <usize>width) << 3;
    }
  }
}

// @inline
function dot(x: usize, y: usize, count: i32): f64 {
  let a = f64x2.splat(0),
    b = a,
    c = a,
    d = a;
  let i: i32 = 0;
  for (; i + 8 <= count; i += 8) {
    a = f64x2.add(a, f64x2.mul(v128.load(x), v128.load(y)));
    b = f64x2.add(b, f64x2.mul(v128.load(x, 16), v128.load(y, 16)));
    c = f64x2.add(c, f64x2.mul(v128.load(x, 32), v128.load(y, 32)));
    d = f64x2.add(d, f64x2.mul(v128.load(x, 48), v128.load(y, 48)));
    x += 64;
    y += 64;
  }
  const s = f64x2.add(f64x2.add(a, b), f64x2.add(c, d));
  let sum = f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
  for (; i < count; i++) {
    sum += load<f64>(x) * load<f64>(y);
    x += 8;
    y += 8;
  }
  return sum;
}

/**
 * Cholesky factor in place of the lower triangle of a symmetric matrix. Returns -1, or the row whose pivot is not above
 * `floor` times its diagonal: the matrix is not positive definite to working precision.
 */
export function cholesky(a: usize, size: i32, floor: f64): i32 {
  const line = (<usize>size) << 3;
  for (let i: i32 = 0; i < size; i++) {
    const row = a + <usize>i * line;
    for (let j: i32 = 0; j < i; j++) {
      const other = a + <usize>j * line;
      const at = (<usize>j) << 3;
      store<f64>(row + at, (load<f64>(row + at) - dot(row, other, j)) / load<f64>(other + at));
    }
    const diagonal = load<f64>(row + ((<usize>i) << 3));
    const pivot = diagonal - dot(row, row, i);
    if (!(pivot > floor * diagonal)) return i;
    store<f64>(row + ((<usize>i) << 3), Math.sqrt(pivot));
  }
  return -1;
}

/** Solves L L' x = b in place of b. */
export function choleskySolve(a: usize, size: i32, b: usize): void {
  const line = (<usize>size) << 3;
  for (let i: i32 = 0; i < size; i++) {
    const row = a + <usize>i * line;
    const at = b + ((<usize>i) << 3);
    store<f64>(at, (load<f64>(at) - dot(row, b, i)) / load<f64>(row + ((<usize>i) << 3)));
  }
  for (let i = size - 1; i >= 0; i--) {
    const row = a + <usize>i * line;
    const at = b + ((<usize>i) << 3);
    const value = load<f64>(at) / load<f64>(row + ((<usize>i) << 3));
    store<f64>(at, value);
    for (let j: i32 = 0; j < i; j++) {
      const target = b + ((<usize>j) << 3);
      store<f64>(target, load<f64>(target) - value * load<f64>(row + ((<usize>j) << 3)));
    }
  }
}
