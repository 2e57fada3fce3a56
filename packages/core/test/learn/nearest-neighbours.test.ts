import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Matrix, matrix } from '../../src/data/matrix.ts';
import {
  kNearestNeighbours,
  kNearestNeighboursFromJSON,
  type NearestNeighboursOptions,
} from '../../src/learn/neighbours/index.ts';
import { numpyRandom } from '../../src/runtime/numpy-random.ts';
import { largestGap, overlapping } from './helpers.ts';

interface Case {
  number: number;
  classes: number;
  options: { n_neighbors?: number; weights?: 'distance'; metric?: 'manhattan'; p?: number };
  probabilities: number[];
}
const { cases } = JSON.parse(readFileSync(new URL('../fixtures/nearest-neighbours.json', import.meta.url), 'utf8')) as {
  cases: Case[];
};

const line = (...values: number[]): Matrix => matrix(Float64Array.from(values), values.length, 1);
const codes = (...values: number[]) => ({ codes: Int32Array.from(values), classes: ['a', 'b'] });

async function chances(
  options: NearestNeighboursOptions,
  X: Matrix,
  labels: number[],
  at: number,
  weights?: number[],
): Promise<number[]> {
  const data = { X, y: codes(...labels), ...(weights && { weights: Float64Array.from(weights) }) };
  return [...(await (await kNearestNeighbours(options).fit(data)).predictProba(line(at))).data];
}

describe('kNearestNeighbours', () => {
  it.each(cases)('gives the probabilities of scikit-learn, case $number', async ({ number, classes, ...each }) => {
    const stream = numpyRandom(number);
    const labels = Int32Array.from(stream.randints(0, classes, 120));
    const cells = stream.uniforms(360).map((u, i) => u * 2 + labels[Math.floor(i / 3)]! * 0.3);
    const y = { codes: labels.slice(0, 60), classes: Array.from({ length: classes }, (_, k) => k) };
    const { n_neighbors: nNeighbors, ...options } = each.options;
    const model = await kNearestNeighbours({ ...options, nNeighbors }).fit({
      X: matrix(cells.slice(0, 180), 60, 3),
      y,
    });
    const p = await model.predictProba(matrix(cells.slice(180), 60, 3));
    expect(largestGap(p.data, each.probabilities)).toBeLessThan(1e-11);
  });

  it('lets rows at one distance share what is left of k', async () => {
    // At 0: one row at distance 1, then four rows at distance 2 for the two votes left.
    const X = line(1, 2, -2, 2, -2);
    expect(await chances({ nNeighbors: 3 }, X, [0, 0, 1, 1, 1], 0)).toEqual([1.5 / 3, 1.5 / 3]);
    const reversed = line(-2, 2, -2, 2, 1);
    expect(await chances({ nNeighbors: 3 }, reversed, [1, 1, 1, 0, 0], 0)).toEqual([1.5 / 3, 1.5 / 3]);
  });

  it('uses k up by copies: a row of weight 3 is three neighbours', async () => {
    const X = line(1, 2, 3, 4);
    expect(await chances({ nNeighbors: 4 }, X, [0, 1, 1, 1], 0, [3, 1, 1, 1])).toEqual([0.75, 0.25]);
    expect(await chances({ nNeighbors: 4 }, X, [0, 1, 1, 1], 0, [9, 1, 1, 1])).toEqual([1, 0]);
    // Light rows: twelve of a weight of 1/4 make three.
    const light = line(...Array.from({ length: 40 }, (_, i) => i + 1));
    const labels = Array.from({ length: 40 }, (_, i) => (i < 3 ? 0 : 1));
    expect(await chances({ nNeighbors: 3 }, light, labels, 0, Array(40).fill(0.25))).toEqual([0.25, 0.75]);
  });

  it('weighs votes by inverse distance, and lets copies of the query speak alone', async () => {
    const X = line(1, 2, 4, 50);
    const [a, b] = await chances({ nNeighbors: 3, weights: 'distance' }, X, [0, 1, 1, 1], 0);
    expect(a! / b!).toBeCloseTo(1 / (1 / 2 + 1 / 4), 14);
    expect(await chances({ nNeighbors: 3, weights: 'distance' }, X, [0, 1, 1, 1], 1)).toEqual([1, 0]);
  });

  it('divides the votes of a class by its share when balanced', async () => {
    const X = line(1, 2, 3, 10, 11, 12, 13, 14);
    const labels = [0, 1, 1, 1, 1, 1, 0, 1];
    // Two rows of a, six of b: the votes 1 and 2 count 1 / 2 and 2 / 6.
    const [a] = await chances({ nNeighbors: 3, classWeight: 'balanced' }, X, labels, 0);
    expect(a).toBeCloseTo(1 / 2 / (1 / 2 + 2 / 6), 14);
    const [softer] = await chances({ nNeighbors: 3, classWeight: 'balanced', exponent: 2 }, X, labels, 0);
    expect(softer).toBeCloseTo(1 / (1 + 2 * Math.sqrt(1 / 3)), 14);
    const [named] = await chances({ nNeighbors: 3, classWeight: new Map([['a', 4]]) }, X, labels, 0);
    expect(named).toBeCloseTo(4 / 6, 14);
  });

  it('does not depend on the order of rows, duplicates and ties included', async () => {
    const row = fc.record({ x: fc.integer({ min: 0, max: 3 }), z: fc.integer({ min: 0, max: 3 }), c: fc.nat(1) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 4, maxLength: 30 }),
        fc.integer({ min: 1, max: 8 }),
        async (rows, nNeighbors) => {
          fc.pre(new Set(rows.map(({ c }) => c)).size === 2);
          const grid = matrix(
            Float64Array.from({ length: 32 }, (_, i) => (i % 2 ? i >> 3 : (i >> 1) & 3)),
            16,
            2,
          );
          const fitted = async (order: typeof rows) => {
            const X = matrix(Float64Array.from(order.flatMap(({ x, z }) => [x, z])), order.length, 2);
            const model = await kNearestNeighbours({ nNeighbors }).fit({ X, y: codes(...order.map(({ c }) => c)) });
            return (await model.predictProba(grid)).data;
          };
          expect(largestGap(await fitted(rows), await fitted([...rows].reverse()))).toBeLessThan(1e-12);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('keeps k below the number of rows and says so', async () => {
    const model = await kNearestNeighbours().fit({ X: line(0, 1, 2), y: codes(0, 1, 1) });
    expect(model.k).toBe(2);
    expect(model.notices).toMatchObject([{ code: 'k-clamped', numbers: { k: 2, wanted: 5, total: 3 } }]);
  });

  it('refuses wrong options, rows and models', async () => {
    expect(() => kNearestNeighbours({ nNeighbors: 0 })).toThrow('nNeighbors');
    expect(() => kNearestNeighbours({ k: 3 } as object)).toThrow('no option "k"');
    expect(() => kNearestNeighbours({ exponent: 0.5 })).toThrow('exponent');
    expect(() => kNearestNeighbours({ metric: 'cosine' as 'euclidean' })).toThrow('metric');
    const { X, y } = overlapping(40, 2, 2, 7);
    const unknown = kNearestNeighbours({ classWeight: new Map([['zebra', 2]]) });
    await expect(unknown.fit({ X, y })).rejects.toMatchObject({ code: 'unknown-class' });
    const holes = matrix(X.data.slice().fill(Number.NaN, 7, 8), 40, 2);
    await expect(kNearestNeighbours().fit({ X: holes, y })).rejects.toMatchObject({ code: 'not-finite' });
    const model = await kNearestNeighbours().fit({ X, y });
    await expect(model.predictProba(holes)).rejects.toMatchObject({ code: 'not-finite' });
    await expect(model.predictProba(line(1))).rejects.toMatchObject({ code: 'column-mismatch' });
    const json = model.toJSON();
    for (const [field, value] of [
      ['k', 0],
      ['offsets', [0, 2, 1]],
      ['labels', [5]],
      ['pointWeights', []],
      ['points', [1]],
      ['metric', 'cosine'],
      ['factors', [0, 1]],
    ] as const) {
      expect(() => kNearestNeighboursFromJSON({ ...json, [field]: value })).toThrow(`"${field}"`);
    }
  });
});
