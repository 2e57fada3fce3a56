import type { Labels } from '../data/labels.ts';
import { type ClassMeasure, classMeans } from './class-measure.ts';
import { rowsByClass } from './difficulty-input.ts';
import { enemyCounts, type Neighbourhoods } from './neighbourhoods.ts';

export interface NeighbourDisagreement {
  /** kDN of each row looked at: share of its neighbours that are of another class. */
  readonly perRow: Float64Array;
  /** Mean kDN. */
  readonly kdn: ClassMeasure;
  /** CM: share of rows with kDN above 1/2 (Anwar et al. 2014). */
  readonly commonMisclassification: ClassMeasure;
  /** degOver: share of rows with any neighbour of another class (Mercier et al. 2018). */
  readonly degreeOfOverlap: ClassMeasure;
  /** N3: share of rows whose nearest neighbour is of another class, the leave-one-out error of 1-NN. */
  readonly nearestNeighbourError: ClassMeasure;
  /**
   * D3: rows with less than half of their neighbours of their own class (Sotoca et al.); estimated, and then not whole
   * numbers, where not all rows were looked at.
   */
  readonly denseEnemies: ClassMeasure;
}

/** How many neighbours disagree with a row's class, by row, by class and for the whole set. */
export function neighbourDisagreement(y: Labels, around: Neighbourhoods): NeighbourDisagreement {
  const { k, rows, indices, codes } = around;
  const enemies = enemyCounts(around);
  const share = (test: (enemies: number, i: number) => boolean) =>
    classMeans(
      y,
      rows,
      Uint8Array.from(enemies, (count, i) => (test(count, i) ? 1 : 0)),
    );
  const perRow = Float64Array.from(enemies, (count) => count / k);
  const mostly = share((count) => 2 * count > k);
  const sizes = rowsByClass(y).map((of) => of.length);
  return Object.freeze({
    perRow,
    kdn: meanOfCounts(y, rows, enemies, k),
    commonMisclassification: mostly,
    degreeOfOverlap: share((count) => count > 0),
    nearestNeighbourError: share((_, i) => codes[indices[i * k]!] !== codes[rows[i]!]),
    denseEnemies: Object.freeze({
      value: mostly.value * codes.length,
      perClass: mostly.perClass.map((part, code) => (part === null ? null : part * sizes[code]!)),
    }),
  });
}

/** Counts are summed as integers, so that the mean of all is not off by roundings of k-ths. */
function meanOfCounts(y: Labels, rows: Int32Array, counts: Int32Array, k: number): ClassMeasure {
  const { value, perClass } = classMeans(y, rows, counts);
  return Object.freeze({ value: value / k, perClass: perClass.map((mean) => (mean === null ? null : mean / k)) });
}
