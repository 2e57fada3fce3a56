import type { ClassMeasure } from './class-measure.ts';
import { meanOverPairs, type PairOptions, type PairValue } from './class-pairs.ts';
import { columnRanges, overlapOf } from './column-ranges.ts';
import { checkDifficultyInput, type DifficultyInput, denseValues } from './difficulty-input.ts';

/**
 * F3 (Lorena et al. 2019): the least share of rows, over the columns, whose value lies where both classes have values (ends
 * included). One against one, then means. A class's value is the share of its own rows, by its own best column.
 * Throws `shape-mismatch`, `one-class`, `not-finite`.
 */
export function featureEfficiency(data: DifficultyInput, options: PairOptions = {}): ClassMeasure {
  checkDifficultyInput(data);
  const values = denseValues(data.X);
  const { columns } = data.X;
  return meanOverPairs(data.y, options.seed, (a, b) => {
    const overlap = overlapOf(columnRanges(values, columns, a), columnRanges(values, columns, b));
    const inA = countInside(values, columns, a, overlap.low, overlap.high);
    const inB = countInside(values, columns, b, overlap.low, overlap.high);
    const least = (counts: Int32Array, rows: number) =>
      counts.reduce((low, count) => Math.min(low, count), rows) / rows;
    const both = inA.map((count, f) => count + inB[f]!);
    return { value: least(both, a.length + b.length), a: least(inA, a.length), b: least(inB, b.length) };
  });
}

/**
 * F4 (Lorena et al. 2019): the share of rows left when one column after another, always the one that separates most of the
 * rows left (the first of equals), has removed the rows outside the overlap of the two classes; it ends when nothing more
 * can be removed or one class has gone. One against one, then means; a class's value is the share of its own rows left.
 * Throws `shape-mismatch`, `one-class`, `not-finite`.
 */
export function collectiveFeatureEfficiency(data: DifficultyInput, options: PairOptions = {}): ClassMeasure {
  checkDifficultyInput(data);
  const values = denseValues(data.X);
  return meanOverPairs(data.y, options.seed, (a, b) => removeSeparated(values, data.X.columns, a, b));
}

function removeSeparated(values: Float64Array, columns: number, a: Int32Array, b: Int32Array): PairValue {
  const unused = new Set(Array.from({ length: columns }, (_, f) => f));
  let leftA = a;
  let leftB = b;
  while (unused.size > 0 && leftA.length > 0 && leftB.length > 0) {
    const { low, high } = overlapOf(columnRanges(values, columns, leftA), columnRanges(values, columns, leftB));
    const inA = countInside(values, columns, leftA, low, high);
    const inB = countInside(values, columns, leftB, low, high);
    let best = -1;
    for (const f of unused) if (best < 0 || inA[f]! + inB[f]! < inA[best]! + inB[best]!) best = f;
    if (inA[best]! + inB[best]! === leftA.length + leftB.length) break;
    unused.delete(best);
    const stays = (row: number) => {
      const value = values[row * columns + best]!;
      return value >= low[best]! && value <= high[best]!;
    };
    leftA = leftA.filter(stays);
    leftB = leftB.filter(stays);
  }
  const left = leftA.length + leftB.length;
  return { value: left / (a.length + b.length), a: leftA.length / a.length, b: leftB.length / b.length };
}

function countInside(
  values: Float64Array,
  columns: number,
  rows: Int32Array,
  low: Float64Array,
  high: Float64Array,
): Int32Array {
  const counts = new Int32Array(columns);
  for (const row of rows) {
    for (let f = 0, at = row * columns; f < columns; f++, at++) {
      if (values[at]! >= low[f]! && values[at]! <= high[f]!) counts[f]!++;
    }
  }
  return counts;
}
