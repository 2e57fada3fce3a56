import { describe, expect, it } from 'vitest';
import { asKind } from '../../src/data/as-kind.ts';
import { concatenateTables } from '../../src/data/concatenate.ts';
import { editDistance, nearestName } from '../../src/data/nearest-name.ts';
import { columnByName, selectColumns, selectRows } from '../../src/data/select.ts';
import type { CategoricalColumn } from '../../src/data/table.ts';
import { boolean, categorical, codeOf, dates, numeric, table } from './tables.ts';

const strings = (column: unknown) => {
  const { codes, dictionary } = column as CategoricalColumn;
  return Array.from(codes, (code) => (code < 0 ? null : dictionary[code]));
};

describe('selecting from tables', () => {
  const data = table(
    numeric('n', [1, null, 3]),
    categorical('c', ['x', 'y', null]),
    boolean('b', [true, null, false]),
    dates('d', ['2020-01-01', null, '2021-01-01']),
  );

  it('takes rows in any order and repeated, missing cells included', () => {
    const taken = selectRows(data, Int32Array.of(2, 0, 2, 1));
    expect(taken.rows).toBe(4);
    expect(columnByName(taken, 'n')).toEqual(numeric('n', [3, 1, 3, null]));
    expect(strings(columnByName(taken, 'c'))).toEqual([null, 'x', null, 'y']);
    expect(columnByName(taken, 'b')).toEqual(boolean('b', [false, true, false, null]));
    expect(codeOf(() => selectRows(data, Int32Array.of(3)))).toBe('bad-row');
  });

  it('takes columns in the order named', () => {
    expect(selectColumns(data, ['d', 'n']).columns.map(({ name }) => name)).toEqual(['d', 'n']);
  });

  it('joins tables with other dictionaries and another order of columns', () => {
    const a = table(categorical('c', ['m', 'z']), numeric('n', [1, 2]));
    const b = table(numeric('n', [3, null]), categorical('c', ['a', 'm']), numeric('extra', [0, 0]));
    const { table: joined, notices } = concatenateTables(a, b);
    expect(strings(joined.columns[0])).toEqual(['m', 'z', 'a', 'm']);
    expect((joined.columns[0] as CategoricalColumn).dictionary).toEqual(['a', 'm', 'z']);
    expect(joined.columns[1]).toEqual(numeric('n', [1, 2, 3, null]));
    expect(notices).toMatchObject([{ code: 'extra-columns' }]);
  });

  it('names the column that a second table lacks or has with other cells', () => {
    const a = table(numeric('n', [1]));
    expect(codeOf(() => concatenateTables(a, table(numeric('m', [1]))))).toBe('missing-column');
    expect(codeOf(() => concatenateTables(a, table(categorical('n', ['one']))))).toBe('retyped-column');
  });
});

describe('asKind', () => {
  it('writes numbers and truth values as strings', () => {
    expect(strings(asKind(numeric('n', [1, 0.5, null, 1, 1e21]), 'categorical'))).toEqual([
      '1',
      '0.5',
      null,
      '1',
      '1e+21',
    ]);
    expect(strings(asKind(boolean('b', [true, null, false]), 'categorical'))).toEqual(['true', null, 'false']);
  });

  it('takes a column without any value for every kind', () => {
    expect(asKind(categorical('c', [null, null]), 'numeric')).toEqual(numeric('c', [null, null]));
    expect(asKind(numeric('c', [null]), 'boolean')).toEqual(boolean('c', [null]));
  });

  it('never parses text', () => {
    expect(() => asKind(categorical('age', ['12', '13']), 'numeric')).toThrow(
      'column "age" should be numbers but holds text, such as "12"',
    );
    expect(codeOf(() => asKind(numeric('n', [0, 1]), 'boolean'))).toBe('retyped-column');
    expect(codeOf(() => asKind(dates('d', ['2020-01-01']), 'categorical'))).toBe('retyped-column');
  });
});

describe('nearestName', () => {
  it('counts insertions, deletions, replacements and swaps', () => {
    expect(editDistance('kitten', 'sitting')).toBe(3);
    expect(editDistance('', 'abc')).toBe(3);
    expect(editDistance('flaw', 'lawn')).toBe(2);
    expect(editDistance('lables', 'labels')).toBe(1);
    expect(editDistance('ca', 'abc')).toBe(3);
  });

  it('prefers a difference of case, and suggests nothing far away', () => {
    expect(nearestName('Target', ['targes', ' TARGET '])).toBe(' TARGET ');
    expect(nearestName('clas', ['glass', 'class'])).toBe('class');
    expect(nearestName('y', ['x', 'amount'])).toBeUndefined();
    expect(nearestName('zzzzzz', ['amount'])).toBeUndefined();
  });
});
