import { chmodSync, mkdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readTable } from '../../src/input/index.ts';
import { failureOf, temporaryFolder } from './temporary-folder.ts';

const folder = temporaryFolder();
const rows = (count: number, row = '1,x\n'): string => row.repeat(count);

describe('bad input is refused in one line that says what and where', () => {
  it.each<[string, string, string | Uint8Array, string, string]>([
    ['an empty file', 'empty.csv', '', 'empty-file', 'empty.csv is empty'],
    ['blank lines only', 'blank.csv', '\n \n\n', 'empty-file', 'blank.csv'],
    ['a header only', 'header.csv', 'a,b\n', 'no-rows', 'header but no rows'],
    [
      'two columns of one name',
      'twice.csv',
      'a,b,a\n1,2,3\n',
      'duplicate-column',
      'columns 1 and 3 are both called "a"',
    ],
    ['data without a header', 'headless.csv', '1,1\n2,2\n', 'duplicate-column', 'is the header line missing?'],
    [
      'a short row',
      'short.csv',
      `a,b,c\n1,2,3\n"x\ny",2,3\n4,5\n`,
      'ragged-row',
      'line 5: 2 values where the header has 3 columns',
    ],
    ['a long row far down', 'long-row.csv', `a,b\n${rows(300_000)}1,2,3\n`, 'ragged-row', 'line 300002: 3 values'],
    ['an open quote', 'open.csv', 'a,b\n1,"x\n2,y\n', 'open-quote', 'line 2'],
    ['an open quote far down', 'open-far.csv', `a,b\n${rows(200_000)}1,"x\n${rows(1000)}`, 'open-quote', 'line 200002'],
    ['an open quote in the header', 'open-header.csv', 'a,"b\n1,2\n', 'no-rows', 'open-header.csv'],
    ['text after a quote', 'after.csv', 'a,b\n1,x\n2,"y"z\n', 'text-after-quote', 'line 3'],
    ['an infinity', 'inf.csv', 'a,b\n1,2\n3,-inf\n', 'infinite-value', 'column "b", data row 2'],
    ['a number too large', 'huge.csv', 'a,b\n1,2\n1e999,4\n', 'infinite-value', 'column "a", data row 2'],
    ['a NUL byte', 'nul.csv', 'a,b\n1,x\n2,y\0\n', 'nul-bytes', 'line 3'],
    [
      'binary data',
      'binary.csv',
      new Uint8Array(5000).map((_, i) => (i * 7) % 256),
      'binary-file',
      'binary.csv is not a text file',
    ],
    ['a spreadsheet', 'sheet.csv', 'PK\x03\x04 and so on', 'binary-file', 'save the sheet as CSV'],
    ['Parquet called CSV', 'parquet.csv', 'PAR1....', 'binary-file', 'name it .parquet'],
    ['CSV called Parquet', 'text.parquet', 'a,b\n1,2\n', 'not-parquet', 'text.parquet is not a Parquet file'],
    ['CSV called gzip', 'text.csv.gz', 'a,b\n1,2\n', 'not-gzip', 'text.csv.gz'],
    [
      'a cut-off gzip file',
      'cut.csv.gz',
      gzipSync(rows(50_000, `${'1,2'}\n`)).subarray(0, 90),
      'broken-gzip',
      'cut.csv.gz',
    ],
  ])('%s', async (_, name, content, code, words) => {
    const failure = await failureOf(readTable(folder.write(name, content)));
    expect(failure.message).toContain(words);
    expect(failure.code).toBe(code);
    // Nothing of the library beneath, and no path of the machine.
    expect(failure.message).not.toMatch(/duckdb|strict_mode|read_csv|\/tmp/i);
  });

  it('a row too long below a single column', async () => {
    const failure = await failureOf(readTable(folder.write('one.csv', 'a\n1\n2,3\n')));
    expect(failure.message).toMatch(/line 3: 2 values where the header has 1 column$/);
  });

  it('a NUL byte far beyond the sample', async () => {
    const text = `a,b\n${rows(400_000)}1,y\0\n`;
    const failure = await failureOf(readTable(folder.write('late-nul.csv', text)));
    expect(failure.code).toBe('nul-bytes');
    expect(failure.message).toContain('column "b", data row 400001');
  });

  it('a missing file, with the name that was probably meant', async () => {
    folder.write('claims.csv', 'a,b\n1,x\n');
    const near = await failureOf(readTable(folder.path('claim.csv')));
    expect(near.code).toBe('no-such-file');
    expect(near.message).toBe('claim.csv does not exist; did you mean claims.csv?');
    expect((await failureOf(readTable(folder.path('nothing-like-it.tsv')))).message).toBe(
      'nothing-like-it.tsv does not exist',
    );
    expect((await failureOf(readTable(folder.path('no/such/folder.csv')))).code).toBe('no-such-file');
    expect((await failureOf(readTable(folder.path('none-*.csv')))).code).toBe('no-such-file');
    expect((await failureOf(readTable('https://example.org/data.csv'))).code).toBe('no-such-file');
  });

  it('a folder', async () => {
    mkdirSync(folder.path('some-folder'));
    expect((await failureOf(readTable(folder.path('some-folder')))).code).toBe('is-a-folder');
  });

  it.skipIf(process.getuid?.() === 0)('a file that may not be read', async () => {
    const path = folder.write('secret.csv', 'a,b\n1,x\n');
    chmodSync(path, 0o000);
    expect((await failureOf(readTable(path))).code).toBe('cannot-read');
  });

  it('files of one pattern with different headers or formats', async () => {
    folder.write('h-1.csv', 'a,b\n1,x\n');
    folder.write('h-2.csv', 'b,a\nx,1\n');
    expect((await failureOf(readTable(folder.path('h-*.csv')))).code).toBe('different-columns');
    folder.write('m-1.csv', 'a,b\n1,x\n');
    folder.write('m-2.jsonl', '{"a":1}\n');
    expect((await failureOf(readTable(folder.path('m-*')))).code).toBe('mixed-formats');
  });

  it('a column that is not there', async () => {
    const path = folder.write('columns.csv', 'a,b\n1,x\n');
    expect((await failureOf(readTable(path, { columns: ['c'] }))).details.column).toBe('c');
  });

  it('an aborted signal', async () => {
    const path = folder.write('abort.csv', 'a,b\n1,x\n');
    expect((await failureOf(readTable(path, { signal: AbortSignal.abort() }))).code).toBe('aborted');
  });
});
