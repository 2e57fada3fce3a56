import * as core from '@counterweight/core';
import { encodedRows } from '../lib/encoded-rows.mjs';

const TEST_SHARE = 0.3;

/**
 * A set as numbers, a column of 0 and 1 a level, at most `rows` of its rows: a stratified draw, or with `keepRarest` all rows
 * of the rarest class and a draw of the others. Classes are numbered from the largest to the rarest.
 */
export function evidenceRows(set, data, folder) {
  const read = encodedRows({ ...set, encoding: 'one-hot' }, data, folder);
  if (!read) return null;
  const { X, labels, columns } = read;
  const counts = new Map();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const classes = [...counts.keys()].sort((a, b) => counts.get(b) - counts.get(a) || (a < b ? -1 : 1));
  const codes = Int32Array.from(labels, (label) => classes.indexOf(label));
  const rows = drawn(codes, classes.length, set);
  return selected({ X, codes, columns, classes: classes.map((_, code) => code), names: classes }, rows);
}

/** The same rows in two classes: 1 for those of the classes named, which are strange, 0 for ordinary ones. */
export function inTwo({ codes, names, ...rest }, positive) {
  const two = Int32Array.from(codes, (code) => (positive.includes(names[code]) ? 1 : 0));
  return { ...rest, codes: two, classes: [0, 1], names: ['ordinary', 'strange'] };
}

/**
 * The training and test part of a seed, stratified, 7 rows in 10 for training. Empty cells get the median and columns a mean of
 * 0 and a variance of 1, by the training part.
 */
export function evidenceSplit(set, seed) {
  const labels = { codes: set.codes, classes: set.classes };
  const split = core.trainTestSplit({ labels, testSize: TEST_SHARE, seed });
  const train = selected(set, split.train);
  const test = selected(set, split.test);
  for (let j = 0; j < set.columns; j++) prepareColumn(train, test, j);
  return { train: datasetOf(train), test: datasetOf(test), indices: split };
}

function drawn(codes, classes, { rows: most, keepRarest }) {
  const all = Int32Array.from(codes, (_, row) => row);
  if (!most || codes.length <= most) return all;
  const stream = core.randomStream(0, 'evidence rows');
  const ofClass = Array.from({ length: classes }, (_, code) => all.filter((row) => codes[row] === code));
  const kept = keepRarest ? ofClass[classes - 1].length : 0;
  const share = (most - kept) / (codes.length - kept);
  const parts = ofClass.flatMap((own, code) => {
    if (keepRarest && code === classes - 1) return [...own];
    const order = stream.child('class', code).permutation(own.length);
    return [...order.subarray(0, Math.round(own.length * share))].map((place) => own[place]);
  });
  return Int32Array.from(parts).sort();
}

function selected({ X, codes, columns, ...rest }, rows) {
  const cells = new Float64Array(rows.length * columns);
  rows.forEach((row, i) => {
    cells.set(X.subarray(row * columns, (row + 1) * columns), i * columns);
  });
  return { ...rest, columns, X: cells, codes: Int32Array.from(rows, (row) => codes[row]) };
}

function prepareColumn(train, test, j) {
  const { columns } = train;
  const column = [];
  for (let at = j; at < train.X.length; at += columns) if (!Number.isNaN(train.X[at])) column.push(train.X[at]);
  const sorted = Float64Array.from(column).sort();
  const middle = sorted.length >> 1;
  const known = sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  const median = sorted.length > 0 ? known : 0;
  for (const { X } of [train, test])
    for (let at = j; at < X.length; at += columns) if (Number.isNaN(X[at])) X[at] = median;
  const rows = train.codes.length;
  let mean = 0;
  let variance = 0;
  for (let at = j; at < train.X.length; at += columns) mean += train.X[at] / rows;
  for (let at = j; at < train.X.length; at += columns) variance += (train.X[at] - mean) ** 2 / rows;
  const scale = variance > 1e-24 ? 1 / Math.sqrt(variance) : 1;
  for (const { X } of [train, test]) for (let at = j; at < X.length; at += columns) X[at] = (X[at] - mean) * scale;
}

const datasetOf = ({ X, codes, columns, classes }) => ({
  X: core.matrix(X, codes.length, columns),
  y: { codes, classes },
});
