import { readFileSync } from 'node:fs';
import * as core from '@counterweight/core';
import { plainCsv } from './places.mjs';

/**
 * A set as float64 rows with mean 0 and variance 1 a column, and labels numbered in order of their names. `null` where the
 * data folder has it not. Rows are jittered by a millionth, so that no distances tie, unless `jitter` is false.
 */
export function numericRows({ name, target, columns, rows, features, jitter = true }, data, folder) {
  const set = rows ? mixture(rows, features) : fromCsv(name, target, columns, data, folder);
  if (!set) return null;
  standardise(set.X, set.columns);
  if (jitter) {
    const stream = core.randomStream(1, 'jitter');
    for (let i = 0; i < set.X.length; i++) set.X[i] += 1e-6 * stream.normal();
  }
  return set;
}

/** Classes of 95 and 5 rows in 100, each four normal heaps of different spread, that overlap. */
export function mixture(rows, features) {
  const stream = core.randomStream(1, 'mixture');
  const heaps = Array.from({ length: 8 }, () => Array.from({ length: features }, () => 1.5 * stream.normal()));
  const X = new Float64Array(rows * features);
  const y = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    y[row] = stream.uniform() < 0.05 ? 1 : 0;
    const heap = stream.integer(4);
    for (let j = 0; j < features; j++) {
      X[row * features + j] = heaps[4 * y[row] + heap][j] * 0.7 + (0.5 + heap / 4) * stream.normal();
    }
  }
  return { X, y, columns: features };
}

/** The first `most` rows of the set in an order drawn at random, each class with its share. */
export function sampled({ X, y, columns }, most) {
  if (!most || y.length <= most) return { X, y, columns };
  const order = core.randomStream(1, 'sample').permutation(y.length).subarray(0, most);
  const picked = new Float64Array(most * columns);
  order.forEach((row, i) => {
    picked.set(X.subarray(row * columns, (row + 1) * columns), i * columns);
  });
  return { X: picked, y: order.map((row) => y[row]), columns };
}

function fromCsv(name, target, wanted, data, folder) {
  const path = data && plainCsv(data, name, folder);
  if (!path) return null;
  const [header, ...lines] = readFileSync(path, 'utf8').trimEnd().split(/\r?\n/);
  const names = header.split(',');
  const used = (wanted ?? names.filter((column) => column !== target)).map((column) => names.indexOf(column));
  const labelled = names.indexOf(target);
  const X = new Float64Array(lines.length * used.length);
  const labels = lines.map((line, row) => {
    const cells = line.split(',');
    used.forEach((column, j) => {
      X[row * used.length + j] = Number(cells[column]);
    });
    return cells[labelled];
  });
  if (!X.every(Number.isFinite)) throw new Error(`${name} has cells that are no numbers`);
  const classes = [...new Set(labels)].sort();
  return { X, y: Int32Array.from(labels, (label) => classes.indexOf(label)), columns: used.length };
}

function standardise(X, columns) {
  const rows = X.length / columns;
  for (let j = 0; j < columns; j++) {
    let mean = 0;
    for (let at = j; at < X.length; at += columns) mean += X[at] / rows;
    let variance = 0;
    for (let at = j; at < X.length; at += columns) variance += (X[at] - mean) ** 2 / rows;
    const scale = variance > 0 ? 1 / Math.sqrt(variance) : 1;
    for (let at = j; at < X.length; at += columns) X[at] = (X[at] - mean) * scale;
  }
}
