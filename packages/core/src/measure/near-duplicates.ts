import { CounterweightError } from '../runtime/errors.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import { breather } from './breathe.ts';
import { type ClassMeasure, classMeans } from './class-measure.ts';
import type { DifficultyInput } from './difficulty-input.ts';
import type { Neighbourhoods } from './neighbourhoods.ts';
import { nearestWithin } from './within-reach.ts';

export interface NearDuplicate {
  readonly row: number;
  /** The nearest row of another class, the first of equals. */
  readonly other: number;
  readonly distance: number;
}

export interface NearDuplicates {
  /** Each row looked at that has a near-duplicate of another class, from the nearest pair to the farthest, then by row. */
  readonly pairs: readonly NearDuplicate[];
  /** Distance up to which rows count as near-duplicates. */
  readonly tolerance: number;
  /** Share of rows that have one. */
  readonly share: ClassMeasure;
  /** Share of rows that equal a row of another class in every column: no learner can get both right. */
  readonly exactShare: ClassMeasure;
}

/**
 * Rows that another class has (almost) as well: at most `tolerance` apart, by default a hundredth of the median distance
 * from a row to its nearest neighbour, medians over the rows looked at that have no exact duplicate.
 *
 * Exact: where a row's neighbours are all of its class and no farther than the tolerance, all rows within the tolerance are
 * looked through. Throws `bad-option` for a negative tolerance, `aborted`.
 */
export async function crossClassDuplicates(
  data: DifficultyInput,
  around: Neighbourhoods,
  request: { readonly tolerance?: number | undefined } = {},
  options?: RunOptions,
): Promise<NearDuplicates> {
  const tolerance = request.tolerance ?? medianNearest(around) / 100;
  if (!(tolerance >= 0)) {
    throw new CounterweightError('bad-option', `tolerance must be a number from 0, got ${tolerance}`);
  }
  const { k, rows, indices, distances, codes } = around;
  const pairs: NearDuplicate[] = [];
  const open: number[] = [];
  for (let i = 0; i < rows.length; i++) {
    const own = codes[rows[i]!]!;
    let j = i * k;
    while (j < (i + 1) * k && codes[indices[j]!] === own) j++;
    if (j < (i + 1) * k) {
      if (distances[j]! <= tolerance) pairs.push({ row: rows[i]!, other: indices[j]!, distance: distances[j]! });
    } else if (distances[j - 1]! <= tolerance) open.push(rows[i]!);
  }
  if (open.length > 0) {
    const nearest = nearestWithin(data, tolerance);
    const breathe = breather(options, 'near-duplicates');
    for (const [i, row] of open.entries()) {
      await breathe(i, open.length);
      const { other, distance } = nearest(row);
      if (other >= 0) pairs.push({ row, other, distance });
    }
  }
  const near = pairs
    .filter(({ distance }) => distance <= tolerance)
    .sort((a, b) => a.distance - b.distance || a.row - b.row);
  const found = new Map(near.map(({ row, distance }) => [row, distance]));
  const shareOf = (test: (distance: number | undefined) => boolean) =>
    classMeans(
      data.y,
      rows,
      Array.from(rows, (row) => (test(found.get(row)) ? 1 : 0)),
    );
  return Object.freeze({
    pairs: Object.freeze(near),
    tolerance,
    share: shareOf((distance) => distance !== undefined),
    exactShare: shareOf((distance) => distance === 0),
  });
}

/** The median is the lower of the two middle ones; 0 if all rows have exact duplicates. */
function medianNearest({ k, rows, distances }: Neighbourhoods): number {
  const nearest = Float64Array.from(rows, (_, i) => distances[i * k]!)
    .filter((distance) => distance > 0)
    .sort();
  return nearest[(nearest.length - 1) >> 1] ?? 0;
}
