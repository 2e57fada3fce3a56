import type { Dataset, NumericRows } from '../../src/data/dataset.ts';
import { matrix } from '../../src/data/matrix.ts';

const codes = Int32Array.of(0, 1, 0, 1);
const X = matrix(Float64Array.of(0, 1, 2, 3, 4, 5, 6, 7), 4, 2);
const labelled = (...classes: unknown[]) => ({ X, y: { codes, classes } });

/** Rows that nothing can be fitted to, with what is said of them. */
export const wrongRows: readonly (readonly [string, NumericRows, string])[] = [
  ['nothing', undefined, 'bad-rows'],
  ['null', null, 'bad-rows'],
  [
    'plain arrays',
    [
      [1, 2],
      [3, 4],
      [5, 6],
      [7, 8],
    ],
    'bad-rows',
  ],
  ['a table', { kind: 'table', rows: 4, columns: [] }, 'bad-rows'],
  ['numbers in an array', { kind: 'dense', rows: 4, columns: 1, data: [1, 2, 3, 4] }, 'bad-rows'],
  ['too few numbers', { kind: 'dense', rows: 4, columns: 2, data: new Float64Array(4) }, 'shape-mismatch'],
].map(([what, rows, code]) => [what, rows, code] as unknown as readonly [string, NumericRows, string]);

/** Data that no learner can take, with what is said of them. */
export const wrongData: readonly (readonly [string, Dataset, string])[] = [
  ['no data', undefined, 'bad-rows'],
  ...wrongRows.map(([what, rows, code]) => [what, { X: rows, y: { codes, classes: ['a', 'b'] } }, code]),
  ['no columns', { X: matrix(new Float64Array(0), 4, 0), y: { codes, classes: ['a', 'b'] } }, 'no-columns'],
  ['no labels', { X }, 'bad-labels'],
  ['labels in an array', { X, y: ['a', 'b', 'a', 'b'] }, 'bad-labels'],
  ['codes without classes', { X, y: { codes } }, 'bad-labels'],
  ['a class named twice', labelled('a', 'a'), 'bad-labels'],
  ['a number beside its name', labelled(1, '1'), 'bad-labels'],
  ['a class NaN', labelled(Number.NaN, 1), 'bad-labels'],
  ['truth values', labelled(true, false), 'bad-labels'],
  ['a class null', labelled(null, 'x'), 'bad-labels'],
  ['too few labels', { X, y: { codes: codes.slice(1), classes: ['a', 'b'] } }, 'shape-mismatch'],
  ['too few weights', { ...labelled('a', 'b'), weights: new Float64Array(3) }, 'shape-mismatch'],
].map(([what, data, code]) => [what, data, code] as unknown as readonly [string, Dataset, string]);

/** Options that nothing has, with what is said of them. */
export const wrongOptions: readonly (readonly [string, object, RegExp])[] = [
  ['a misspelt name', { seeed: 1, zebra: 2 }, /has no option "seeed"/],
  ['null', null as unknown as object, /options of .* must be an object, got null/],
  ['a number', 5 as unknown as object, /must be an object, got a number/],
  ['a list', ['seed'], /must be an object, got an array/],
];
