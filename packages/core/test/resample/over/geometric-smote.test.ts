import { describe, expect, it } from 'vitest';
import { type GeometricSmoteOptions, geometricSmote } from '../../../src/resample/over/geometric-smote.ts';
import { gaussianDataset, labelsOf, rowAt, rowsOf } from '../data.ts';
import { euclidean, moments, nearestByHand, newRows } from './by-hand.ts';

const data = gaussianDataset(
  [
    ['a', 60],
    ['b', 12],
  ],
  3,
  7,
);

const make = (options: GeometricSmoteOptions, count = 600) =>
  geometricSmote({ seed: 2, samplingStrategy: { b: count + 12 }, ...options }).resample(data);

/** One base at the origin, one row of each class on the axes: every ball is known. */
const cross = {
  X: rowsOf([
    [0, 0],
    [4, 0],
    [0, -2],
    [0, 90],
    [0, 91],
  ]),
  y: labelsOf(['b', 'b', 'a', 'a', 'a']),
};

/** Points made around the origin, in units of the radius; `along` is the share towards the surface row. */
async function aroundOrigin(options: GeometricSmoteOptions) {
  const asked = { seed: 5, kNeighbors: 1, samplingStrategy: { b: 8002 }, ...options };
  const { data: made, provenance } = await geometricSmote(asked).resample(cross);
  const points = newRows(made.X as never, 5).filter((_, i) => provenance.base[5 + i] === 0);
  expect(points.length).toBe(4000);
  return points;
}

describe('geometricSmote', () => {
  it.each(['minority', 'majority', 'combined'] as const)('stays in the ball that %s gives', async (strategy) => {
    const { data: made, provenance } = await make({ selectionStrategy: strategy, truncationFactor: 0, kNeighbors: 3 });
    let atSurface = 0;
    for (let i = 72; i < made.X.rows; i++) {
      const base = provenance.base[i]!;
      const from = rowAt(data.X, base);
      const radii = (rows: number[]) => rows.map((row) => euclidean(from, rowAt(data.X, row)));
      const own = Math.max(...radii(nearestByHand(data, base, 3, 'same')));
      const other = Math.min(...radii(nearestByHand(data, base, 1, 'other')));
      const most = { minority: own, majority: other, combined: Math.min(own, other) }[strategy];
      const share = euclidean(from, rowAt(made.X, i)) / most;
      expect(share).toBeLessThanOrEqual(1 + 1e-12);
      if (share > 0.9) atSurface++;
      expect([provenance.neighbour[i], provenance.gap[i]]).toEqual([-1, Number.NaN]);
    }
    expect(atSurface).toBeGreaterThan(30);
  });

  it('fills the whole disc evenly without truncation', async () => {
    const points = await aroundOrigin({ selectionStrategy: 'minority', truncationFactor: 0 });
    // In a disc of radius 4 the squared radius is uniform on [0, 16], and each coordinate has the variance 16 / 4.
    const squared = moments(points.map(([x, y]) => x! ** 2 + y! ** 2));
    expect(Math.abs(squared.mean - 8)).toBeLessThan(4 * Math.sqrt(256 / 12 / 4000));
    expect(squared.variance).toBeCloseTo(256 / 12, -0.5);
    for (const j of [0, 1]) {
      const { mean, variance } = moments(points.map((point) => point[j]!));
      expect(Math.abs(mean)).toBeLessThan(4 * Math.sqrt(4 / 4000));
      expect(Math.abs(variance - 4)).toBeLessThan(0.3);
    }
  });

  it('takes the nearer of both surface rows when combined, and mirrors to its side', async () => {
    // The row of the other class at (0, -2) is nearer than that of the own class at (4, 0).
    const points = await aroundOrigin({ selectionStrategy: 'combined' });
    expect(Math.max(...points.map(([x, y]) => Math.hypot(x!, y!)))).toBeLessThanOrEqual(2);
    expect(points.every(([, y]) => y! <= 0)).toBe(true);
    // A half disc of radius 2: the distance of its centroid from the cut is 4 r / (3 π).
    const { mean } = moments(points.map(([, y]) => -y!));
    expect(mean).toBeCloseTo(8 / (3 * Math.PI), 1);
  });

  it.each([
    [1, 0, 1],
    [0.4, -0.6, 1],
    [0, -1, 1],
    [-0.25, -1, 0.75],
    [-1, -1, 0],
  ])(
    'with truncation %d leaves what lies from %d to %d of the radius along the axis',
    async (truncation, least, most) => {
      const points = await aroundOrigin({ selectionStrategy: 'minority', truncationFactor: truncation });
      const along = points.map(([x]) => x! / 4);
      expect(Math.min(...along)).toBeGreaterThanOrEqual(least);
      expect(Math.max(...along)).toBeLessThanOrEqual(most);
      expect(Math.min(...along)).toBeLessThan(least + 0.1);
      expect(Math.max(...along)).toBeGreaterThan(most - 0.1);
      // What is cut off is mirrored, not moved: the share of the disc across the axis stays.
      expect(moments(points.map(([, y]) => y!)).variance).toBeCloseTo(4, 0);
    },
  );

  it('flattens towards the axis by the deformation', async () => {
    const half = await aroundOrigin({ selectionStrategy: 'minority', deformationFactor: 0.75 });
    expect(Math.max(...half.map(([, y]) => Math.abs(y!)))).toBeLessThanOrEqual(1);
    expect(moments(half.map(([, y]) => y!)).variance).toBeCloseTo(4 / 16, 1);
    const line = await aroundOrigin({ selectionStrategy: 'minority', deformationFactor: 1 });
    for (const [x, y] of line) {
      expect(Math.abs(y!)).toBeLessThan(1e-12);
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x).toBeLessThanOrEqual(4);
    }
  });

  it('uses the bases evenly and leaves alone a column of one value', async () => {
    const cells = data.X.data.map((value, i) => (i % 3 === 1 ? 0.1 : value));
    const flat = { ...data, X: { ...data.X, data: cells } };
    const { data: made, provenance } = await geometricSmote({ seed: 1 }).resample(flat);
    const uses = new Map<number, number>();
    for (let i = 72; i < made.X.rows; i++) {
      expect(rowAt(made.X, i)[1]).toBe(0.1);
      uses.set(provenance.base[i]!, (uses.get(provenance.base[i]!) ?? 0) + 1);
    }
    expect([...uses.values()]).toEqual(new Array(12).fill(4));
  });

  it('refuses factors out of range', () => {
    expect(() => geometricSmote({ truncationFactor: 1.1 })).toThrow('truncationFactor must be a number from -1 to 1');
    expect(() => geometricSmote({ deformationFactor: -0.1 })).toThrow('deformationFactor must be a number from 0 to 1');
    expect(() => geometricSmote({ selectionStrategy: 'both' as never })).toThrow('selectionStrategy must be one of');
  });
});
