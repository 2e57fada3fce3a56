import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { duplicateAcrossSplit, duplicateGroups } from '../../src/data/duplicate-groups.ts';
import { boolean, categorical, numeric, repeat, table } from './tables.ts';

describe('duplicateGroups', () => {
  it('finds exactly the rows that are equal in every column', () => {
    const cell = fc.constantFrom(null, 0, -0, 1, 1e300, Number.MIN_VALUE);
    const row = fc.tuple(cell, fc.constantFrom(null, 'a', 'b'), fc.constantFrom(null, true, false));
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 120, size: 'max' }), (rows) => {
        const data = table(
          numeric(
            'n',
            rows.map(([n]) => n),
          ),
          categorical(
            'c',
            rows.map(([, c]) => c),
            ['a', 'b'],
          ),
          boolean(
            'b',
            rows.map(([, , b]) => b),
          ),
        );
        const keys = rows.map(([n, c, b]) => JSON.stringify([n === null ? null : n + 0, c, b]));
        const distinct = [...new Set(keys)];
        const { groupOf, groups, duplicateRows } = duplicateGroups(data);
        expect([...groupOf]).toEqual(keys.map((key) => distinct.indexOf(key)));
        expect(groups).toBe(distinct.length);
        expect(duplicateRows).toBe(rows.length - distinct.length);
      }),
    );
  });

  it('looks at the named columns only', () => {
    const data = table(numeric('a', [1, 1, 2]), numeric('id', [1, 2, 3]));
    expect(duplicateGroups(data).duplicateRows).toBe(0);
    expect(duplicateGroups(data, ['a']).duplicateRows).toBe(1);
  });

  it('is exact where many rows make equal hashes certain', () => {
    const data = table(
      numeric(
        'x',
        repeat(200_000, (i) => i * 1.1),
      ),
    );
    expect(duplicateGroups(data).groups).toBe(200_000);
  });
});

describe('duplicateAcrossSplit', () => {
  it('counts test rows that equal a training row', () => {
    const groups = duplicateGroups(table(numeric('a', [1, 2, 1, 3, 1])));
    const split = { train: Int32Array.of(0, 1), test: Int32Array.of(2, 3, 4) };
    const { rows, notices } = duplicateAcrossSplit(groups, split);
    expect(rows).toBe(2);
    expect(notices).toMatchObject([{ code: 'duplicates-across-split', numbers: { rows: 2, testRows: 3 } }]);
    expect(duplicateAcrossSplit(groups, { train: Int32Array.of(1), test: Int32Array.of(3) }).notices).toEqual([]);
  });
});
