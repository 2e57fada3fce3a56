import { describe, expect, it } from 'vitest';
import {
  borderlineFraction,
  intraInterRatio,
  localSetCardinality,
  nearestNeighbourError,
} from '../../src/measure/border-measures.ts';
import { coveringSpheres, sphereRadii } from '../../src/measure/covering-spheres.ts';
import { pairGeometry } from '../../src/measure/geometry.ts';
import { interpolatedRows } from '../../src/measure/interpolated-rows.ts';
import { nearestNeighbourNonlinearity } from '../../src/measure/nearest-neighbour-nonlinearity.ts';
import { neighbourDisagreement } from '../../src/measure/neighbour-disagreement.ts';
import {
  around,
  caseData,
  clouds,
  distanceOf,
  find,
  labelled,
  measureCases,
  orderAround,
  rowOf,
  tied,
} from './difficulty-sets.ts';

const hard = [...measureCases.map(caseData), tied(50, 1), tied(60, 2, 3), clouds([40, 10, 5], 3, 3)];

describe('pairGeometry', () => {
  it('knows nearest friends and enemies by (distance, row)', async () => {
    for (const data of hard) {
      const geometry = await pairGeometry(data);
      for (let row = 0; row < data.X.rows; row++) {
        const order = orderAround(data.X, row);
        const friend = order.find((other) => data.y.codes[other] === data.y.codes[row]) ?? -1;
        const enemy = order.find((other) => data.y.codes[other] !== data.y.codes[row])!;
        expect([geometry.nearestFriend[row], geometry.nearestEnemy[row]]).toEqual([friend, enemy]);
        const reach = distanceOf(data.X, row, enemy);
        expect(geometry.enemyDistance[row]).toBe(reach);
        const nearer = Array.from(data.y.codes.keys()).filter((other) => distanceOf(data.X, row, other) < reach);
        expect(geometry.localSet[row]).toBe(nearer.length);
      }
    }
  });

  it('grows a spanning tree as short as that of Kruskal, edges of length 0 included', async () => {
    for (const data of hard) {
      const { treeParent } = await pairGeometry(data);
      const edges: { a: number; b: number; length: number }[] = [];
      for (let a = 0; a < data.X.rows; a++) {
        for (let b = 0; b < a; b++) edges.push({ a, b, length: distanceOf(data.X, a, b) });
      }
      edges.sort((x, y) => x.length - y.length);
      const piece = Array.from(data.y.codes.keys());
      let shortest = 0;
      for (const { a, b, length } of edges) {
        const [from, to] = [piece[a]!, piece[b]!];
        if (from === to) continue;
        shortest += length;
        for (let row = 0; row < piece.length; row++) if (piece[row] === from) piece[row] = to;
      }
      let grown = 0;
      for (let row = 1; row < data.X.rows; row++) {
        grown += distanceOf(data.X, row, treeParent[row]!);
        let top = row;
        for (let steps = 0; top !== 0; steps++, top = treeParent[top]!) expect(steps).toBeLessThan(data.X.rows);
      }
      expect(treeParent[0]).toBe(-1);
      expect(grown).toBeCloseTo(shortest, 10);
    }
  });

  it('is stopped by a signal', async () => {
    const stop = new AbortController();
    const work = pairGeometry(clouds([2500, 500], 12, 1), { signal: stop.signal, onProgress: () => stop.abort() });
    await expect(work).rejects.toMatchObject({ code: 'aborted' });
  });
});

describe('N1, N2, N3, LSC', () => {
  it('equal scipy and scikit-learn by their definitions, LSC problexity', async () => {
    for (const item of measureCases) {
      const data = caseData(item);
      const geometry = await pairGeometry(data);
      expect(borderlineFraction(data.y, geometry).value).toBeCloseTo(item.n1 as number, 14);
      expect(intraInterRatio(data.y, geometry).value).toBeCloseTo(item.n2 as number, 12);
      expect(nearestNeighbourError(data.y, geometry).value).toBeCloseTo(item.n3 as number, 14);
      expect(localSetCardinality(data.y, geometry).value).toBeCloseTo(item.lsc as number, 13);
    }
  });

  it('are worked by hand on a line', async () => {
    // 0 1 . 3 | 4 . . 7: classes 0 0 0 1 1
    const data = labelled([[0], [1], [3], [4], [7]], [0, 0, 0, 1, 1]);
    const geometry = await pairGeometry(data);
    expect(borderlineFraction(data.y, geometry)).toEqual({ value: 2 / 5, perClass: [1 / 3, 1 / 2] });
    // to friends 1 + 1 + 2 and 3 + 3, to enemies 4 + 3 + 1 and 1 + 4
    expect(intraInterRatio(data.y, geometry)).toEqual({ value: 10 / 23, perClass: [4 / 12, 6 / 11] });
    expect(nearestNeighbourError(data.y, geometry)).toEqual({ value: 2 / 5, perClass: [1 / 3, 1 / 2] });
    // local sets: 0 sees {0, 1, 3}; 1 sees {1, 0, 3}; 3 itself; 4 itself; 7 {7, 4}
    expect(localSetCardinality(data.y, geometry)).toEqual({ value: 1 - 10 / 25, perClass: [1 - 7 / 9, 1 - 3 / 4] });
  });

  it('stay numbers on duplicates, single rows and identical rows', async () => {
    const same = labelled(
      [
        [1, 1],
        [1, 1],
        [1, 1],
        [1, 1],
      ],
      [0, 0, 1, 1],
    );
    const geometry = await pairGeometry(same);
    expect(intraInterRatio(same.y, geometry)).toEqual({ value: 0.5, perClass: [0.5, 0.5] });
    expect(localSetCardinality(same.y, geometry).value).toBe(1);
    // Row 0 joins all others to it, so all but row 1 stand at the border.
    expect(borderlineFraction(same.y, geometry).value).toBe(3 / 4);
    const single = labelled([[0], [1], [5]], [0, 0, 1]);
    expect(intraInterRatio(single.y, await pairGeometry(single))).toEqual({ value: 2 / 11, perClass: [2 / 11, null] });
  });

  it('N3 agrees with the neighbour search', async () => {
    for (const data of hard) {
      const { nearestNeighbourError: searched } = neighbourDisagreement(data.y, await around(data));
      expect(nearestNeighbourError(data.y, await pairGeometry(data))).toEqual(searched);
    }
  });
});

describe('T1', () => {
  it('equals problexity, which drops spheres whose centre a larger one holds', async () => {
    for (const item of measureCases) {
      const data = caseData(item);
      expect((await coveringSpheres(data, await pairGeometry(data))).value).toBeCloseTo(item.t1 as number, 14);
    }
  });

  it('grows spheres until they touch those of their nearest enemies', async () => {
    const data = labelled([[0], [1], [3], [4], [7]], [0, 0, 0, 1, 1]);
    const geometry = await pairGeometry(data);
    expect(Array.from(sphereRadii(geometry))).toEqual([3.5, 2.5, 0.5, 0.5, 3.5]);
    // Spheres at 0 (to 3.5) and 7 (from 3.5) cover all centres but 3 is inside 3.5: two spheres.
    expect(await coveringSpheres(data, geometry)).toEqual({ value: 2 / 5, perClass: [1 / 3, 1 / 2] });
    expect((await coveringSpheres(data, geometry, { absorb: 'contained' })).value).toBe(2 / 5);
  });

  it('lets every sphere touch that of its nearest enemy, and ends on ties and duplicates', async () => {
    for (const data of hard) {
      const geometry = await pairGeometry(data);
      const radii = sphereRadii(geometry);
      for (const [row, enemy] of geometry.nearestEnemy.entries()) {
        expect(radii[row]).toBeGreaterThanOrEqual(0);
        expect(radii[row]! + radii[enemy]!).toBeCloseTo(distanceOf(data.X, row, enemy), 12);
      }
      for (const absorb of ['centre', 'contained'] as const) {
        const { value } = await coveringSpheres(data, geometry, { absorb });
        expect(value).toBeGreaterThan(0);
        expect(value).toBeLessThanOrEqual(1);
      }
    }
  });
});

describe('N4', () => {
  it('is the 1-NN error on rows between two rows of a class', async () => {
    // Class 1 lies on both sides of class 0: most of what lies between its rows belongs to class 0.
    const zeros = Array.from({ length: 60 }, (_, i) => [-3 + i / 10]);
    const ones = Array.from({ length: 20 }, (_, i) => [i % 2 ? 4 + i / 100 : -4 - i / 100]);
    const data = labelled([...zeros, ...ones], [...zeros.map(() => 0), ...ones.map(() => 1)]);
    const { value, perClass } = await nearestNeighbourNonlinearity(data, { find });
    expect(perClass[0]).toBe(0);
    expect(perClass[1]).toBeGreaterThan(0.2);
    expect(perClass[1]).toBeLessThan(0.7);
    expect(value).toBeCloseTo((20 * perClass[1]!) / 80, 14);
    expect(await nearestNeighbourNonlinearity(data, { find })).toEqual({ value, perClass });
    // With one row there is nothing to go between.
    const single = labelled([[0], [1], [5]], [0, 0, 1]);
    expect((await nearestNeighbourNonlinearity(single, { find })).perClass[1]).toBe(0);
  });

  it('draws the new rows on segments between different rows, at even places', () => {
    const { X } = clouds([40], 3, 1);
    const rows = Int32Array.from({ length: 30 }, (_, i) => i + 5);
    const gaps: number[] = [];
    for (let seed = 0; seed < 20; seed++) {
      const made = interpolatedRows(X.data, 3, rows, seed);
      expect(made.rows).toBe(30);
      for (let i = 0; i < made.rows; i++) {
        const row = rowOf(made, i);
        let gap: number | undefined;
        for (const a of rows) {
          for (const b of rows) {
            if (a >= b) continue;
            const [from, to] = [rowOf(X, a), rowOf(X, b)];
            const t = (row[0]! - from[0]!) / (to[0]! - from[0]!);
            if (row.every((value, f) => Math.abs(from[f]! + t * (to[f]! - from[f]!) - value) < 1e-9)) gap = t;
          }
        }
        expect(gap).toBeDefined();
        gaps.push(gap!);
      }
    }
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const spread = gaps.reduce((sum, gap) => sum + (gap - 0.5) ** 2, 0) / gaps.length;
    expect(mean).toBeCloseTo(0.5, 1);
    expect(spread).toBeCloseTo(1 / 12, 1.7);
  });
});
