/**
 * Eigenvalues of a symmetric matrix (`size × size`, row-major, overwritten), in descending order: Householder's reduction to
 * three diagonals, then the implicit QL method with Wilkinson's shifts (Golub and Van Loan, chapter 8).
 */
export function symmetricEigenvalues(A: Float64Array, size: number): Float64Array {
  const { diagonal, beside } = tridiagonal(A, size);
  diagonalise(diagonal, beside);
  return diagonal.sort().reverse();
}

/** A symmetric matrix `H_0 H_1 ... T ... H_1 H_0` with T of three diagonals. */
export interface Tridiagonal {
  readonly diagonal: Float64Array;
  /** `beside[i]` stands between rows i and i + 1. */
  readonly beside: Float64Array;
  /**
   * `|v|^2 / 2` of each reflection `H_k = I - v v' / h`, 0 where there is none; v stands in column k of the matrix, below the
   * diagonal.
   */
  readonly halves: Float64Array;
}

/** Householder's reduction; the matrix (`size × size`, row-major) is overwritten, with the reflections among others. */
export function tridiagonal(A: Float64Array, size: number): Tridiagonal {
  const halves = new Float64Array(size);
  const beside = new Float64Array(size);
  const reflector = new Float64Array(size);
  const image = new Float64Array(size);
  for (let k = 0; k < size - 2; k++) {
    let squares = 0;
    for (let i = k + 1; i < size; i++) squares += A[i * size + k]! ** 2;
    const first = A[(k + 1) * size + k]!;
    const alpha = first > 0 ? -Math.sqrt(squares) : Math.sqrt(squares);
    beside[k] = alpha;
    if (squares - first * first === 0) {
      beside[k] = first;
      continue;
    }
    for (let i = k + 1; i < size; i++) reflector[i] = A[i * size + k]!;
    reflector[k + 1]! -= alpha;
    // H = I - v v' / h, with h = |v|^2 / 2.
    halves[k] = squares - alpha * first;
    reflect(A, size, k + 1, reflector, image, halves[k]!);
    for (let i = k + 1; i < size; i++) A[i * size + k] = reflector[i]!;
  }
  if (size > 1) beside[size - 2] = A[(size - 1) * size + size - 2]!;
  return { diagonal: Float64Array.from({ length: size }, (_, i) => A[i * size + i]!), beside, halves };
}

/** A := H A H on rows and columns from `start`; the lower triangle is kept. */
function reflect(A: Float64Array, size: number, start: number, v: Float64Array, image: Float64Array, h: number): void {
  image.fill(0);
  for (let i = start; i < size; i++) {
    let sum = A[i * size + i]! * v[i]!;
    for (let j = start; j < i; j++) {
      sum += A[i * size + j]! * v[j]!;
      image[j]! += A[i * size + j]! * v[i]!;
    }
    image[i]! += sum;
  }
  let product = 0;
  for (let i = start; i < size; i++) {
    image[i]! /= h;
    product += image[i]! * v[i]!;
  }
  for (let i = start; i < size; i++) image[i]! -= (product / (2 * h)) * v[i]!;
  for (let i = start; i < size; i++) {
    for (let j = start; j <= i; j++) A[i * size + j]! -= v[i]! * image[j]! + image[i]! * v[j]!;
  }
}

/** Turns the diagonals of T into its eigenvalues, in any order; both are overwritten. */
export function diagonalise(d: Float64Array, e: Float64Array): void {
  const size = d.length;
  for (let low = 0; low < size; low++) {
    // Each eigenvalue takes two or three sweeps; the limit only guards against values that are not finite.
    for (let sweep = 0; sweep < 60; sweep++) {
      let high = low;
      while (high < size - 1 && Math.abs(e[high]!) > Number.EPSILON * (Math.abs(d[high]!) + Math.abs(d[high + 1]!)))
        high++;
      if (high === low) break;
      sweepOnce(d, e, low, high);
    }
  }
}

/** One implicit QL sweep from `high` down to `low`. */
function sweepOnce(d: Float64Array, e: Float64Array, low: number, high: number): void {
  const half = (d[low + 1]! - d[low]!) / (2 * e[low]!);
  const root = Math.hypot(half, 1);
  let g = d[high]! - d[low]! + e[low]! / (half + (half >= 0 ? root : -root));
  let sine = 1;
  let cosine = 1;
  let p = 0;
  for (let i = high - 1; i >= low; i--) {
    const f = sine * e[i]!;
    const b = cosine * e[i]!;
    const r = Math.hypot(f, g);
    e[i + 1] = r;
    if (r === 0) {
      d[i + 1]! -= p;
      e[high] = 0;
      return;
    }
    sine = f / r;
    cosine = g / r;
    g = d[i + 1]! - p;
    const t = (d[i]! - g) * sine + 2 * cosine * b;
    p = sine * t;
    d[i + 1] = g + p;
    g = cosine * t - b;
  }
  d[low]! -= p;
  e[low] = g;
  e[high] = 0;
}
