import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HULL_TOLERANCE, type HullPoints, hullMembership } from '../../../src/resample/audit/hull-membership.ts';
import { randomStream } from '../../../src/runtime/random.ts';

const setOf = (points: readonly (readonly number[])[]): HullPoints => ({
  points: Float64Array.from(points.flat()),
  rows: points.length,
  columns: points[0]!.length,
});
const verdict = (points: readonly (readonly number[])[], x: readonly number[]) =>
  hullMembership(setOf(points), Float64Array.from(x)).verdict;

type Point = readonly [number, number];
const cross = (a: Point, b: Point, c: Point) => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);

/** Signed distance from the edge nearest to being violated of a hull by Andrew's monotone chain: positive inside. */
function depthInPolygon(points: readonly Point[], x: Point): number {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const chain = (list: readonly Point[]) => {
    const hull: Point[] = [];
    for (const p of list) {
      while (hull.length > 1 && cross(hull.at(-2)!, hull.at(-1)!, p) <= 0) hull.pop();
      hull.push(p);
    }
    return hull.slice(0, -1);
  };
  const polygon = [...chain(sorted), ...chain([...sorted].reverse())];
  let depth = Number.POSITIVE_INFINITY;
  for (const [i, a] of polygon.entries()) {
    const b = polygon[(i + 1) % polygon.length]!;
    depth = Math.min(depth, cross(a, b, x) / Math.hypot(b[0] - a[0], b[1] - a[1]));
  }
  return depth;
}

describe('hullMembership', () => {
  it('knows the inside of a triangle, its edges and its corners', () => {
    const triangle = [
      [0, 0],
      [1, 0],
      [0, 1],
    ];
    expect(verdict(triangle, [0.2, 0.2])).toBe('inside');
    expect(verdict(triangle, [0.5, 0.5])).toBe('inside');
    expect(verdict(triangle, [0, 1])).toBe('inside');
    expect(verdict(triangle, [0.6, 0.6])).toBe('outside');
    expect(verdict(triangle, [0.51, 0.5])).toBe('outside');
    expect(verdict(triangle, [-0.001, 0.5])).toBe('outside');
  });

  it('takes a row off a segment, and off a single point, for outside', () => {
    const segment = [
      [0, 0, 0],
      [1, 1, 1],
    ];
    expect(verdict(segment, [0.3, 0.3, 0.3])).toBe('inside');
    expect(verdict(segment, [0.3, 0.3, 0.301])).toBe('outside');
    expect(verdict(segment, [1.01, 1.01, 1.01])).toBe('outside');
    expect(verdict([[0.4, 0.2]], [0.4, 0.2])).toBe('inside');
    expect(verdict([[0.4, 0.2]], [0.4, 0.2001])).toBe('outside');
  });

  it('agrees in the plane with the polygon of the monotone chain', () => {
    const coordinate = fc.double({ min: 0, max: 1, noNaN: true });
    const point = fc.tuple(coordinate, coordinate);
    fc.assert(
      fc.property(fc.array(point, { minLength: 3, maxLength: 120 }), point, (points, x) => {
        const depth = depthInPolygon(points, x);
        // Slivers too thin for the polygon's own rounding, and points on the edge, decide nothing.
        fc.pre(Number.isFinite(depth) && Math.abs(depth) > 3 * HULL_TOLERANCE);
        expect(verdict(points, x)).toBe(depth > 0 ? 'inside' : 'outside');
      }),
      { numRuns: 400 },
    );
  });

  it.each([3, 8, 30])('tells the cross-polytope from the cube around it in %i dimensions', (columns) => {
    // The unit ball of the 1-norm is the hull of the unit vectors and their opposites.
    const points = Array.from({ length: 2 * columns }, (_, i) =>
      Array.from({ length: columns }, (_, j) => (j === i >> 1 ? 1 - 2 * (i % 2) : 0)),
    );
    const stream = randomStream(columns, 'cross-polytope');
    for (let n = 0; n < 40; n++) {
      const direction = Array.from({ length: columns }, () => stream.normal());
      const norm = direction.reduce((sum, value) => sum + Math.abs(value), 0);
      expect(
        verdict(
          points,
          direction.map((value) => (0.999 * value) / norm),
        ),
      ).toBe('inside');
      expect(
        verdict(
          points,
          direction.map((value) => (1.001 * value) / norm),
        ),
      ).toBe('outside');
    }
  });

  it('finds convex combinations of many points inside, and what a support plane parts outside', () => {
    const stream = randomStream(7, 'cloud');
    for (const [rows, columns] of [
      [400, 12],
      [40, 60],
      [2000, 5],
    ] as const) {
      const points = Array.from({ length: rows }, () => Array.from({ length: columns }, () => stream.uniform()));
      for (let n = 0; n < 10; n++) {
        const weights = points.map(() => -Math.log(1 - stream.uniform()));
        const sum = weights.reduce((total, weight) => total + weight, 0);
        const mean = Array.from({ length: columns }, (_, j) =>
          points.reduce((total, point, i) => total + (point[j]! * weights[i]!) / sum, 0),
        );
        expect(verdict(points, mean)).toBe('inside');
        const direction = Array.from({ length: columns }, () => stream.normal());
        const length = Math.hypot(...direction);
        const along = (point: readonly number[]) =>
          point.reduce((total, value, j) => total + (value * direction[j]!) / length, 0);
        const farthest = Math.max(...points.map(along));
        const lift = farthest - along(mean) + 1e-3;
        expect(
          verdict(
            points,
            mean.map((value, j) => value + (lift * direction[j]!) / length),
          ),
        ).toBe('outside');
      }
    }
  });

  it('leaves a point out on request', () => {
    const square = [
      [0, 0],
      [1, 0],
      [0, 1],
      [1, 1],
      [0.4, 0.5],
    ];
    const without = (row: number) =>
      hullMembership({ ...setOf(square), without: row }, Float64Array.from(square[row]!)).verdict;
    expect(square.map((_, row) => without(row))).toEqual(['outside', 'outside', 'outside', 'outside', 'inside']);
    expect(hullMembership({ ...setOf([[0, 0]]), without: 0 }, Float64Array.of(0, 0)).verdict).toBe('outside');
  });

  it('copes with sets full of repeats and with sets in a plane', () => {
    const flat = Array.from({ length: 300 }, (_, i) => [(i % 7) / 6, (i % 5) / 4, (i % 7) / 6 + (i % 5) / 4]);
    expect(verdict(flat, [0.31, 0.57, 0.88])).toBe('inside');
    expect(verdict(flat, [0.31, 0.57, 0.89])).toBe('outside');
    expect(verdict(flat, [1, 1, 2])).toBe('inside');
  });
});
