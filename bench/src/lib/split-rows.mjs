import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as core from '@counterweight/core';

/** Encoded rows of two classes in two parts, each row on its own: 7 in 10 for training, by a stream of that name and seed. */
export function splitRows({ X, y, columns }, seed, name) {
  const stream = core.randomStream(seed, name);
  const parts = { train: [], test: [] };
  for (let row = 0; row < y.length; row++) parts[stream.uniform() < 0.3 ? 'test' : 'train'].push(row);
  const part = (rows) => {
    const cells = new Float64Array(rows.length * columns);
    rows.forEach((row, i) => {
      cells.set(X.subarray(row * columns, (row + 1) * columns), i * columns);
    });
    const codes = Int32Array.from(rows, (row) => y[row]);
    return { X: core.matrix(cells, rows.length, columns), y: { codes, classes: [0, 1] } };
  };
  return { train: part(parts.train), test: part(parts.test) };
}

/** Writes both parts as peers read them: cells in float64, codes in int32. */
export function layOut(folder, { train, test }) {
  const write = (name, values) => writeFileSync(join(folder, name), new Uint8Array(values.buffer));
  write('train.x', train.X.data);
  write('train.y', train.y.codes);
  write('test.x', test.X.data);
}

/** The float64 numbers of a file, such as the scores of a peer. */
export function readNumbers(path) {
  const bytes = readFileSync(path);
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

/** Average precision of scores for class 1. */
export const precisionOf = (scores, truth) => core.averagePrecisionOfRanked(core.rankScores({ scores, truth }));
