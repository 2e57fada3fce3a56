import { type ClassMeasure, frozenMeasure } from './class-measure.ts';
import { checkDifficultyInput, type DifficultyInput, denseValues, presentClasses } from './difficulty-input.ts';

/**
 * F1 (Lorena et al. 2019): `1 / (1 + max_f r_f)` with Fisher's ratio of a column
 * `r_f = sum n_c (mean_c - mean)^2 / sum sum (x - mean_c)^2`. 0 if a column separates the classes with nothing left inside
 * them, 1 if all means agree. A class's value sets it against all others. (problexity's ratio for two classes is twice this.)
 * Throws `shape-mismatch`, `one-class`, `not-finite`.
 */
export function fisherRatio(data: DifficultyInput): ClassMeasure {
  checkDifficultyInput(data);
  const { y } = data;
  const values = denseValues(data.X);
  const present = presentClasses(y);
  const identity = y.classes.map((_, code) => code);
  const value = largestRatio(values, data.X.columns, y.codes, identity);
  const perClass = identity.map((code) => {
    if (!present.includes(code)) return null;
    if (present.length === 2) return value;
    const versusRest = identity.map((other) => (other === code ? 1 : 0));
    return largestRatio(values, data.X.columns, y.codes, versusRest);
  });
  return frozenMeasure(value, perClass);
}

/** `groupOf[code]` is the group that a class belongs to; groups without rows add nothing. */
function largestRatio(values: Float64Array, columns: number, codes: Int32Array, groupOf: readonly number[]): number {
  const groups = Math.max(...groupOf) + 1;
  const group = codes.map((code) => groupOf[code]!);
  const { counts, means, overall } = groupMeans(values, columns, group, groups);
  const within = new Float64Array(columns);
  for (let i = 0, at = 0; i < group.length; i++) {
    const base = group[i]! * columns;
    for (let f = 0; f < columns; f++, at++) within[f]! += (values[at]! - means[base + f]!) ** 2;
  }
  let largest = 0;
  for (let f = 0; f < columns; f++) {
    let between = 0;
    for (let g = 0; g < groups; g++) between += counts[g]! * (means[g * columns + f]! - overall[f]!) ** 2;
    if (between > 0) largest = Math.max(largest, between / within[f]!);
  }
  return 1 / (1 + largest);
}

/** Means of each group and of all rows, summed from the first row so that a constant column has its value exactly. */
function groupMeans(values: Float64Array, columns: number, group: Int32Array, groups: number) {
  const counts = new Int32Array(groups);
  const means = new Float64Array(groups * columns);
  const overall = new Float64Array(columns);
  const origin = values.slice(0, columns);
  for (let i = 0, at = 0; i < group.length; i++) {
    counts[group[i]!]!++;
    const base = group[i]! * columns;
    for (let f = 0; f < columns; f++, at++) means[base + f]! += values[at]! - origin[f]!;
  }
  for (let f = 0; f < columns; f++) {
    let sum = 0;
    for (let g = 0; g < groups; g++) sum += means[g * columns + f]!;
    overall[f] = origin[f]! + sum / group.length;
    for (let g = 0; g < groups; g++) {
      if (counts[g]! > 0) means[g * columns + f] = origin[f]! + means[g * columns + f]! / counts[g]!;
    }
  }
  return { counts, means, overall };
}
