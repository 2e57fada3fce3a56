import type { Labels } from '../data/labels.ts';
import { type ClassMeasure, classMeans, frozenMeasure } from './class-measure.ts';
import { rowsByClass } from './difficulty-input.ts';
import type { Geometry } from './geometry.ts';

/**
 * N1: share of rows that an edge of the minimum spanning tree joins to a row of another class (Lorena et al. 2019, as ECoL;
 * problexity divides half the number of such edges by n, which is not a share of rows).
 */
export function borderlineFraction(y: Labels, { treeParent }: Geometry): ClassMeasure {
  const atBorder = new Uint8Array(treeParent.length);
  for (const [row, parent] of treeParent.entries()) {
    if (parent < 0 || y.codes[row] === y.codes[parent]) continue;
    atBorder[row] = 1;
    atBorder[parent] = 1;
  }
  return classMeans(y, allRows(y), atBorder);
}

/**
 * N2: `r / (1 + r)`, r the sum of distances to the nearest row of the same class over that of distances to the nearest row of
 * another. Rows that are alone in their class are left out of both sums. 1/2 where all these distances are 0; null for a
 * class of one row, and 1/2 for the whole if every class has one.
 */
export function intraInterRatio(y: Labels, { friendDistance, enemyDistance }: Geometry): ClassMeasure {
  const intra = new Float64Array(y.classes.length);
  const inter = new Float64Array(y.classes.length);
  for (const [row, code] of y.codes.entries()) {
    if (friendDistance[row] === Number.POSITIVE_INFINITY) continue;
    intra[code]! += friendDistance[row]!;
    inter[code]! += enemyDistance[row]!;
  }
  const ratio = (a: number, b: number) => (a + b > 0 ? a / (a + b) : 0.5);
  const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
  const perClass = rowsByClass(y).map((rows, code) => (rows.length > 1 ? ratio(intra[code]!, inter[code]!) : null));
  return frozenMeasure(ratio(sum(intra), sum(inter)), perClass);
}

/** N3: share of rows whose nearest row, by (distance, row index), is of another class: the leave-one-out error of 1-NN. */
export function nearestNeighbourError(y: Labels, geometry: Geometry): ClassMeasure {
  const { friendDistance, enemyDistance, nearestFriend, nearestEnemy } = geometry;
  const wrong = Uint8Array.from(friendDistance, (friend, row) => {
    const enemy = enemyDistance[row]!;
    return enemy < friend || (enemy === friend && nearestEnemy[row]! < nearestFriend[row]!) ? 1 : 0;
  });
  return classMeans(y, allRows(y), wrong);
}

/**
 * LSC: `1 - sum |LS| / n^2`, where the local set of a row holds the rows nearer than its nearest row of another class, itself
 * included. A class's value compares with its own size, `1 - sum |LS| / n_c^2`: 0 if no other class comes between its rows.
 */
export function localSetCardinality(y: Labels, { localSet }: Geometry): ClassMeasure {
  const sums = new Float64Array(y.classes.length);
  for (const [row, code] of y.codes.entries()) sums[code]! += localSet[row]!;
  const total = sums.reduce((sum, value) => sum + value, 0);
  const sizes = rowsByClass(y).map((rows) => rows.length);
  const perClass = sizes.map((size, code) => (size > 0 ? 1 - sums[code]! / size ** 2 : null));
  return frozenMeasure(1 - total / y.codes.length ** 2, perClass);
}

function allRows(y: Labels): Int32Array {
  return Int32Array.from(y.codes.keys());
}
