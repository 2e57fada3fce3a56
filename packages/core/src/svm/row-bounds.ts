import type { Dataset } from '../data/dataset.ts';
import type { ClassLabel } from '../data/labels.ts';
import { CounterweightError } from '../runtime/errors.ts';

/** Factors on C: `balanced`, or by label, 1 for classes that are not named. */
export type SvmClassWeight = 'balanced' | ReadonlyMap<ClassLabel, number>;

/**
 * Upper bound of each row's dual variable: C times the weight of its class times its own. Throws `shape-mismatch`,
 * `bad-weights`, `bad-option`, `unknown-class`.
 */
export function rowBounds({ X, y, weights }: Dataset, C: number, classWeight?: SvmClassWeight): Float64Array {
  const rows = X.rows;
  if (y.codes.length !== rows || (weights && weights.length !== rows)) {
    throw new CounterweightError('shape-mismatch', `${rows} rows, but not as many labels and weights`);
  }
  const counts = new Int32Array(y.classes.length);
  for (const code of y.codes) counts[code]!++;
  const factors = classFactors(y.classes, counts, rows, classWeight);
  const bounds = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const weight = weights?.[row] ?? 1;
    if (!(weight >= 0 && weight < Number.POSITIVE_INFINITY)) {
      throw new CounterweightError('bad-weights', `row ${row} has the weight ${weight}`, { row });
    }
    bounds[row] = C * factors[y.codes[row]!]! * weight;
  }
  return bounds;
}

function classFactors(
  classes: readonly ClassLabel[],
  counts: Int32Array,
  rows: number,
  classWeight: SvmClassWeight | undefined,
): Float64Array {
  const factors = new Float64Array(classes.length).fill(1);
  if (classWeight === undefined) return factors;
  if (classWeight === 'balanced') {
    const present = counts.filter((count) => count > 0).length;
    return factors.map((_, code) => (counts[code]! > 0 ? rows / (present * counts[code]!) : 1));
  }
  if (!(classWeight instanceof Map)) {
    throw new CounterweightError('bad-option', 'classWeight must be "balanced" or a Map from label to factor');
  }
  for (const [label, factor] of classWeight) {
    const code = classes.indexOf(label);
    if (code < 0)
      throw new CounterweightError('unknown-class', `classWeight names ${String(label)}, which is no class`);
    if (!(factor >= 0 && factor < Number.POSITIVE_INFINITY)) {
      throw new CounterweightError(
        'bad-option',
        `the class weight of ${String(label)} must be at least 0, got ${factor}`,
      );
    }
    factors[code] = factor;
  }
  return factors;
}
