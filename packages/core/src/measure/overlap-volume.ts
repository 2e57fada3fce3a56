import type { ClassMeasure } from './class-measure.ts';
import { meanOverPairs, type PairOptions } from './class-pairs.ts';
import { type ColumnRanges, columnRanges, overlapOf } from './column-ranges.ts';
import { checkDifficultyInput, type DifficultyInput, denseValues, rowsByClass } from './difficulty-input.ts';

/**
 * F2 (Lorena et al. 2019): volume of the box in which two classes overlap over that of the box that holds both, the product
 * over columns of overlap / range; constant columns are left out. One against one, then means.
 *
 * A class's value measures the same overlap by the class's own box: how much of its ground is shared. A column in which the
 * class is constant counts as shared wholly or not at all. Throws `shape-mismatch`, `one-class`, `not-finite`.
 */
export function overlapVolume(data: DifficultyInput, options: PairOptions = {}): ClassMeasure {
  checkDifficultyInput(data);
  const values = denseValues(data.X);
  const ranges = rowsByClass(data.y).map((rows) => columnRanges(values, data.X.columns, rows));
  return meanOverPairs(data.y, options.seed, (_a, _b, pair) => {
    const [a, b] = [ranges[pair.a]!, ranges[pair.b]!];
    const overlap = overlapOf(a, b);
    return { value: volumeOfBoth(a, b, overlap), a: volumeOfOwn(a, overlap), b: volumeOfOwn(b, overlap) };
  });
}

function volumeOfBoth(a: ColumnRanges, b: ColumnRanges, overlap: ColumnRanges): number {
  let volume = 1;
  for (let f = 0; f < overlap.low.length; f++) {
    const range = Math.max(a.high[f]!, b.high[f]!) - Math.min(a.low[f]!, b.low[f]!);
    if (range > 0) volume *= Math.max(0, overlap.high[f]! - overlap.low[f]!) / range;
  }
  return volume;
}

function volumeOfOwn(own: ColumnRanges, overlap: ColumnRanges): number {
  let volume = 1;
  for (let f = 0; f < overlap.low.length; f++) {
    const range = own.high[f]! - own.low[f]!;
    const shared = overlap.high[f]! - overlap.low[f]!;
    if (range > 0) volume *= Math.max(0, shared) / range;
    else if (shared < 0) return 0;
  }
  return volume;
}
