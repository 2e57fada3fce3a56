import { readFileSync } from 'node:fs';
import { plainCsv } from './places.mjs';

/**
 * A set as float64 rows, an empty cell NaN, its labels as they stand, and codes 1 for the rarer of two classes. Text columns
 * become codes in order of code unit (`encoding` "codes", listed in `categorical`) or a column of 0 and 1 a level
 * ("one-hot"); columns to `ignore` are left out. `null` where the data folder has it not.
 */
export function encodedRows({ name, target, ignore = [], encoding = 'codes' }, data, folder) {
  const path = data && plainCsv(data, name, folder);
  if (!path) return null;
  const [header, ...lines] = readFileSync(path, 'utf8').trimEnd().split(/\r?\n/);
  const cells = lines.map((line) => line.split(','));
  const names = header.split(',');
  const categorical = [];
  const columns = [];
  names.forEach((column, c) => {
    if (column === target || ignore.includes(column)) return;
    const texts = cells.map((row) => row[c]);
    if (texts.every((text) => text === '' || !Number.isNaN(Number(text)))) {
      columns.push(texts.map((text) => (text === '' ? Number.NaN : Number(text))));
      return;
    }
    const levels = [...new Set(texts.filter((text) => text !== ''))].sort();
    if (encoding === 'one-hot') for (const level of levels) columns.push(texts.map((text) => (text === level ? 1 : 0)));
    else {
      categorical.push(columns.length);
      const codes = new Map(levels.map((level, code) => [level, code]));
      columns.push(texts.map((text) => codes.get(text) ?? Number.NaN));
    }
  });
  const X = new Float64Array(cells.length * columns.length);
  columns.forEach((values, j) => {
    for (let i = 0; i < values.length; i++) X[i * columns.length + j] = values[i];
  });
  const labels = cells.map((row) => row[names.indexOf(target)]);
  const classes = [...new Set(labels)];
  const count = (label) => labels.filter((one) => one === label).length;
  const rare = classes.reduce((a, b) => (count(b) < count(a) ? b : a));
  const y = Int32Array.from(labels, (label) => (label === rare ? 1 : 0));
  return { X, y, labels, columns: columns.length, categorical };
}
