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
  const spreads = classSpreads(denseValues(data.X), data.X.columns, y.codes, y.classes.length);
  const present = new Set(presentClasses(y));
  const value = 1 / (1 + largestRatio(spreads));
  const perClass = y.classes.map((_, code) => {
    if (!present.has(code)) return null;
    return present.size === 2 ? value : 1 / (1 + largestRatio(againstRest(spreads, code)));
  });
  return frozenMeasure(value, perClass);
}

/** Rows of some groups, and their means and sums of squared deviations, `groups × columns`. */
interface Spreads {
  readonly columns: number;
  readonly counts: Int32Array;
  readonly means: Float64Array;
  readonly within: Float64Array;
}

function largestRatio(groups: Spreads): number {
  const whole = merged(groups, -1);
  let largest = 0;
  for (let f = 0; f < groups.columns; f++) {
    let inside = 0;
    let between = 0;
    for (let g = 0, at = f; g < groups.counts.length; g++, at += groups.columns) {
      inside += groups.within[at]!;
      between += groups.counts[g]! * (groups.means[at]! - whole.means[f]!) ** 2;
    }
    if (between > 0) largest = Math.max(largest, between / inside);
  }
  return largest;
}

/** Two groups: the class, and all others as one. */
function againstRest(groups: Spreads, code: number): Spreads {
  const { columns, counts, means, within } = groups;
  const rest = merged(groups, code);
  const own = (values: Float64Array) => values.subarray(code * columns, (code + 1) * columns);
  return {
    columns,
    counts: Int32Array.from([counts[code]!, rest.rows]),
    means: Float64Array.from([...own(means), ...rest.means]),
    within: Float64Array.from([...own(within), ...rest.within]),
  };
}

/** All groups but one as one. Sums only what is not negative, so that nothing is left where nothing varies. */
function merged({ columns, counts, means, within }: Spreads, without: number) {
  const kept = Array.from(counts.keys()).filter((g) => g !== without && counts[g]! > 0);
  const rows = kept.reduce((sum, g) => sum + counts[g]!, 0);
  const first = kept[0]! * columns;
  const mean = new Float64Array(columns);
  const spread = new Float64Array(columns);
  for (let f = 0; f < columns; f++) {
    // From the first mean on, so that equal means have themselves as their mean exactly.
    let sum = 0;
    for (const g of kept) sum += counts[g]! * (means[g * columns + f]! - means[first + f]!);
    mean[f] = means[first + f]! + sum / rows;
    for (const g of kept) {
      spread[f]! += within[g * columns + f]! + counts[g]! * (means[g * columns + f]! - mean[f]!) ** 2;
    }
  }
  return { rows, means: mean, within: spread };
}

/** Means are summed from a row of the class, so that a column that is constant in a class has no spread there at all. */
function classSpreads(values: Float64Array, columns: number, codes: Int32Array, classes: number): Spreads {
  const counts = new Int32Array(classes);
  const origins = new Float64Array(classes * columns);
  const sums = new Float64Array(classes * columns);
  for (let i = 0, at = 0; i < codes.length; i++) {
    const base = codes[i]! * columns;
    if (counts[codes[i]!]!++ === 0) origins.set(values.subarray(at, at + columns), base);
    for (let f = 0; f < columns; f++, at++) sums[base + f]! += values[at]! - origins[base + f]!;
  }
  const means = origins.map((origin, at) => origin + sums[at]! / Math.max(1, counts[Math.floor(at / columns)]!));
  const within = new Float64Array(classes * columns);
  for (let i = 0, at = 0; i < codes.length; i++) {
    const base = codes[i]! * columns;
    for (let f = 0; f < columns; f++, at++) within[base + f]! += (values[at]! - means[base + f]!) ** 2;
  }
  return { columns, counts, means, within };
}
