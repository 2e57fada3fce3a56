import { diagonalise, type Tridiagonal, tridiagonal } from './symmetric-eigenvalues.ts';

export interface LeadingEigenvectors {
  /** All eigenvalues, descending. */
  readonly values: Float64Array;
  /** `count × size`, row-major: unit eigenvectors of the largest eigenvalues, orthogonal to one another. */
  readonly vectors: Float64Array;
}

/** Two solves bring a start that is not orthogonal to the vector to full precision; a third costs little. */
const SOLVES = 3;

/**
 * The eigenvectors of the `count` largest eigenvalues of a symmetric matrix (`size × size`, row-major, overwritten), by inverse
 * iteration on three diagonals (Golub and Van Loan, chapter 8), with all eigenvalues. The component of largest size of each
 * vector, the first of equals, is positive.
 */
export function leadingEigenvectors(A: Float64Array, size: number, count: number): LeadingEigenvectors {
  const reduced = tridiagonal(A, size);
  const values = reduced.diagonal.slice();
  diagonalise(values, reduced.beside.slice());
  values.sort().reverse();
  const vectors = new Float64Array(Math.min(count, size) * size);
  const scale = Math.max(Math.abs(values[0] ?? 0), Math.abs(values[size - 1] ?? 0), Number.MIN_VALUE);
  for (let c = 0; c * size < vectors.length; c++) {
    const vector = vectors.subarray(c * size, (c + 1) * size);
    // Any start that no structure of the matrix is orthogonal to.
    for (let i = 0; i < size; i++) vector[i] = 0.5 + ((0.6180339887498949 * (i + 1) + 0.37 * c) % 1);
    for (let turn = 0; turn < SOLVES; turn++) {
      solveShifted(reduced, values[c]!, scale, vector);
      for (let before = 0; before < c; before++) {
        removePart(vector, vectors.subarray(before * size, (before + 1) * size));
      }
      normalise(vector);
    }
  }
  for (let c = 0; c * size < vectors.length; c++) {
    const vector = vectors.subarray(c * size, (c + 1) * size);
    reflectBack(A, size, reduced.halves, vector);
    fixSign(vector);
  }
  return Object.freeze({ values, vectors });
}

/** Solves `(T - shift I) x = x` in place, by elimination with row exchanges; a vanishing pivot becomes the smallest that counts. */
function solveShifted({ diagonal, beside }: Tridiagonal, shift: number, scale: number, x: Float64Array): void {
  const size = x.length;
  const least = scale * Number.EPSILON;
  const pivot = Float64Array.from(diagonal, (value) => value - shift);
  const above = new Float64Array(size);
  const twoAbove = new Float64Array(size);
  for (let i = 0; i < size - 1; i++) above[i] = beside[i]!;
  for (let i = 0; i < size - 1; i++) {
    const below = beside[i]!;
    if (Math.abs(below) > Math.abs(pivot[i]!)) {
      const factor = pivot[i]! / below;
      const [first, second, mine] = [above[i]!, above[i + 1]!, x[i]!];
      pivot[i] = below;
      above[i] = pivot[i + 1]!;
      twoAbove[i] = second;
      pivot[i + 1] = first - factor * above[i]!;
      above[i + 1] = -factor * second;
      x[i] = x[i + 1]!;
      x[i + 1] = mine - factor * x[i]!;
    } else {
      if (Math.abs(pivot[i]!) < least) pivot[i] = least;
      const factor = below / pivot[i]!;
      pivot[i + 1]! -= factor * above[i]!;
      x[i + 1]! -= factor * x[i]!;
    }
  }
  for (let i = size - 1; i >= 0; i--) {
    if (Math.abs(pivot[i]!) < least) pivot[i] = least;
    const after = above[i]! * (x[i + 1] ?? 0) + twoAbove[i]! * (x[i + 2] ?? 0);
    x[i] = (x[i]! - after) / pivot[i]!;
  }
  normalise(x);
}

function removePart(vector: Float64Array, unit: Float64Array): void {
  let product = 0;
  for (let i = 0; i < vector.length; i++) product += vector[i]! * unit[i]!;
  for (let i = 0; i < vector.length; i++) vector[i]! -= product * unit[i]!;
}

function normalise(vector: Float64Array): void {
  const largest = vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (!(largest > 0)) return;
  let squares = 0;
  for (let i = 0; i < vector.length; i++) squares += (vector[i]! / largest) ** 2;
  const length = largest * Math.sqrt(squares);
  for (let i = 0; i < vector.length; i++) vector[i]! /= length;
}

/** From a vector of T to one of the matrix: the last reflection first. */
function reflectBack(A: Float64Array, size: number, halves: Float64Array, vector: Float64Array): void {
  for (let k = size - 3; k >= 0; k--) {
    if (halves[k] === 0) continue;
    let product = 0;
    for (let i = k + 1; i < size; i++) product += A[i * size + k]! * vector[i]!;
    for (let i = k + 1; i < size; i++) vector[i]! -= (product / halves[k]!) * A[i * size + k]!;
  }
}

function fixSign(vector: Float64Array): void {
  let at = 0;
  for (let i = 1; i < vector.length; i++) if (Math.abs(vector[i]!) > Math.abs(vector[at]!)) at = i;
  if (vector[at]! < 0) for (let i = 0; i < vector.length; i++) vector[i] = -vector[i]!;
}
