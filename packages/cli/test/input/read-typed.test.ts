import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openDatabase, readTable, sqlString } from '../../src/input/index.ts';
import { cellsOf, failureOf, kindsOf, temporaryFolder } from './temporary-folder.ts';

const folder = temporaryFolder();

async function parquet(name: string, query: string): Promise<string> {
  const database = await openDatabase();
  try {
    await database.run(`COPY (${query}) TO ${sqlString(folder.path(name))} (FORMAT parquet)`);
  } finally {
    database.close();
  }
  return folder.path(name);
}

describe('reading Parquet', () => {
  it('maps every type that a table can hold, and leaves the others out with a notice', async () => {
    const path = await parquet(
      'types.parquet',
      `SELECT * FROM (VALUES
        (1::TINYINT, 2::UBIGINT, 3::HUGEINT, 1.25::DECIMAL(9,2), 0.5::FLOAT, true, DATE '2026-01-31', TIMESTAMP '2026-01-31 10:00:00.5',
         TIMESTAMPTZ '2026-01-31 12:00:00+02', TIME '00:00:01', 'red', 'b'::ENUM('a','b'), [1,2], {x: 1}, 'ab'::BLOB, MAP {'k': 1}),
        (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'NA', NULL, NULL, NULL, NULL, NULL))
       t(tiny, big, huge, dec, flt, flag, day, stamp, zoned, tod, word, choice, list, struct, bytes, map)`,
    );
    const { table, notices, format } = await readTable(path);
    expect(format).toBe('parquet');
    expect(kindsOf(table)).toEqual({
      tiny: 'numeric',
      big: 'numeric',
      huge: 'numeric',
      dec: 'numeric',
      flt: 'numeric',
      flag: 'boolean',
      day: 'date-time',
      stamp: 'date-time',
      zoned: 'date-time',
      tod: 'date-time',
      word: 'categorical',
      choice: 'categorical',
    });
    expect(table.columns.map((column) => cellsOf(table, column.name)[0])).toEqual([
      1,
      2,
      3,
      1.25,
      0.5,
      true,
      Date.UTC(2026, 0, 31),
      Date.UTC(2026, 0, 31, 10, 0, 0, 500),
      Date.UTC(2026, 0, 31, 10),
      1000,
      'red',
      'b',
    ]);
    expect(table.columns.every((column) => cellsOf(table, column.name)[1] === null)).toBe(true);
    expect(notices.map((notice) => [notice.code, notice.column])).toEqual([
      ['column-left-out', 'list'],
      ['column-left-out', 'struct'],
      ['column-left-out', 'bytes'],
      ['column-left-out', 'map'],
      ['tokens-read-as-missing', 'word'],
    ]);
  });

  it('keeps text that looks like numbers as text, since the file says so', async () => {
    const { table } = await readTable(await parquet('text.parquet', `SELECT '007' AS id, 'true' AS word`));
    expect(kindsOf(table)).toEqual({ id: 'categorical', word: 'categorical' });
    expect(cellsOf(table, 'id')).toEqual(['007']);
  });

  it('keeps the order of the rows over row groups, and rounds nothing silently', async () => {
    const path = await parquet('long.parquet', 'SELECT i, 9007199254740993 + i AS id FROM range(300000) r(i)');
    const { table, notices } = await readTable(path);
    expect(cellsOf(table, 'i').every((value, row) => value === row)).toBe(true);
    expect(notices).toMatchObject([{ code: 'rounded-integers', column: 'id', numbers: { cells: 300_000 } }]);
  });

  it.each([
    ['infinite-value', `SELECT x FROM (VALUES (1.0), ('inf'::DOUBLE)) t(x)`, 'column "x", data row 2'],
    ['infinite-value', `SELECT x FROM (VALUES (DATE '2026-01-01'), ('infinity'::DATE)) t(x)`, 'column "x", data row 2'],
    ['no-rows', 'SELECT 1 AS x WHERE false', 'no rows'],
    ['no-columns', 'SELECT [1] AS x', 'no column'],
  ])('refuses: %s', async (code, query, words) => {
    const failure = await failureOf(readTable(await parquet('bad.parquet', query)));
    expect(failure.code).toBe(code);
    expect(failure.message).toContain(words);
  });

  it('refuses files of one pattern with different columns', async () => {
    await parquet('mix-1.parquet', 'SELECT 1 AS a');
    await parquet('mix-2.parquet', 'SELECT 1 AS b');
    expect((await failureOf(readTable(folder.path('mix-*.parquet')))).code).toBe('different-columns');
  });

  it('refuses a Parquet file that is cut off, without a word of the reader', async () => {
    const failure = await failureOf(readTable(folder.write('cut.parquet', 'PAR1 and then nothing of the kind')));
    expect(failure.code).toBe('not-parquet');
    expect(failure.message).toContain('cut.parquet');
  });
});

describe('reading JSON lines', () => {
  it('takes types from the values and missing from null and absence', async () => {
    const lines = [
      '{"n":1,"x":1.5,"b":true,"c":"red","d":"2026-01-31","m":1}',
      '{"n":2,"x":null,"b":false,"c":"NA","d":"2026-02-01","m":"two","late":5}',
      '{"n":3}',
    ];
    for (const [name, content] of [
      ['a.jsonl', lines.join('\n')],
      ['a.ndjson.gz', gzipSync(lines.join('\n'))],
    ] as const) {
      const { table, format } = await readTable(folder.write(name, content));
      expect(format).toBe('jsonl');
      expect(kindsOf(table)).toEqual({
        n: 'numeric',
        x: 'numeric',
        b: 'boolean',
        c: 'categorical',
        d: 'date-time',
        m: 'categorical',
        late: 'numeric',
      });
      expect(cellsOf(table, 'x')).toEqual([1.5, null, null]);
      expect(cellsOf(table, 'c')).toEqual(['red', null, null]);
      expect(cellsOf(table, 'd')).toEqual([Date.UTC(2026, 0, 31), Date.UTC(2026, 1, 1), null]);
      expect(cellsOf(table, 'm')).toEqual(['1', 'two', null]);
      expect(cellsOf(table, 'late')).toEqual([null, 5, null]);
    }
  });

  it('leaves nested values out with a notice', async () => {
    const { table, notices } = await readTable(
      folder.write('nested.jsonl', '{"a":1,"l":[1,2],"o":{"x":1}}\n{"a":2,"l":"x"}\n'),
    );
    expect(table.columns.map((column) => column.name)).toEqual(['a']);
    expect(notices.map((notice) => notice.column)).toEqual(['l', 'o']);
  });

  it.each([
    ['broken', '{"a":1}\n{"a":\n', 'line 2'],
    ['a bare value', '{"a":1}\n17\n', 'line 2'],
    ['no JSON at all', 'a,b\n1,2\n', 'line 1'],
  ])('refuses %s and names the line', async (name, content, words) => {
    const failure = await failureOf(readTable(folder.write(`${name}.jsonl`, content)));
    expect(failure.code).toBe('malformed-json');
    expect(failure.message).toContain(words);
  });
});
