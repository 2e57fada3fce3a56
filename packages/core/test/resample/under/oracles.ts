import fc from 'fast-check';
import type { Dataset } from '../../../src/data/dataset.ts';
import type { ClassLabel } from '../../../src/data/labels.ts';
import type { Matrix } from '../../../src/data/matrix.ts';
import { gaussianDataset, labelsOf, rowAt, rowsOf } from '../data.ts';

/** The methods by their definitions: all pairs, plain arrays, no thought for speed. */

export type DenseDataset = Dataset & { X: Matrix };

/** Small sets on a coarse grid, full of ties and duplicates, with two to four classes that all have rows. */
export const griddedSets: fc.Arbitrary<DenseDataset> = fc
  .record({
    classes: fc.integer({ min: 2, max: 4 }),
    rows: fc.array(fc.record({ cells: fc.tuple(fc.nat(4), fc.nat(4)), label: fc.nat(1000) }), {
      minLength: 6,
      maxLength: 30,
    }),
  })
  .map(({ classes, rows }) => ({
    X: rowsOf(rows.map(({ cells }) => cells)),
    // Squared, so that classes differ in size; the first rows see to it that each has one.
    y: labelsOf(rows.map(({ label }, i) => (i < classes ? i : Math.floor((classes * (label / 1001) ** 2) / 1)))),
  }));

/** Normal rows, no ties, classes of 40, 25 and 12 rows, or as given, that overlap. */
export function overlappingSet(
  seed: number,
  labels: readonly ClassLabel[] = ['a', 'b', 'c'],
  sizes: readonly number[] = [40, 25, 12],
): DenseDataset {
  const counts = labels.map((label, i) => [label, sizes[i]!] as const);
  const { X, y } = gaussianDataset(counts, 3, seed);
  const cells = X.data.map((value, i) => value - 1.4 * y.codes[Math.floor(i / X.columns)]!);
  return { X: { ...X, data: cells }, y };
}

const tables = new WeakMap<Matrix, Float64Array>();

/** Euclidean distance, from a table of all pairs that is made once for each set. */
export function distance(X: Matrix, a: number, b: number): number {
  let table = tables.get(X);
  if (!table) {
    const rows = Array.from({ length: X.rows }, (_, row) => rowAt(X, row));
    const between = (one: number[], other: number[]) =>
      one.reduce((sum, value, j) => sum + (value - other[j]!) ** 2, 0);
    table = Float64Array.from(rows.flatMap((one) => rows.map((other) => Math.sqrt(between(one, other)))));
    tables.set(X, table);
  }
  return table[a * X.rows + b]!;
}

/** The k rows of `among` nearest to `row`, which is left out, by (distance, row). */
export function nearest(X: Matrix, row: number, k: number, among: readonly number[]): number[] {
  return among
    .filter((other) => other !== row)
    .map((other) => ({ other, apart: distance(X, row, other) }))
    .sort((a, b) => a.apart - b.apart || a.other - b.other)
    .slice(0, k)
    .map(({ other }) => other);
}

/** The commonest label; a tie goes to the tied label that comes first. */
export function mostCommon(labels: readonly number[]): number {
  const count = (label: number) => labels.filter((each) => each === label).length;
  return labels.reduce((best, label) => (count(label) > count(best) ? label : best));
}

export function allRows({ y }: Dataset): number[] {
  return [...y.codes.keys()];
}

export function sizesOf({ y }: Dataset): number[] {
  return y.classes.map((_, code) => y.codes.filter((each) => each === code).length);
}

/** Code of the smallest class, the first of those that tie. */
export function smallest(data: Dataset): number {
  const sizes = sizesOf(data);
  return sizes.indexOf(Math.min(...sizes));
}

/** Codes that `auto` cleans. */
export function autoTargets(data: Dataset): number[] {
  return sizesOf(data)
    .map((_, code) => code)
    .filter((code) => code !== smallest(data));
}

export function tomekOracle({ X, y }: DenseDataset, targets: readonly number[], among: readonly number[]): number[] {
  const links = new Map(among.map((row) => [row, nearest(X, row, 1, among)[0]!]));
  const link = (row: number) => links.get(row)!;
  return among.filter((row) => {
    const other = link(row);
    const linked = y.codes[other] !== y.codes[row] && link(other) === row;
    return !(linked && targets.includes(y.codes[row]!));
  });
}

export function editOracle(
  { X, y }: DenseDataset,
  targets: readonly number[],
  among: readonly number[],
  k: number,
  kindSel: 'all' | 'mode',
): number[] {
  return among.filter((row) => {
    if (!targets.includes(y.codes[row]!)) return true;
    const labels = nearest(X, row, k, among).map((other) => y.codes[other]!);
    if (kindSel === 'all') return labels.every((label) => label === y.codes[row]);
    return mostCommon(labels) === y.codes[row];
  });
}

/** 1-NN over the store: the label of the nearest row, the row itself included where the store has it. */
export function classify({ X, y }: DenseDataset, row: number, store: readonly number[], k = 1): number {
  const near = store
    .map((other) => ({ other, apart: distance(X, row, other) }))
    .sort((a, b) => a.apart - b.apart || a.other - b.other)
    .slice(0, k);
  return mostCommon(near.map(({ other }) => y.codes[other]!));
}
