import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Table } from '@counterweight/core';
import { describe, expect, it } from 'vitest';
import { openDatabase, readTable, sqlString } from '../../src/input/index.ts';
import { type RequiredColumn, type Scorer, scoreFile } from '../../src/predict/index.ts';
import { cellsOf, failureOf, kindsOf, temporaryFolder } from '../input/temporary-folder.ts';

const folder = temporaryFolder();
const leftovers = (path: string): string[] => readdirSync(dirname(path)).filter((name) => name.includes('.partial'));

const schema: RequiredColumn[] = [
  { name: 'x', kind: 'numeric' },
  { name: 'c', kind: 'categorical' },
];

/** Repeats what it was given, so that every output row can be checked against its input row. */
const echo: Scorer = {
  columns: [
    { name: 'p', type: 'DOUBLE' },
    { name: 'prediction', type: 'VARCHAR' },
  ],
  score: (table) => [
    Float64Array.from(cellsOf(table, 'x') as number[], (x) => x ?? Number.NaN),
    cellsOf(table, 'c') as string[],
  ],
};

const base = { schema, scorer: echo };

describe('scoring a file', () => {
  it('keeps every original cell as it was written, in CSV to CSV', async () => {
    const input = folder.write(
      'text.csv',
      'id,x,"a ""name"", 😀",c,zip\n1.50,NA,"<b>, ""q""\nx",red,007\n2,+3.0,NULL,,08\n 3 ,,plain"q,?,1e5\n',
    );
    const out = folder.path('text-out.csv');
    expect(await scoreFile({ ...base, input, out })).toEqual({ rows: 3, notices: [] });
    expect(readFileSync(out, 'utf8')).toBe(
      [
        'id,x,"a ""name"", 😀",c,zip,p,prediction',
        '1.50,NA,"<b>, ""q""\nx",red,007,,red',
        '2,+3.0,NULL,,08,3.0,',
        ' 3 ,,"plain""q",?,1e5,,',
        '',
      ].join('\n'),
    );
    expect(leftovers(out)).toEqual([]);
  });

  it('gives numbers and dates their types in Parquet, and text that only looks like a number none', async () => {
    const input = folder.write(
      'typed.csv',
      'whole,part,zip,day,when,word,x,c\n1,1.5,007,2026-01-31,2026-01-31T12:00:00+02:00,NA,1,a\n?,2,8,2026-02-01,,b,NA,b\n',
    );
    const out = folder.path('typed.parquet');
    await scoreFile({ ...base, input, out });
    const database = await openDatabase();
    const types = await database.query(`DESCRIBE SELECT * FROM ${sqlString(out)}`);
    const [first, second] = await database.query(
      `SELECT whole::INTEGER AS whole, zip, word, "when"::VARCHAR AS moment FROM ${sqlString(out)}`,
    );
    database.close();
    expect(types.map((row) => row['column_type'])).toEqual([
      'BIGINT',
      'DOUBLE',
      'VARCHAR',
      'DATE',
      'TIMESTAMP',
      'VARCHAR',
      'BIGINT',
      'VARCHAR',
      'DOUBLE',
      'VARCHAR',
    ]);
    expect(first).toEqual({ whole: 1, zip: '007', word: 'NA', moment: '2026-01-31 10:00:00' });
    expect(second).toEqual({ whole: null, zip: '8', word: 'b', moment: null });
  });

  it('falls back to text in Parquet where a later cell does not fit the type', async () => {
    const rows = Array.from(
      { length: 150_000 },
      (_, i) => `${i === 140_000 ? 'none' : i},${i === 149_000 ? '1.5' : i},1,a`,
    );
    const out = folder.path('later.parquet');
    await scoreFile({ ...base, input: folder.write('later.csv', `id,n,x,c\n${rows.join('\n')}\n`), out });
    const { table } = await readTable(out);
    expect(kindsOf(table)).toMatchObject({ id: 'categorical', n: 'numeric' });
    expect(cellsOf(table, 'n')[149_000]).toBe(1.5);
  });

  it.each([0, 1, 2047, 2048, 2049, 16_384, 16_385, 150_001])(
    'pairs %i rows with their scores, in order',
    async (count) => {
      const rows = Array.from({ length: count }, (_, i) => `${i},k${i % 1000},${i}\n`);
      const input = folder.write('many-in.csv', `x,c,id\n${rows.join('')}`);
      for (const extension of ['csv', 'parquet']) {
        const out = folder.path(`many.${extension}`);
        const { rows: scored, notices } = await scoreFile({ ...base, input, out });
        expect(scored).toBe(count);
        if (count === 0) {
          expect(notices).toMatchObject([{ code: 'no-rows' }]);
          if (extension === 'csv') expect(readFileSync(out, 'utf8')).toBe('x,c,id,p,prediction\n');
          continue;
        }
        const { table } = await readTable(out);
        const ids = cellsOf(table, 'id');
        expect(ids.every((id, row) => id === row)).toBe(true);
        expect(cellsOf(table, 'p')).toEqual(ids);
        expect(cellsOf(table, 'prediction')).toEqual(ids.map((id) => `k${(id as number) % 1000}`));
      }
    },
  );

  it('gives the same bytes for any number of threads, with a scorer that takes its time', async () => {
    const rows = Array.from(
      { length: 200_000 },
      (_, i) => `${i},k${i % 7},${'some words to fill the line '.repeat(3)}${i}\n`,
    );
    const input = folder.write('threads.csv', `x,c,id\n${rows.join('')}`);
    const slow: Scorer = {
      ...echo,
      async score(table, firstRow) {
        await new Promise((resolve) => setTimeout(resolve, 2));
        return echo.score(table, firstRow);
      },
    };
    const outputs: Buffer[] = [];
    for (const threads of [1, 4]) {
      const out = folder.path(`threads-${threads}.parquet`);
      await scoreFile({ ...base, scorer: slow, threads, input, out });
      outputs.push(readFileSync(out));
      const { table } = await readTable(out);
      expect(cellsOf(table, 'p').every((p, row) => p === row)).toBe(true);
    }
    expect(outputs[0]!.equals(outputs[1]!)).toBe(true);
  });

  it('reads and writes Parquet and JSON lines with the types of the input', async () => {
    const source = folder.path('input.parquet');
    const database = await openDatabase();
    await database.run(
      `COPY (SELECT i::INTEGER AS x, 'k' || (i % 3) AS c, DATE '2026-01-01' + i::INTEGER AS d, [i, i] AS l, i % 2 = 0 AS b
       FROM range(5000) r(i)) TO ${sqlString(source)} (FORMAT parquet)`,
    );
    database.close();
    for (const [input, name] of [
      [source, 'a.parquet'],
      [source, 'a.jsonl'],
      [folder.path('a.jsonl'), 'b.parquet'],
    ] as const) {
      const out = folder.path(name);
      const truth: RequiredColumn[] = [...schema, { name: 'b', kind: 'boolean' }, { name: 'd', kind: 'date-time' }];
      const scorer: Scorer = {
        columns: [
          { name: name === 'b.parquet' ? 'p2' : 'p', type: 'DOUBLE' },
          { name: name === 'b.parquet' ? 'day' : 'day1', type: 'DOUBLE' },
        ],
        score: (table: Table) => [
          Float64Array.from(cellsOf(table, 'b'), (b) => (b === true ? 1 : 0)),
          Float64Array.from(cellsOf(table, 'd') as number[]),
        ],
      };
      await scoreFile({ input, out, schema: truth, scorer });
      const { table } = await readTable(out);
      expect(cellsOf(table, 'x')).toEqual(Array.from({ length: 5000 }, (_, i) => i));
      expect(cellsOf(table, scorer.columns[0]!.name)).toEqual(Array.from({ length: 5000 }, (_, i) => 1 - (i % 2)));
      expect(cellsOf(table, scorer.columns[1]!.name)[2]).toBe(Date.UTC(2026, 0, 3));
    }
  });

  it('reads cells as training did: words for missing values, booleans, dates and times of day', async () => {
    const input = folder.write(
      'kinds.csv',
      'b,d,t,c\nTRUE,2026-01-31,00:00:01, ?\nNA,2026-01-31 10:00,,x\nfalse,nan,NULL,N/A\n',
    );
    const seen: Record<string, unknown> = {};
    await scoreFile({
      input,
      out: folder.path('kinds-out.csv'),
      schema: [
        { name: 'b', kind: 'boolean' },
        { name: 'd', kind: 'date-time' },
        { name: 't', kind: 'date-time' },
        { name: 'c', kind: 'categorical' },
      ],
      scorer: {
        columns: [],
        score(table) {
          for (const { name } of table.columns) seen[name] = cellsOf(table, name);
          return [];
        },
      },
    });
    expect(seen).toEqual({
      b: [true, null, false],
      d: [Date.UTC(2026, 0, 31), Date.UTC(2026, 0, 31, 10), null],
      t: [1000, null, null],
      c: [null, 'x', null],
    });
  });

  it('hands the same dictionary over while no new value appears, and never changes one', async () => {
    const rows = Array.from({ length: 60_000 }, (_, i) => `${i},${i < 40_000 ? `k${i % 3}` : 'new'}\n`);
    const dictionaries: (readonly string[])[] = [];
    const copies: string[][] = [];
    await scoreFile({
      input: folder.write('dictionary.csv', `x,c\n${rows.join('')}`),
      out: folder.path('dictionary-out.csv'),
      schema,
      scorer: {
        ...echo,
        score(table, firstRow) {
          const column = table.columns[1]!;
          if (column.kind === 'categorical' && dictionaries.at(-1) !== column.dictionary) {
            dictionaries.push(column.dictionary);
            copies.push([...column.dictionary]);
          }
          return echo.score(table, firstRow);
        },
      },
    });
    expect(dictionaries).toEqual(copies);
    expect(copies).toEqual([
      ['k0', 'k1', 'k2'],
      ['k0', 'k1', 'k2', 'new'],
    ]);
  });

  it('reports progress that ends at the number of rows', async () => {
    const events: { done: number; total: number }[] = [];
    const rows = Array.from({ length: 40_000 }, (_, i) => `${i},a\n`);
    const input = folder.write('progress.csv', `x,c\n${rows.join('')}`);
    await scoreFile({
      ...base,
      input,
      out: folder.path('progress-out.csv'),
      onProgress: (event) => events.push(event),
    });
    expect(events.at(-1)).toMatchObject({ done: 40_000, total: 40_000 });
    expect(events.every((event) => event.done <= event.total)).toBe(true);
  });

  it('keeps its memory bounded', async () => {
    const line = `${'text to fill a line with, '.replaceAll(',', ' ').repeat(8)}`;
    const input = folder.path('large.csv');
    const block = Array.from({ length: 10_000 }, (_, i) => `${i},k${i % 50},${line}${i}\n`).join('');
    writeFileSync(input, `x,c,filler\n${block.repeat(40)}`);
    const before = process.memoryUsage().rss;
    let peak = before;
    const scorer: Scorer = {
      ...echo,
      score(table) {
        peak = Math.max(peak, process.memoryUsage().rss);
        return [new Float64Array(table.rows), Array<string>(table.rows).fill('no')];
      },
    };
    await scoreFile({ ...base, scorer, input, out: folder.path('large-out.csv') });
    // The file has 90 MB; nothing near that may be held at once beside the buffers of the reader.
    expect(peak - before).toBeLessThan(250e6);
  }, 30_000);
});

describe('what cannot be scored is refused in one line, and nothing is written', () => {
  const refused = async (content: string, words: string, more: object = {}): Promise<string> => {
    const input = folder.write('bad.csv', content);
    const out = folder.path('bad-out.csv');
    const failure = await failureOf(scoreFile({ ...base, input, out, ...more }));
    expect(failure.message).toContain(words);
    expect(readdirSync(dirname(out))).not.toContain('bad-out.csv');
    expect(leftovers(out)).toEqual([]);
    return failure.code;
  };

  it('a missing column, with the nearest name', async () => {
    expect(await refused('X,c\n1,a\n', '"x", which the model needs; the nearest name in it is "X"')).toBe(
      'missing-column',
    );
  });

  it('a cell of another type: column, row and value', async () => {
    expect(await refused('x,c\n1,a\n2,b\nlow,c\n', 'column "x", data row 3 of bad.csv: "low" is not a number')).toBe(
      'retyped-column',
    );
    const rows = Array.from({ length: 150_000 }, (_, i) => `${i === 140_000 ? 'oops "x"' : i},a\n`);
    expect(await refused(`x,c\n${rows.join('')}`, 'data row 140001 of bad.csv: "oops \\"x\\""')).toBe('retyped-column');
    const truth = { schema: [{ name: 'x', kind: 'boolean' }], scorer: { columns: [], score: () => [] } };
    expect(await refused('x\ntrue\nyes\n', 'data row 2 of bad.csv: "yes" is not true or false', truth)).toBe(
      'retyped-column',
    );
    const day = { schema: [{ name: 'x', kind: 'date-time' }], scorer: { columns: [], score: () => [] } };
    expect(await refused('x,y\n2026-02-31,1\n', 'data row 1 of bad.csv: "2026-02-31" is not a date', day)).toBe(
      'retyped-column',
    );
  });

  it('an infinite value', async () => {
    expect(await refused('x,c\n1,a\n-inf,b\n', 'column "x", data row 2')).toBe('infinite-value');
  });

  it('a column that the model would add', async () => {
    expect(await refused('x,c,p\n1,a,2\n', 'already has a column "p"')).toBe('column-exists');
  });

  it('a ragged row far down', async () => {
    expect(await refused(`x,c\n${'1,a\n'.repeat(200_000)}1,a,b\n`, 'line 200002: 3 values')).toBe('ragged-row');
  });

  it('an unknown extension, the input itself, a folder that is not there', async () => {
    const input = folder.write('self.csv', 'x,c\n1,a\n');
    expect((await failureOf(scoreFile({ ...base, input, out: folder.path('o.txt') }))).code).toBe('unknown-format');
    expect((await failureOf(scoreFile({ ...base, input, out: input }))).code).toBe('output-is-input');
    expect((await failureOf(scoreFile({ ...base, input, out: folder.path('none/o.csv') }))).code).toBe('cannot-write');
  });

  it('an aborted signal, in the middle of the work', async () => {
    const controller = new AbortController();
    const input = folder.write('abort.csv', `x,c\n${'1,a\n'.repeat(100_000)}`);
    const out = folder.path('abort-out.csv');
    const scorer: Scorer = {
      ...echo,
      score(table, firstRow) {
        controller.abort();
        return echo.score(table, firstRow);
      },
    };
    expect((await failureOf(scoreFile({ ...base, scorer, input, out, signal: controller.signal }))).code).toBe(
      'aborted',
    );
    expect(readdirSync(dirname(out))).not.toContain('abort-out.csv');
    expect(leftovers(out)).toEqual([]);
  });
});
