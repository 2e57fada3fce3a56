import { describe, expect, it } from 'vitest';
import { ccr } from '../../../src/resample/over/ccr.ts';
import { gaussianDataset, labelsOf, rowAt, rowsOf } from '../data.ts';
import { moments, newRows } from './by-hand.ts';

const data = gaussianDataset(
  [
    ['a', 120],
    ['b', 25],
    ['c', 15],
  ],
  2,
  9,
);
const all = [...data.y.codes.keys()];
const manhattan = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, j) => sum + Math.abs(value - b[j]!), 0);
const range = Math.max(
  ...[0, 1].map((j) => {
    const column = all.map((row) => rowAt(data.X, row)[j]!);
    return Math.max(...column) - Math.min(...column);
  }),
);

/** The radius r at which r + Σ max(0, r - d) equals the energy, by halving the interval. */
function radiusByHand(row: number, energy: number): number {
  const distances = all
    .filter((other) => data.y.codes[other] !== data.y.codes[row])
    .map((other) => manhattan(rowAt(data.X, row), rowAt(data.X, other)));
  const spent = (radius: number) => distances.reduce((sum, d) => sum + Math.max(0, radius - d), radius);
  let [low, high] = [0, energy];
  for (let step = 0; step < 200; step++) {
    const middle = (low + high) / 2;
    if (spent(middle) < energy) low = middle;
    else high = middle;
  }
  return low;
}

/** Where rows of larger classes end up, and how many rows each class moves. */
function movedByHand(energy: number) {
  const counts = [120, 25, 15];
  const places = all.map((row) => rowAt(data.X, row));
  const moves = all.map(() => [0, 0]);
  const movedBy = [0, 1, 2].map(() => new Set<number>());
  for (const centre of all.filter((row) => data.y.codes[row] !== 0)) {
    const radius = radiusByHand(centre, energy);
    for (const row of all) {
      if (counts[data.y.codes[row]!]! <= counts[data.y.codes[centre]!]!) continue;
      const distance = manhattan(places[row]!, places[centre]!);
      if (distance >= radius) continue;
      movedBy[data.y.codes[centre]!]!.add(row);
      for (const j of [0, 1])
        moves[row]![j]! += ((radius - distance) / distance) * (places[row]![j]! - places[centre]![j]!);
    }
  }
  return { places: places.map((place, row) => place.map((value, j) => value + moves[row]![j]!)), movedBy };
}

describe('ccr', () => {
  it.each([0.1, 0.25, 3, 40])(
    'moves rows of larger classes by the sum of the ways out of the spheres, energy %d',
    async (energy) => {
      const { data: made, provenance, notices } = await ccr({ energy, seed: 1 }).resample(data);
      const { places, movedBy } = movedByHand(energy * range);
      const moved = new Set([...movedBy[1]!, ...movedBy[2]!]);
      expect(moved.size).toBeGreaterThan(0);
      for (const row of all) {
        const place = rowAt(made.X, row);
        place.forEach((value, j) => {
          expect(value).toBeCloseTo(places[row]![j]!, 9);
        });
        expect(provenance.source[row]).toBe(moved.has(row) ? -1 : row);
        if (moved.has(row)) expect(provenance.base[row]).toBe(row);
        else expect(place).toEqual(rowAt(data.X, row));
      }
      expect([...provenance.dropped]).toEqual([...moved].sort((a, b) => a - b));
      expect(notices.map(({ code, class: label, numbers }) => [code, label, numbers?.['rows']])).toEqual(
        [
          ['rows-moved', 'b', movedBy[1]!.size],
          ['rows-moved', 'c', movedBy[2]!.size],
        ].filter(([, , rows]) => rows !== 0),
      );
    },
  );

  it('shares new rows by 1 / radius and draws them inside the spheres', async () => {
    const energy = 0.3;
    const count = 4000;
    const strategy = { b: 25 + count, c: 15 + count };
    const { data: made, provenance } = await ccr({ energy, seed: 1, samplingStrategy: strategy }).resample(data);
    for (const code of [1, 2]) {
      const centres = all.filter((row) => data.y.codes[row] === code);
      const radii = new Map(centres.map((row) => [row, radiusByHand(row, energy * range)]));
      const total = [...radii.values()].reduce((sum, radius) => sum + 1 / radius, 0);
      const uses = new Map<number, number>();
      let farthest = 0;
      for (let i = 160; i < made.X.rows; i++) {
        if (made.y.codes[i] !== code) continue;
        const base = provenance.base[i]!;
        uses.set(base, (uses.get(base) ?? 0) + 1);
        const share = manhattan(rowAt(made.X, i), rowAt(data.X, base)) / radii.get(base)!;
        expect(share).toBeLessThanOrEqual(1 + 1e-9);
        farthest = Math.max(farthest, share);
      }
      expect(farthest).toBeGreaterThan(0.98);
      for (const row of centres) {
        expect(Math.abs(uses.get(row)! - count / radii.get(row)! / total)).toBeLessThan(1 + 1e-6);
      }
    }
  });

  it('takes a row out of a single sphere exactly to its surface, in its direction', async () => {
    // Range 10, energy 0.3: a sphere of 3 around 0 with a row at 1 grows to (3 + 1) / 2 = 2.
    const X = rowsOf([[0], [8], [1], [10], [9.9], [4]]);
    const y = labelsOf(['b', 'b', 'a', 'a', 'a', 'a']);
    const { data: made, provenance } = await ccr({ energy: 0.3, samplingStrategy: { b: 2002 } }).resample({ X, y });
    expect(rowAt(made.X, 2)[0]).toBeCloseTo(2, 12);
    // Around 8: rows at 1.9 and 2 away; (3 + 1.9) / 2 = 2.45, with the second (3 + 1.9 + 2) / 3 = 2.3.
    expect(rowAt(made.X, 4)[0]).toBeCloseTo(10.3, 12);
    expect(rowAt(made.X, 3)[0]).toBeCloseTo(10.3, 12);
    expect(rowAt(made.X, 5)[0]).toBe(4);
    const around = newRows(made.X as never, 6).filter((_, i) => provenance.base[6 + i] === 0);
    expect(Math.max(...around.map(([x]) => Math.abs(x!)))).toBeLessThanOrEqual(2);
    expect(moments(around.map(([x]) => x!)).variance).toBeCloseTo(4 / 3, 0);
  });

  it('draws evenly from the sphere', async () => {
    const X = rowsOf([[0, 0], [100, 0], ...Array.from({ length: 4 }, (_, i) => [50, 40 + i])]);
    const y = labelsOf(['b', 'b', 'a', 'a', 'a', 'a']);
    const {
      data: made,
      provenance,
      notices,
    } = await ccr({ energy: 0.1, samplingStrategy: { b: 8002 } }).resample({ X, y });
    const points = newRows(made.X as never, 6).filter((_, i) => provenance.base[6 + i] === 0);
    expect(notices).toEqual([]);
    // Of a square on its tip with radius 10, half the area lies within 10 / √2; E x² = 10² / 6.
    const inner = points.filter((point) => manhattan(point, [0, 0]) < 10 / Math.SQRT2).length;
    expect(Math.abs(inner / points.length - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / points.length));
    for (const j of [0, 1]) {
      const { mean, variance } = moments(points.map((point) => point[j]!));
      expect(Math.abs(mean)).toBeLessThan(0.3);
      expect(variance).toBeCloseTo(100 / 6, -0.3);
    }
  });

  it('takes a row that lies on a centre to the surface in some direction, the same every time', async () => {
    const X = rowsOf([
      [0, 0, 1],
      [9, 9, 1],
      [0, 0, 1],
      [10, 0, 1],
      [0, 10, 1],
    ]);
    const y = labelsOf(['b', 'b', 'a', 'a', 'a']);
    const first = await ccr({ energy: 0.4, seed: 5 }).resample({ X, y });
    const place = rowAt(first.data.X, 2);
    // Energy 4, shared with the row inside: radius (4 + 0) / 2.
    expect(manhattan(place, [0, 0, 1])).toBeCloseTo(2, 12);
    expect(place[2]).toBe(1);
    expect(rowAt((await ccr({ energy: 0.4, seed: 5 }).resample({ X, y })).data.X, 2)).toEqual(place);
    expect(rowAt((await ccr({ energy: 0.4, seed: 6 }).resample({ X, y })).data.X, 2)).not.toEqual(place);
  });

  it('multiplies the energy by a power of the number of columns', async () => {
    const scaled = await ccr({ energy: 0.1, scaling: 2, seed: 3 }).resample(data);
    const plain = await ccr({ energy: 0.4, seed: 3 }).resample(data);
    expect(scaled.data.X.rows).toBe(360);
    scaled.provenance.base.forEach((base, i) => {
      expect(base).toBe(plain.provenance.base[i]);
    });
    rowAt(scaled.data.X, 300).forEach((value, j) => {
      expect(value).toBeCloseTo(rowAt(plain.data.X, 300)[j]!, 10);
    });
  });

  it('refuses options out of range', () => {
    expect(() => ccr({ energy: 0 })).toThrow('energy must be a number above 0');
    expect(() => ccr({ scaling: Number.NaN })).toThrow('scaling must be a number');
  });
});
