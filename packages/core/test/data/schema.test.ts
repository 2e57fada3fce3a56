import { describe, expect, it } from 'vitest';
import { inferSchema, leaveOutColumns } from '../../src/data/schema.ts';
import type { Column } from '../../src/data/table.ts';
import { boolean, categorical, codeOf, dates, numeric, repeat, table } from './tables.ts';

const rows = 200;
const inferred = (column: Column) => inferSchema(table(column)).columns[0]!;
const mixed = (i: number) => (i * 7919) % 200;

describe('inferSchema', () => {
  it('counts missing and distinct values', () => {
    expect(inferred(numeric('x', [1, null, 1, 2.5, null]))).toMatchObject({ missing: 2, distinct: 2, type: 'numeric' });
    expect(inferred(categorical('c', ['', 'a', null, ''], ['', 'a', 'unused']))).toMatchObject({
      missing: 1,
      distinct: 2,
    });
    expect(inferred(boolean('b', [true, null, false]))).toMatchObject({ missing: 1, distinct: 2, type: 'boolean' });
    expect(inferred(numeric('x', [0, -0, 1]))).toMatchObject({ distinct: 2 });
  });

  it('leaves out what is constant, but not one value beside missing cells', () => {
    expect(inferred(numeric('x', [3, 3, 3]))).toMatchObject({ type: 'constant', used: false });
    expect(inferred(categorical('c', [null, null]))).toMatchObject({
      type: 'constant',
      used: false,
      reason: 'no values',
    });
    expect(inferred(categorical('c', ['a', null]))).toMatchObject({ type: 'categorical', used: true });
  });

  it('finds row numbers, and only there', () => {
    const identifier = { type: 'identifier', used: false };
    expect(
      inferred(
        numeric(
          'n',
          repeat(rows, (i) => i),
        ),
      ),
    ).toMatchObject(identifier);
    expect(
      inferred(
        numeric(
          'n',
          repeat(rows, (i) => 1000 - 3 * i),
        ),
      ),
    ).toMatchObject(identifier);
    expect(inferred(numeric('n', repeat(rows, mixed)))).toMatchObject(identifier); // shuffled, without gaps
    const scattered = repeat(rows, (i) => mixed(i) * mixed(i));
    expect(inferred(numeric('customer_id', scattered))).toMatchObject(identifier);
    expect(inferred(numeric('customerId', scattered))).toMatchObject(identifier);
    expect(inferred(numeric('paid', scattered))).toMatchObject({ type: 'numeric', used: true });
    expect(inferred(numeric('balance', scattered))).toMatchObject({ type: 'numeric', used: true });
    expect(
      inferred(
        numeric(
          'id',
          repeat(rows, (i) => i + 0.5),
        ),
      ),
    ).toMatchObject({ type: 'numeric', used: true });
    expect(
      inferred(
        numeric(
          'year',
          repeat(rows, (i) => 1990 + (i >> 3)),
        ),
      ),
    ).toMatchObject({ type: 'numeric' });
    expect(inferred(numeric('n', [1, 2, 3, 4, 5]))).toMatchObject({ type: 'numeric' });
  });

  it('finds identifying strings, and tells text from both', () => {
    expect(
      inferred(
        categorical(
          'c',
          repeat(rows, (i) => `A${i}`),
        ),
      ),
    ).toMatchObject({ type: 'identifier' });
    expect(
      inferred(
        categorical(
          'c',
          repeat(rows, (i) => `name ${i % 120}`),
        ),
      ),
    ).toMatchObject({ type: 'identifier' });
    expect(
      inferred(
        categorical(
          'c',
          repeat(rows, (i) => `town ${i % 40}`),
        ),
      ),
    ).toMatchObject({ type: 'categorical' });
    const sentence = (i: number) => `please call ${i} about the prize you have won`;
    expect(inferred(categorical('c', repeat(rows, sentence)))).toMatchObject({ type: 'text', used: true });
    expect(
      inferred(
        categorical(
          'c',
          repeat(rows, (i) => sentence(i % 3)),
        ),
      ),
    ).toMatchObject({ type: 'categorical' });
  });

  it('keeps numbers with two values numeric, and dates dates', () => {
    expect(
      inferred(
        numeric(
          'flag',
          repeat(rows, (i) => i % 2),
        ),
      ),
    ).toMatchObject({ type: 'numeric', used: true });
    expect(inferred(dates('d', ['2020-01-01', '2020-01-02']))).toMatchObject({ type: 'date-time', used: true });
  });

  it('leaves out the target, what is ignored, and copies of earlier columns', () => {
    const schema = inferSchema(
      table(
        numeric('a', [1, null, 3]),
        numeric('b', [1, null, 3]),
        numeric('c', [1, 2, 3]),
        categorical('d', ['x', 'y', 'y']),
        categorical('e', ['p', 'q', 'q']),
        categorical('f', ['x', 'y', 'y']),
        numeric('y', [0, 1, 1]),
      ),
      { target: 'y', ignore: ['c'] },
    );
    expect(schema.columns.filter(({ used }) => used).map(({ name }) => name)).toEqual(['a', 'd', 'e']);
    expect(schema.columns.map(({ reason }) => reason)).toEqual([
      null,
      'same values as "a"',
      'ignored on request',
      null,
      null,
      'same values as "d"',
      'target',
    ]);
    expect(schema.notices.map(({ code, column }) => [code, column])).toEqual([
      ['duplicate-column', 'b'],
      ['duplicate-column', 'f'],
    ]);
  });

  it('says in one notice where many columns are copies', () => {
    const copies = repeat(9, (i) => numeric(`x${i}`, [1, 2]));
    expect(inferSchema(table(...copies)).notices).toMatchObject([
      { code: 'duplicate-column', numbers: { columns: 8 } },
    ]);
  });

  it('points out identifiers of groups and keeps them', () => {
    const { columns, notices } = inferSchema(
      table(
        numeric(
          'patient_id',
          repeat(rows, (i) => (i % 50) * 17),
        ),
      ),
    );
    expect(columns[0]).toMatchObject({ type: 'numeric', used: true });
    expect(notices).toMatchObject([{ code: 'group-identifier', column: 'patient_id' }]);
  });

  it('refuses repeated and unknown names', () => {
    expect(codeOf(() => inferSchema(table(numeric('a', [1]), numeric('a', [2]))))).toBe('duplicate-column-name');
    expect(codeOf(() => inferSchema(table(numeric('a', [1])), { ignore: ['b'] }))).toBe('no-such-column');
    expect(codeOf(() => inferSchema(table(numeric('a', [1])), { target: 'toString' }))).toBe('no-such-column');
  });

  it('leaves out more columns afterwards', () => {
    const schema = inferSchema(table(numeric('a', [1, 2]), numeric('b', [1, 3])));
    const less = leaveOutColumns(schema, ['a'], 'a leak');
    expect(less.columns.map(({ used, reason }) => [used, reason])).toEqual([
      [false, 'a leak'],
      [true, null],
    ]);
    expect(codeOf(() => leaveOutColumns(schema, ['c'], ''))).toBe('no-such-column');
  });

  it('holds 5,000 columns and odd names', () => {
    const wide = repeat(5000, (c) =>
      numeric(
        `x${c}`,
        repeat(20, (i) => Math.sin(c * 31 + i)),
      ),
    );
    const odd = ['__proto__', 'constructor', '', '👾', '<script>'].map((name, c) =>
      numeric(
        name,
        repeat(20, (i) => Math.cos(c * 7 + i)),
      ),
    );
    expect(inferSchema(table(...wide, ...odd)).columns.every(({ used }) => used)).toBe(true);
  });
});
