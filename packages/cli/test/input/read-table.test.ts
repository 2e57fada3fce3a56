import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTable } from '../../src/input/index.ts';
import { cellsOf, kindsOf, temporaryFolder } from './temporary-folder.ts';

const folder = temporaryFolder();
const codesOf = (notices: readonly { code: string }[]): string[] => notices.map((notice) => notice.code);

describe('reading CSV', () => {
  it('gives each column the narrowest kind that all its cells agree on', async () => {
    const path = folder.write(
      'kinds.csv',
      [
        'n,e,b,d,t,when,c,yn',
        '1,1.5e3,true,2026-01-31,23:59:58,2026-01-31T12:00:00+02:00,red,yes',
        '-2,.5,False,2026-02-01,00:00:01,2026-01-31 10:00,blue,no',
        ',,,,,,,',
      ].join('\n'),
    );
    const { table, notices, source, format } = await readTable(path);
    expect(source).toBe('kinds.csv');
    expect(format).toBe('csv');
    expect(table.rows).toBe(3);
    expect(kindsOf(table)).toEqual({
      n: 'numeric',
      e: 'numeric',
      b: 'boolean',
      d: 'date-time',
      t: 'date-time',
      when: 'date-time',
      c: 'categorical',
      yn: 'categorical',
    });
    expect(cellsOf(table, 'e')).toEqual([1500, 0.5, null]);
    expect(cellsOf(table, 'b')).toEqual([true, false, null]);
    expect(cellsOf(table, 'd')).toEqual([Date.UTC(2026, 0, 31), Date.UTC(2026, 1, 1), null]);
    expect(cellsOf(table, 't')).toEqual([86_398_000, 1000, null]);
    expect(cellsOf(table, 'when')).toEqual([Date.UTC(2026, 0, 31, 10), Date.UTC(2026, 0, 31, 10), null]);
    expect(cellsOf(table, 'c')).toEqual(['red', 'blue', null]);
    expect(notices).toEqual([]);
  });

  it('sorts dictionaries by code unit, not by locale', async () => {
    const { table } = await readTable(folder.write('sorted.csv', 'a,b\né,1\nz,1\nZ,1\na,1\n😀,1\n'));
    const [column] = table.columns;
    expect(column?.kind === 'categorical' && column.dictionary).toEqual(['Z', 'a', 'z', 'é', '😀']);
  });

  it('counts words for missing values, and leaves empty cells uncounted', async () => {
    const path = folder.write('missing.csv', 'x,c\nNA,?\n1,red\n,\n nan ,N/A\nnull,NULL\n2,  \n');
    const { table, notices } = await readTable(path);
    expect(cellsOf(table, 'x')).toEqual([null, 1, null, null, null, 2]);
    expect(cellsOf(table, 'c')).toEqual([null, 'red', null, null, null, null]);
    expect(notices.map((notice) => [notice.code, notice.column, notice.numbers?.['cells']])).toEqual([
      ['tokens-read-as-missing', 'x', 3],
      ['tokens-read-as-missing', 'c', 3],
    ]);
  });

  it('takes other words for missing values, also such as look like numbers', async () => {
    const path = folder.write('minus.csv', 'x,c\n-999,NA\n5,b\n');
    const { table } = await readTable(path, { nullTokens: ['-999'] });
    expect(cellsOf(table, 'x')).toEqual([null, 5]);
    expect(cellsOf(table, 'c')).toEqual(['NA', 'b']);
  });

  it('finds a word or a category far beyond the sample, and reads the column again', async () => {
    const rows = Array.from({ length: 120_000 }, (_, i) => `${i},${i % 7},2026-01-01,k${i % 3}`);
    rows[110_000] = '110000,NA,2026-01-01,k2';
    rows[115_000] = '115000,3,tomorrow,k1';
    const { table, notices } = await readTable(folder.write('late.csv', `id,late,day,c\n${rows.join('\n')}\n`));
    expect(kindsOf(table)).toEqual({ id: 'numeric', late: 'numeric', day: 'categorical', c: 'categorical' });
    expect(cellsOf(table, 'late')[110_000]).toBeNull();
    expect(cellsOf(table, 'day')[115_000]).toBe('tomorrow');
    expect(codesOf(notices)).toEqual(['tokens-read-as-missing']);
    // Rows stay in the order of the file.
    expect((table.columns[0] as { values: Float64Array }).values.every((value, row) => value === row)).toBe(true);
  });

  it('reads a column of numbers with a word in it as categories, and names the word', async () => {
    const rows = Array.from({ length: 150_000 }, (_, i) => `${i % 1000},1`);
    rows[140_000] = 'unknown,1';
    const { table, notices } = await readTable(folder.write('mixed.csv', `x,y\n${rows.join('\n')}\n`));
    expect(kindsOf(table)['x']).toBe('categorical');
    expect(cellsOf(table, 'x')[140_000]).toBe('unknown');
    expect(notices).toMatchObject([{ code: 'mixed-column', column: 'x', numbers: { cells: 1, firstRow: 140_000 } }]);
  });

  it.each([
    ['decimal commas', ['0,35', '-1,5', '12,125', '3']],
    ['commas between thousands', ['1,200', '1,234,567.50', '8,000', '800']],
    ['points between thousands', ['1.200,5', '12.000,00', '3,1']],
    ['money', ['$1,200.50', '$ 90', '-$3']],
    ['money behind', ['1.200,50 €', '90 €', '3 €']],
    ['percent', ['12 %', '0.5%', '-3,5 %']],
  ])('names a column of numbers written with %s', async (_, cells) => {
    const rows = cells.map((cell) => `"${cell}",1`).join('\n');
    const { table, notices } = await readTable(folder.write('dressed.csv', `x,y\n${rows}\n`));
    expect(kindsOf(table)['x']).toBe('categorical');
    expect(notices).toMatchObject([{ code: 'dressed-numbers', severity: 'warning', column: 'x' }]);
    expect(notices[0]?.message).toContain(JSON.stringify(cells[0]));
  });

  it.each([
    ['versions', ['1.2.3', '1.2.4', '2.0.1']],
    ['dates', ['01.02.2024', '02.02.2024', '03.02.2024']],
    ['ranges', ['10-20', '20-30', '30-40']],
    ['telephones', ['030 1234', '040 5678', '089 1212']],
    ['lists', ['1, 2', '3, 4', '5, 6, 7']],
    ['words with one number', ['low', 'middle', 'high', '1,5', '2,5']],
  ])('takes no %s for numbers', async (_, cells) => {
    const rows = cells.map((cell) => `"${cell}",1`).join('\n');
    const { notices } = await readTable(folder.write('undressed.csv', `x,y\n${rows}\n`));
    expect(codesOf(notices)).toEqual([]);
  });

  it('takes a day that does not exist for text, not for a missing date', async () => {
    const { table } = await readTable(folder.write('february.csv', 'd,n\n2026-02-28,1\n2026-02-31,2\n'));
    expect(cellsOf(table, 'd')).toEqual(['2026-02-28', '2026-02-31']);
  });

  it('gives a column that is empty in the sample the kind of its later cells', async () => {
    const rows = Array.from({ length: 200_000 }, (_, i) => `${i},${i < 190_000 ? '' : i / 2}`);
    const { table } = await readTable(folder.write('empty-start.csv', `id,x\n${rows.join('\n')}\n`));
    expect(kindsOf(table)['x']).toBe('numeric');
    expect(cellsOf(table, 'x')[199_999]).toBe(99_999.5);
  });

  it('brings quotes, line ends, emoji and HTML through unharmed, in names and in cells', async () => {
    const name = 'the "<b>name</b>", 😀\nsecond line ';
    const cell = '<script>alert("x")</script>, 😀\r\nnext';
    const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
    const { table } = await readTable(folder.write('odd.csv', `${quoted(name)},n\n${quoted(cell)},1\nplain"quote,2\n`));
    expect(table.columns.map((column) => column.name)).toEqual([name, 'n']);
    expect(cellsOf(table, name)).toEqual([cell, 'plain"quote']);
  });

  it('keeps any strings, whatever the number of rows beside a chunk of 2,048', async () => {
    const cell = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
      .filter((text) => /[A-Za-z]/.test(text) && !text.includes('\0') && text === text.trim());
    await fc.assert(
      fc.asyncProperty(
        fc.array(cell, { minLength: 3, maxLength: 40 }),
        fc.constantFrom(2047, 2048, 2049),
        async (words, rows) => {
          const texts = Array.from({ length: rows }, (_, i) => words[i % words.length]!);
          const lines = texts.map((text) => `"x${text.replaceAll('"', '""')}",1`);
          const { table } = await readTable(folder.write('any.csv', `c,n\n${lines.join('\n')}\n`));
          expect(cellsOf(table, 'c')).toEqual(texts.map((text) => `x${text}`));
        },
      ),
      { numRuns: 6, seed: 1 },
    );
  });

  it.each([
    ['comma', 'a,b\n1,x\n'],
    ['semicolon', 'a;b\n1;x\n'],
    ['tab', 'a\tb\n1\tx\n'],
    ['bar', 'a|b\n1|x\n'],
    ['CRLF', 'a,b\r\n1,x\r\n'],
    ['CR', 'a,b\r1,x\r'],
    ['mixed line ends', 'a,b\r\n1,x\n'],
    ['no last line end', 'a,b\n1,x'],
    ['blank lines before', '\n\na,b\n1,x\n'],
    ['byte-order mark', '\ufeffa,b\n1,x\n'],
    ['byte-order mark and quotes', '\ufeff"a","b"\n1,"x"\n'],
  ])('reads %s', async (name, text) => {
    const { table } = await readTable(folder.write(`${name}.csv`, text));
    expect(table.columns.map((column) => column.name)).toEqual(['a', 'b']);
    expect(cellsOf(table, 'a')).toEqual([1]);
    expect(cellsOf(table, 'b')).toEqual(['x']);
  });

  it('evens mixed line ends outside quotes only', async () => {
    const { table } = await readTable(folder.write('mixed-ends.csv', 'a,b\r\n1,"x\r\ny"\n2,z\r\n'));
    expect(cellsOf(table, 'b')).toEqual(['x\r\ny', 'z']);
  });

  it('reads UTF-16 of both byte orders, also compressed', async () => {
    const text = '\ufeffname,n\ncafé 😀,1\n';
    const little = Buffer.from(text, 'utf16le');
    const big = Buffer.from(little).swap16();
    for (const [name, bytes] of [
      ['little.csv', little],
      ['big.csv', big],
      ['big.csv.gz', gzipSync(big)],
    ] as const) {
      const { table } = await readTable(folder.write(name, bytes));
      expect(cellsOf(table, 'name')).toEqual(['café 😀']);
    }
  });

  it('reads Latin-1 with a notice, also where the first such byte stands far down', async () => {
    const early = await readTable(folder.write('latin.csv', Buffer.from('name,n\ncaf\xe9,1\n', 'latin1')));
    expect(cellsOf(early.table, 'name')).toEqual(['café']);
    expect(codesOf(early.notices)).toEqual(['read-as-latin-1']);
    const rows = `${'some words,1\n'.repeat(150_000)}caf\xe9,1\n`;
    const late = await readTable(folder.write('late-latin.csv', Buffer.from(`name,n\n${rows}`, 'latin1')));
    expect(cellsOf(late.table, 'name').at(-1)).toBe('café');
    expect(codesOf(late.notices)).toEqual(['read-as-latin-1']);
  });

  it('names an unnamed column by its position, and says so', async () => {
    const { table, notices } = await readTable(folder.write('unnamed.csv', 'a,,b,column_2\n1,2,3,4\n'));
    expect(table.columns.map((column) => column.name)).toEqual(['a', 'column_2_', 'b', 'column_2']);
    expect(codesOf(notices)).toEqual(['unnamed-column']);
  });

  it('takes the first line for the header even where it looks like data, and warns', async () => {
    const { table, notices } = await readTable(folder.write('numbers.csv', '1,2\n3,4\n5,6\n'));
    expect(table.columns.map((column) => column.name)).toEqual(['1', '2']);
    expect(table.rows).toBe(2);
    expect(codesOf(notices)).toEqual(['header-looks-like-data']);
    const text = await readTable(folder.write('words.csv', 'a,b\nc,d\n'));
    expect(text.table.columns.map((column) => column.name)).toEqual(['a', 'b']);
  });

  it('keeps apart names that differ in case only', async () => {
    const { table } = await readTable(folder.write('case.csv', 'Age,age,AGE\n1,2,3\n'));
    expect(table.columns.map((column) => [column.name, cellsOf(table, column.name)[0]])).toEqual([
      ['Age', 1],
      ['age', 2],
      ['AGE', 3],
    ]);
  });

  it('warns of whole numbers that a double cannot hold', async () => {
    const { notices } = await readTable(folder.write('ids.csv', 'id,x\n9007199254740993,1e300\n12,0.5\n'));
    expect(notices).toMatchObject([{ code: 'rounded-integers', column: 'id', numbers: { cells: 1 } }]);
  });

  it('reads a cell of ten megabytes', async () => {
    const long = 'x'.repeat(10_000_000);
    const { table } = await readTable(folder.write('long.csv', `a,b\n1,${long}\n2,y\n`));
    expect(cellsOf(table, 'b')).toEqual([long, 'y']);
  });

  it('reads five thousand columns', async () => {
    const names = Array.from({ length: 5000 }, (_, i) => `c${i}`).join(',');
    const row = Array.from({ length: 5000 }, (_, i) => (i % 10 === 0 ? 'k' : i)).join(',');
    const { table } = await readTable(folder.write('wide.csv', `${names}\n${`${row}\n`.repeat(200)}`));
    expect(table.columns.length).toBe(5000);
    expect(table.columns.filter((column) => column.kind === 'categorical').length).toBe(500);
    expect(cellsOf(table, 'c4999')[199]).toBe(4999);
  }, 20_000);

  it('reads chosen columns in the order asked for', async () => {
    const { table } = await readTable(folder.write('chosen.csv', 'a,b,c\n1,2,3\n'), { columns: ['c', 'a'] });
    expect(table.columns.map((column) => column.name)).toEqual(['c', 'a']);
  });

  it('joins the files of a pattern in the order of their names', async () => {
    folder.write('part-2.csv', 'a,b\n3,z\n');
    folder.write('part-1.csv', 'a,b\n1,x\n2,y\n');
    const { table, source } = await readTable(folder.path('part-*.csv'));
    expect(source).toBe('part-*.csv');
    expect(cellsOf(table, 'a')).toEqual([1, 2, 3]);
    expect(cellsOf(table, 'b')).toEqual(['x', 'y', 'z']);
  });

  it('joins compressed and plain files', async () => {
    folder.write('both-1.csv.gz', gzipSync('a,b\n1,x\n'));
    folder.write('both-2.csv', 'a,b\n2,y\n');
    expect(cellsOf((await readTable(folder.path('both-*'))).table, 'a')).toEqual([1, 2]);
  });

  it('takes a file whose name looks like a pattern as itself', async () => {
    folder.write('x1.csv', 'a,b\n7,z\n');
    const { table } = await readTable(folder.write('x[1]*.csv', 'a,b\n1,x\n'));
    expect(cellsOf(table, 'a')).toEqual([1]);
  });

  it('reads single columns, tabs by extension, and compressed files by content', async () => {
    expect(cellsOf((await readTable(folder.write('one.csv', 'a\n1\n2\n'))).table, 'a')).toEqual([1, 2]);
    const tabs = await readTable(folder.write('tabs.tsv', 'a,b\tc\n1,5\t2\n'));
    expect(tabs.table.columns.map((column) => column.name)).toEqual(['a,b', 'c']);
    expect(cellsOf((await readTable(folder.write('zipped.csv', gzipSync('a,b\n1,x\n')))).table, 'a')).toEqual([1]);
  });
});

describe('labels of classes in CSV', () => {
  const read = async (labels: readonly string[]) => {
    const path = folder.write('labels.csv', `y,x\n${labels.map((label) => `${label},1`).join('\n')}\n`);
    const { table, notices } = await readTable(path, { target: 'y' });
    return { kind: kindsOf(table)['y'], cells: cellsOf(table, 'y'), notices: codesOf(notices) };
  };

  it.each([
    ['007', '7'],
    ['01', '1'],
    ['1.0', '1'],
    ['1e3', '1000'],
    ['-0', '0'],
    ['01', '02'],
    ['+1', '-1'],
    ['9007199254740993', '9007199254740992'],
  ])('keep their spelling where a number would lose it: %s and %s', async (one, two) => {
    const found = await read([one, two, one]);
    expect(found).toEqual({ kind: 'categorical', cells: [one, two, one], notices: ['labels-kept-as-text'] });
  });

  it.each([
    [['0', '1', '', 'NA'], [0, 1, null, null], ['tokens-read-as-missing']],
    [['1.0', '0.0', '1.0'], [1, 0, 1], []],
    [['-1', '1', '10'], [-1, 1, 10], []],
    [['0.5', '2.25', ' 1 '], [0.5, 2.25, 1], []],
  ])('are numbers where nothing is lost: %j', async (labels, cells, notices) => {
    expect(await read(labels)).toEqual({ kind: 'numeric', cells, notices });
  });

  it('are a quantity where there are many that are not whole, however they are spelled', async () => {
    const labels = Array.from({ length: 40 }, (_, i) => `${(i + 1) / 7}e-3`);
    expect((await read(labels)).kind).toBe('numeric');
  });

  it('warns of leading zeros in other columns', async () => {
    const { notices, table } = await readTable(folder.write('zip.csv', 'zip,n,y\n01002,0.5,a\n20001,0,b\n'), {
      target: 'y',
    });
    expect(kindsOf(table)['zip']).toBe('numeric');
    expect(notices.map(({ code, column }) => [code, column])).toEqual([['leading-zeros', 'zip']]);
  });

  it('keeps the cells of declared categories as they are spelled, whatever they look like', async () => {
    const csv = 'zip,code,day,flag,n,y\n007,1.0,2020-01-31,TRUE,1,a\n7,1,,true,2,b\n00501,NA,2020-02-01,false,3,a\n';
    const { notices, table } = await readTable(folder.write('codes.csv', csv), {
      target: 'y',
      categorical: ['zip', 'code', 'day', 'flag', 'y'],
    });
    const dictionaries = table.columns.map((column) => (column.kind === 'categorical' ? column.dictionary : null));
    expect(dictionaries).toEqual([
      ['00501', '007', '7'],
      ['1', '1.0'],
      ['2020-01-31', '2020-02-01'],
      ['TRUE', 'false', 'true'],
      null,
      ['a', 'b'],
    ]);
    expect(notices.map(({ code, column }) => [code, column])).toEqual([['tokens-read-as-missing', 'code']]);
  });
});
