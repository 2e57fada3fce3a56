import { describe, expect, it } from 'vitest';
import { neighbourhoodTypes, rowTypes } from '../../src/measure/neighbourhood-types.ts';
import { around, clouds, find, impactToy, type LabelledSet, labelled, orderAround, tied } from './difficulty-sets.ts';

const typesOf = async (data: LabelledSet, pairRule?: 'counts') => {
  const found = await neighbourhoodTypes(data, await around(data), { find, pairRule });
  return Array.from(found.perRow, (type) => rowTypes[type]!);
};

/** Types by the words of Napierala and Stefanowski, from a full sort. */
function byHand({ X, y }: LabelledSet): string[] {
  const friends = (row: number) =>
    orderAround(X, row)
      .slice(0, 5)
      .filter((other) => y.codes[other] === y.codes[row]);
  return Array.from(y.codes, (_, row) => {
    const own = friends(row);
    if (own.length >= 4) return 'safe';
    if (own.length >= 2) return 'borderline';
    if (own.length === 0) return 'outlier';
    const company = friends(own[0]!);
    return company.length === 0 || (company.length === 1 && company[0] === row) ? 'rare' : 'borderline';
  });
}

describe('neighbourhoodTypes', () => {
  it('has the types of the golden toy', async () => {
    const types = await typesOf(impactToy);
    expect([0, 1, 2, 8, 9].map((row) => types[row])).toEqual([
      'borderline',
      'borderline',
      'borderline',
      'borderline',
      'outlier',
    ]);
  });

  it.each([clouds([60, 25], 2, 1), clouds([70, 20, 15], 3, 2, 0.5), tied(60, 3), tied(80, 4, 3)])(
    'follows the definition, also with ties, duplicates and more classes (%#)',
    async (data) => {
      expect(await typesOf(data)).toEqual(byHand(data));
    },
  );

  it('calls a pair rare, and a row borderline whose only companion has company', async () => {
    // Class 1 on a line among class 0: a pair far left; a tight trio on the right, with a row whose one friend is of the trio.
    const zeros = [-10.2, -10.1, -9.7, -9.6, -9.5, -9.4, 3.8, 3.9, 4.15, 4.25, 8.1, 8.2];
    const ones = [-10, -9.9, 4, 5.5, 5.6, 5.7, 5.8];
    const data = labelled(
      [...zeros, ...ones].map((x) => [x]),
      [...zeros.map(() => 0), ...ones.map(() => 1)],
    );
    const strict = (await typesOf(data)).slice(zeros.length);
    const loose = (await typesOf(data, 'counts')).slice(zeros.length);
    expect(loose.slice(0, 3)).toEqual(['rare', 'rare', 'rare']);
    expect(strict.slice(0, 3)).toEqual(['rare', 'rare', 'borderline']);
  });

  it('generalises by shares to other k, and compares them exactly', async () => {
    // 7 of 10 own neighbours are borderline, 8 safe.
    const ring = (own: number) =>
      labelled(
        [[0], ...Array.from({ length: 10 }, (_, i) => [1 + i / 100]), ...Array.from({ length: 9 }, (_, i) => [90 + i])],
        [1, ...Array.from({ length: 10 }, (_, i) => (i < own ? 1 : 0)), ...Array<number>(9).fill(0)],
      );
    for (const [own, type] of [
      [8, 'safe'],
      [7, 'borderline'],
      [4, 'borderline'],
      [3, 'rare'],
      [1, 'outlier'],
    ] as const) {
      const data = ring(own);
      const found = await neighbourhoodTypes(data, await around(data, 10), { find, pairRule: 'counts' });
      expect(rowTypes[found.perRow[0]!]).toBe(type);
    }
  });

  it('looks up companions that were not looked at, and weighs classes by their true sizes', async () => {
    const data = clouds([150, 20], 2, 7, 0.4);
    const all = byHand(data);
    const some = Int32Array.from(data.y.codes.keys()).filter((row) => data.y.codes[row] === 1 || row % 5 === 0);
    const found = await neighbourhoodTypes(data, await around(data, 5, some), { find });
    expect(Array.from(found.perRow, (type) => rowTypes[type]!)).toEqual(Array.from(some, (row) => all[row]!));
    const [majority, minority] = found.perClass;
    expect(found.shares.outlier).toBeCloseTo((150 * majority!.outlier + 20 * minority!.outlier) / 170, 14);
  });
});
