import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

// What a command line meets in the wild. `make(folder)` writes the input and returns the arguments of `run` before
// `--out`. `expect` is `refused` (code 2, one line, nothing left), `accepted` (code 0, all four files) or `either` of
// the two, where both are right answers. `says` must stand in the line of a refusal.

/** A deterministic number in 0 .. 1 for a row and a column. */
function noise(row, column) {
  const x = Math.sin(row * 12.9898 + column * 78.233) * 43758.5453;
  return x - Math.floor(x);
}

const classOf = (row) => (row % 8 === 0 ? 'yes' : 'no');

/** Cells of a plain table that is fit to be run: two numbers, a category and the class. */
const plainRow = (row) => [
  noise(row, 1).toFixed(4),
  (noise(row, 2) + (classOf(row) === 'yes' ? 0.4 : 0)).toFixed(4),
  'abc'[Math.floor(noise(row, 3) * 3)],
  classOf(row),
];

const plainHeader = ['height', 'weight', 'kind', 'sick'];

function csv(header, rows, rowOf) {
  const lines = [header.join(',')];
  for (let row = 0; row < rows; row++) lines.push(rowOf(row).join(','));
  return `${lines.join('\n')}\n`;
}

/** The plain table with one thing changed. */
const plain = (change = (cells) => cells, rows = 400) => csv(plainHeader, rows, (row) => change(plainRow(row), row));

const file =
  (name, content, target = 'sick') =>
  (folder) => {
    writeFileSync(join(folder, name), content());
    return [join(folder, name), '--target', target];
  };

const quoted = (text) => `"${text.replaceAll('"', '""')}"`;

const hostileName = '<script>alert("x")</script> & \'q\' 🦄\nsecond line';
const hostileValues = [
  '<img src=x onerror=alert(1)>',
  'a "quoted" one, with comma',
  'two\nlines',
  '🦄 Ünïcödé \u202e',
  '</script>',
];

const hostileTable = () =>
  csv([quoted(hostileName), 'weight', '"kind"', '"<b>sick</b>"'], 400, (row) => [
    quoted(hostileValues[row % hostileValues.length]),
    plainRow(row)[1],
    plainRow(row)[2],
    quoted(classOf(row) === 'yes' ? '<i>yes</i> "🦄"' : "no, 'never'\n&amp;"),
  ]);

function wideTable(folder) {
  const path = join(folder, 'wide.csv');
  const out = openSync(path, 'w');
  const columns = Array.from({ length: 4999 }, (_, column) => `x${column}`);
  writeSync(out, `${columns.join(',')},sick\n`);
  for (let row = 0; row < 300; row++) {
    writeSync(out, `${columns.map((_, column) => noise(row, column).toFixed(3)).join(',')},${classOf(row)}\n`);
  }
  closeSync(out);
  return [path, '--target', 'sick'];
}

function binary() {
  const bytes = Buffer.alloc(20_000);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Math.floor(noise(i, 9) * 256);
  return bytes;
}

/** UTF-16 as Windows programs save it. */
const utf16 = (text, swap) => {
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
  return swap ? bytes.swap16() : bytes;
};

export const badInputs = [
  {
    name: 'missing file',
    expect: 'refused',
    says: 'absent.csv',
    make: (folder) => [join(folder, 'absent.csv'), '--target', 'sick'],
  },
  { name: 'a folder instead of a file', expect: 'refused', make: (folder) => [folder, '--target', 'sick'] },
  { name: 'empty file', expect: 'refused', says: 'empty', make: file('empty.csv', () => '') },
  { name: 'header only', expect: 'refused', says: 'row', make: file('header.csv', () => plain(undefined, 0)) },
  {
    name: 'target not given',
    expect: 'refused',
    says: '--target',
    make: (folder) => file('data.csv', plain)(folder).slice(0, 1),
  },
  { name: 'target column absent', expect: 'refused', says: 'sick', make: file('data.csv', plain, 'sikc') },
  {
    name: 'one class only',
    expect: 'refused',
    says: 'class',
    make: file('one.csv', () => plain((c) => [...c.slice(0, 3), 'no'])),
  },
  { name: 'target all missing', expect: 'refused', make: file('none.csv', () => plain((c) => [...c.slice(0, 3), ''])) },
  {
    name: 'a class with one row',
    expect: 'refused',
    says: 'yes',
    make: file('single.csv', () => plain((c, row) => [...c.slice(0, 3), row === 7 ? 'yes' : 'no'])),
  },
  {
    name: 'a class with two rows',
    expect: 'refused',
    says: 'yes',
    make: file('two.csv', () => plain((c, row) => [...c.slice(0, 3), row === 7 || row === 90 ? 'yes' : 'no'])),
  },
  {
    name: 'more than 1,000 classes, a number',
    expect: 'refused',
    says: 'regression',
    make: file('price.csv', () => plain((c, row) => [...c.slice(0, 3), (noise(row, 5) * 1000).toFixed(3)], 3000)),
  },
  {
    name: 'all columns constant',
    expect: 'refused',
    says: 'one value',
    make: file('constant.csv', () => plain((c) => ['1', '2', 'a', c[3]])),
  },
  {
    name: 'the target alone',
    expect: 'refused',
    make: file('alone.csv', () => csv(['sick'], 400, (row) => [classOf(row)])),
  },
  {
    name: 'NaN and infinities',
    expect: 'either',
    make: file('infinite.csv', () =>
      plain((c, row) => [['NaN', 'inf', '-inf', 'Infinity', '1e999'][row] ?? c[0], ...c.slice(1)]),
    ),
  },
  { name: 'a column of NaN', expect: 'accepted', make: file('nan.csv', () => plain((c) => ['NaN', ...c.slice(1)])) },
  {
    name: 'duplicate column names',
    expect: 'refused',
    says: 'height',
    make: file('twice.csv', () => plain().replace('height,weight', 'height,height')),
  },
  {
    name: 'ragged: a row too short',
    expect: 'refused',
    says: 'line',
    make: file('short.csv', () => plain((c, row) => (row === 200 ? c.slice(0, 2) : c))),
  },
  {
    name: 'ragged: a row too long',
    expect: 'refused',
    says: 'line',
    make: file('long.csv', () => plain((c, row) => (row === 200 ? [...c, 'more'] : c))),
  },
  {
    name: 'a quote that never closes',
    expect: 'refused',
    make: file('quote.csv', () => plain((c, row) => (row === 200 ? [c[0], c[1], `"${c[2]}`, c[3]] : c))),
  },
  {
    name: 'a cell of 10 MB',
    expect: 'either',
    make: file('cell.csv', () => plain((c, row) => (row === 200 ? [c[0], c[1], 'x'.repeat(10_000_000), c[3]] : c))),
  },
  { name: 'UTF-16 with BOM', expect: 'either', make: file('utf16.csv', () => utf16(plain(), false)) },
  { name: 'UTF-16 big-endian with BOM', expect: 'either', make: file('utf16be.csv', () => utf16(plain(), true)) },
  { name: 'UTF-8 with BOM', expect: 'accepted', make: file('bom.csv', () => `\ufeff${plain()}`, 'sick') },
  {
    name: 'UTF-8 with BOM, target in the first column',
    expect: 'accepted',
    make: file(
      'bom1.csv',
      () => `\ufeff${csv(['sick', 'height', 'weight'], 400, (row) => [classOf(row), ...plainRow(row).slice(0, 2)])}`,
      'sick',
    ),
  },
  {
    name: 'Latin-1',
    expect: 'either',
    make: file('latin1.csv', () =>
      Buffer.from(
        plain((c, row) => (row % 3 ? c : [c[0], c[1], 'né', c[3]])),
        'latin1',
      ),
    ),
  },
  { name: 'binary file named .csv', expect: 'refused', make: file('binary.csv', binary) },
  {
    name: 'a Parquet file cut short',
    expect: 'refused',
    make: file('cut.parquet', () => Buffer.concat([Buffer.from('PAR1'), binary()])),
  },
  {
    name: 'HTML, quotes, newlines, emoji in names and values',
    expect: 'accepted',
    html: true,
    make: file('hostile.csv', hostileTable, '<b>sick</b>'),
  },
  {
    name: 'Windows line ends, semicolons',
    expect: 'accepted',
    make: file('semicolon.csv', () => plain().replaceAll(',', ';').replaceAll('\n', '\r\n')),
  },
  { name: 'a table of 5,000 columns', expect: 'either', minutes: 10, make: wideTable },
];

/** A table large enough to be killed half way. */
export const longTable = () => plain(undefined, 12_000);

export const smallTable = () => plain();
