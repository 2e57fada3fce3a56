import { describe, expect, it } from 'vitest';
import { labelsFromColumn } from '../../src/data/labels-from-column.ts';
import { boolean, categorical, codeOf, dates, numeric, repeat, table } from './tables.ts';

const of = (column: Parameters<typeof table>[0]) => labelsFromColumn(table(column), column.name);

describe('labelsFromColumn', () => {
  it('sorts numbers by value, strings by code unit, and gives booleans as strings', () => {
    expect(of(numeric('y', [10, 9, -1, 9])).labels).toEqual({ classes: [-1, 9, 10], codes: Int32Array.of(2, 1, 0, 1) });
    expect(of(categorical('y', ['b', 'É', 'B', 'b'])).labels.classes).toEqual(['B', 'b', 'É']);
    expect(of(boolean('y', [true, false, true])).labels).toEqual({
      classes: ['false', 'true'],
      codes: Int32Array.of(1, 0, 1),
    });
  });

  it('takes -0 and 0 for one class', () => {
    expect(of(numeric('y', [-0, 0, 1])).labels.classes).toEqual([0, 1]);
  });

  it('leaves out rows without a target and says how many', () => {
    const { labels, rows, notices } = of(categorical('y', ['a', null, 'b', null, 'a']));
    expect([...rows]).toEqual([0, 2, 4]);
    expect([...labels.codes]).toEqual([0, 1, 0]);
    expect(notices).toMatchObject([{ code: 'missing-target', column: 'y', numbers: { rows: 2 } }]);
    expect(of(categorical('y', ['a', 'b'])).notices).toEqual([]);
  });

  it('drops dictionary entries that do not occur, and sorts whatever the order of the dictionary', () => {
    const { labels } = of(categorical('y', ['c', 'a', 'c'], ['never', 'c', 'a']));
    expect(labels).toEqual({ classes: ['a', 'c'], codes: Int32Array.of(1, 0, 1) });
  });

  it('names the nearest column, first one that differs in case only', () => {
    const data = table(numeric('Label', [1, 2]), numeric('labels', [1, 2]));
    expect(() => labelsFromColumn(data, 'LABEL')).toThrow(/did you mean "Label"/);
    expect(() => labelsFromColumn(data, 'lables')).toThrow(/did you mean "labels"/);
    expect(() => labelsFromColumn(data, 'something else')).toThrow(/the columns are "Label", "labels"/);
    expect(codeOf(() => labelsFromColumn(data, '__proto__'))).toBe('no-such-column');
  });

  it('refuses one class, dates, and a column without values', () => {
    expect(codeOf(() => of(categorical('y', ['a', 'a', null])))).toBe('one-class');
    expect(codeOf(() => of(dates('y', ['2020-01-01', '2021-01-01'])))).toBe('bad-target');
    expect(codeOf(() => of(numeric('y', [null, null])))).toBe('bad-target');
  });

  it('tells a quantity from classes', () => {
    expect(
      codeOf(() =>
        of(
          numeric(
            'y',
            repeat(3000, (i) => (i % 1500) / 7),
          ),
        ),
      ),
    ).toBe('looks-like-regression');
    expect(
      codeOf(() =>
        of(
          numeric(
            'y',
            repeat(1200, (i) => i),
          ),
        ),
      ),
    ).toBe('looks-like-regression');
    expect(
      codeOf(() =>
        of(
          numeric(
            'y',
            repeat(100, (i) => Math.sqrt(i)),
          ),
        ),
      ),
    ).toBe('looks-like-regression');
    expect(
      codeOf(() =>
        of(
          numeric(
            'y',
            repeat(9000, (i) => i % 1100),
          ),
        ),
      ),
    ).toBe('too-many-classes');
    expect(
      codeOf(() =>
        of(
          categorical(
            'y',
            repeat(1200, (i) => `id ${i}`),
          ),
        ),
      ),
    ).toBe('too-many-classes');
    expect(
      of(
        numeric(
          'y',
          repeat(3000, (i) => i % 1000),
        ),
      ).labels.classes,
    ).toHaveLength(1000);
    expect(
      of(
        numeric(
          'y',
          repeat(60, (i) => (i % 12) / 2),
        ),
      ).labels.classes,
    ).toHaveLength(12);
  });

  it('keeps classes that differ only in case or spaces apart, and says so', () => {
    const words = ['Yes', 'yes', 'no', 'yes ', 'No claim', 'No  Claim'];
    const { labels, notices } = of(categorical('y', [...words, 'Yes', 'no']));
    expect(labels.classes).toHaveLength(6);
    expect(notices).toMatchObject([{ code: 'classes-alike', column: 'y', numbers: { pairs: 3 } }]);
    expect(notices[0]?.message).toContain('differ only in case or spaces (2 more such pairs)');
    expect(of(categorical('y', ['yes', 'no', 'yes'])).notices).toEqual([]);
    expect(of(numeric('y', [1, 2, 1])).notices).toEqual([]);
  });

  it('keeps strange class names as they are', () => {
    const names = ['__proto__', 'constructor', '<b>x</b>', '', '👾', 'a\n"b"'];
    const { labels } = of(categorical('y', [...names, ...names]));
    expect(labels.classes).toEqual([...names].sort());
    expect(() => of(categorical('<i>\n"', ['a', 'a']))).toThrow(/^[^\n]*$/);
  });
});
