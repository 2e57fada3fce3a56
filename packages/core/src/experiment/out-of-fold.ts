import type { Matrix } from '../data/matrix.ts';

/** Rows that models which had not seen them scored; repeats of the folds score a row again. */
export interface OutOfFold {
  readonly raw: Matrix;
  readonly truth: Int32Array;
}
