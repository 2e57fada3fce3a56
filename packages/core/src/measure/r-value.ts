import type { Labels } from '../data/labels.ts';
import { CounterweightError } from '../runtime/errors.ts';
import { type ClassMeasure, classMeans } from './class-measure.ts';
import { rowsByClass } from './difficulty-input.ts';
import { enemyCounts, type Neighbourhoods } from './neighbourhoods.ts';

export interface RValue extends ClassMeasure {
  /**
   * Borsos, Lemnaru, Potolea (2018): classes weighted against their size, `(R_majority + IR R_minority) / (IR + 1)`; with
   * more classes the mean of the classes' values with weights `1 / n_c`, which is the same for two.
   */
  readonly augmented: number;
}

/**
 * R-value (Oh 2011): share of rows of which more than `theta` (2) of the k neighbours are of another class.
 * Throws `bad-option` unless theta is an integer from 0 to k - 1.
 */
export function rValue(
  y: Labels,
  around: Neighbourhoods,
  options: { readonly theta?: number | undefined } = {},
): RValue {
  const theta = options.theta ?? Math.min(2, around.k - 1);
  if (!Number.isInteger(theta) || theta < 0 || theta >= around.k) {
    throw new CounterweightError('bad-option', `theta must be an integer from 0 to ${around.k - 1}, got ${theta}`);
  }
  const many = Uint8Array.from(enemyCounts(around), (count) => (count > theta ? 1 : 0));
  const measure = classMeans(y, around.rows, many);
  const sizes = rowsByClass(y).map((rows) => rows.length);
  const largest = Math.max(...sizes);
  let sum = 0;
  let weights = 0;
  for (const [code, value] of measure.perClass.entries()) {
    if (value === null) continue;
    sum += (largest / sizes[code]!) * value;
    weights += largest / sizes[code]!;
  }
  return Object.freeze({ ...measure, augmented: weights > 0 ? sum / weights : 0 });
}
