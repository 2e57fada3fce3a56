import type { Labels } from '../../data/labels.ts';
import type { Compat } from '../sampling-strategy.ts';

/**
 * Code of the class with the fewest rows. Ties go to the class that sorts first; with `compat` to the class that occurs
 * first among the rows, which need not be the class that `samplingStrategy` takes for the smallest.
 */
export function minorityCode(labels: Labels, counts: Int32Array, compat?: Compat): number {
  const present = compat ? new Set(labels.codes) : [...counts.keys()].filter((code) => counts[code]! > 0);
  return [...present].reduce((best, code) => (counts[code]! < counts[best]! ? code : best));
}
