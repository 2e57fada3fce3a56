import { describe, expect, it } from 'vitest';
import { type Matrix, matrix } from '../../src/data/matrix.ts';
import { nearestNeighbours } from '../../src/neighbors/index.ts';
import { createKernelRuntime } from '../../src/runtime/kernel-runtime.ts';
import { randomStream } from '../../src/runtime/random.ts';
import { toSparse } from '../learn/helpers.ts';

/** All distances, then a sort. */
function byHand(reference: Matrix, queries: Matrix, k: number, selves?: Int32Array) {
  const { columns } = reference;
  const indices = new Int32Array(queries.rows * k);
  const distances = new Float64Array(queries.rows * k);
  for (let q = 0; q < queries.rows; q++) {
    const found: { row: number; distance: number }[] = [];
    for (let row = 0; row < reference.rows; row++) {
      if (selves && selves[q] === row) continue;
      const sums = [0, 0];
      for (let j = 0; j < columns; j++) {
        sums[j % 2]! += (queries.data[q * columns + j]! - reference.data[row * columns + j]!) ** 2;
      }
      found.push({ row, distance: Math.sqrt(sums[0]! + sums[1]!) });
    }
    found.sort((a, b) => a.distance - b.distance || a.row - b.row);
    for (let i = 0; i < k; i++) {
      indices[q * k + i] = found[i]!.row;
      distances[q * k + i] = found[i]!.distance;
    }
  }
  return { k, indices, distances };
}

const everyRow = (X: Matrix) => Int32Array.from({ length: X.rows }, (_, i) => i);

function random(rows: number, columns: number, draw: () => number) {
  return matrix(Float64Array.from({ length: rows * columns }, draw), rows, columns);
}

const stream = randomStream(11, 'neighbours');
const levels = (n: number) => () => stream.integer(n);
/** What makes a float32 filter fail that is not careful: offsets, scales, ties, duplicates, points near the centre. */
const hard: readonly (readonly [string, Matrix])[] = [
  ['normal', random(203, 7, stream.normal)],
  ['one column', random(97, 1, stream.normal)],
  ['wide', random(61, 301, stream.normal)],
  ['many ties', random(150, 3, levels(3))],
  ['mostly duplicates', random(120, 2, levels(2))],
  ['all the same', random(40, 3, () => 5)],
  ['far from the origin', random(150, 4, () => 1e9 + stream.normal())],
  ['one column of another scale', random(150, 3, () => stream.normal() * 10 ** (8 * stream.integer(2)))],
  ['an outlier', random(150, 3, () => (stream.uniform() < 0.003 ? 1e12 : stream.normal()))],
  ['tiny', random(80, 3, () => stream.normal() * 1e-30)],
  ['huge', random(80, 3, () => stream.normal() * 1e120)],
  ['a hair apart', random(80, 5, () => 1 + stream.integer(4) * 2 ** -50)],
];

describe('nearestNeighbours', () => {
  it.each(hard)('equals a plain search, bytes and ties: %s', async (_name, X) => {
    for (const k of [1, 5, 20]) {
      const expected = byHand(X, X, k, everyRow(X));
      expect(await nearestNeighbours({ reference: X, k })).toEqual(expected);
      expect(await nearestNeighbours({ reference: toSparse(X), k })).toEqual(expected);
    }
  });

  it('searches other rows, and chosen rows of the reference', async () => {
    for (const [, X] of hard.slice(0, 4)) {
      const others = random(33, X.columns, () => Math.round(stream.normal()));
      expect(await nearestNeighbours({ reference: X, queries: others, k: 4 })).toEqual(byHand(X, others, 4));
      const chosen = Int32Array.of(5, 3, 5, 0, X.rows - 1);
      const rows = matrix(
        Float64Array.from([...chosen].flatMap((i) => [...X.data.subarray(i * X.columns, (i + 1) * X.columns)])),
        5,
        X.columns,
      );
      expect(await nearestNeighbours({ reference: X, queries: chosen, k: 3 })).toEqual(byHand(X, rows, 3, chosen));
      const itself = await nearestNeighbours({ reference: X, queries: rows, k: 1 });
      expect([...itself.distances]).toEqual([0, 0, 0, 0, 0]);
    }
  });

  it('finds all others where k is all there are', async () => {
    const X = random(9, 2, stream.normal);
    expect(await nearestNeighbours({ reference: X, k: 8 })).toEqual(byHand(X, X, 8, everyRow(X)));
    await expect(nearestNeighbours({ reference: X, k: 9 })).rejects.toMatchObject({ code: 'too-few-rows' });
    expect((await nearestNeighbours({ reference: X, queries: X, k: 9 })).indices).toHaveLength(81);
    await expect(nearestNeighbours({ reference: X, queries: X, k: 10 })).rejects.toMatchObject({
      code: 'too-few-rows',
    });
  });

  it('gives the same bytes on any number of threads', async () => {
    const X = random(1500, 12, stream.normal);
    const results = [];
    for (const threads of [1, 2, 4]) {
      const runtime = await createKernelRuntime({ threads });
      results.push(await nearestNeighbours({ reference: X, k: 7 }, { runtime }));
      await runtime.dispose();
    }
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).toEqual(results[0]);
  });

  it('refuses what it cannot search', async () => {
    const X = random(9, 2, stream.normal);
    const bad = (part: object) => nearestNeighbours({ reference: X, k: 2, ...part });
    await expect(bad({ k: 0 })).rejects.toMatchObject({ code: 'bad-option' });
    await expect(bad({ queries: Int32Array.of(0, 9) })).rejects.toMatchObject({ code: 'bad-queries' });
    await expect(bad({ queries: random(2, 3, stream.normal) })).rejects.toMatchObject({ code: 'column-mismatch' });
    const spoilt = matrix(X.data.slice(), 9, 2);
    spoilt.data[7] = Number.NaN;
    const place = { code: 'not-finite', details: { row: 3, column: '1' } };
    await expect(bad({ reference: spoilt })).rejects.toMatchObject(place);
    await expect(bad({ queries: spoilt })).rejects.toMatchObject(place);
    expect((await bad({ queries: new Int32Array(0) })).indices).toHaveLength(0);
    const controller = new AbortController();
    const search = nearestNeighbours(
      { reference: random(3000, 40, stream.normal), k: 2 },
      { signal: controller.signal, onProgress: () => controller.abort() },
    );
    await expect(search).rejects.toMatchObject({ code: 'aborted' });
  });
});
