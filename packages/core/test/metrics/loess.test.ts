import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { integratedCalibration, loess } from '../../src/metrics/index.ts';
import { randomStream } from '../../src/runtime/random.ts';
import { twenty } from './fixture-cases.ts';
import { moreFixture } from './more-fixture.ts';

interface Fixture {
  cases: { x: number[]; y: number[]; span: number; degree: 0 | 1 | 2; interpolate: number[]; direct: number[] }[];
  lowess: { x: number[]; y: number[]; fitted: number[] };
}

/** Fits of the library that R's loess is built on; fixtures/loess.py made them. */
const fixture = JSON.parse(
  readFileSync(fileURLToPath(new URL('../fixtures/loess.json', import.meta.url)), 'utf8'),
) as Fixture;

function farthest(found: Float64Array, expected: readonly number[]): number {
  return Math.max(...found.map((value, row) => Math.abs(value - expected[row]!)));
}

describe('loess', () => {
  it.each(['interpolate', 'direct'] as const)('has the fits of R, %s', (surface) => {
    for (const { x, y, span, degree, [surface]: expected } of fixture.cases) {
      const found = loess({ x: Float64Array.from(x), y: Float64Array.from(y), span, degree, surface });
      expect(farthest(found, expected), `${x.length} rows, span ${span}, degree ${degree}`).toBeLessThan(1e-9);
    }
  });

  it('is the lowess of degree 1 without robust steps', () => {
    const { x, y, fitted } = fixture.lowess;
    const rows = { x: Float64Array.from(x), y: Float64Array.from(y) };
    expect(farthest(loess({ ...rows, span: 2 / 3, degree: 1, surface: 'direct' }), fitted)).toBeLessThan(1e-6);
  });

  it('agrees with a least-squares fit at every point where it is direct', () => {
    const { x, y, fitted } = moreFixture.loess;
    const found = loess({ x: Float64Array.from(x), y: Float64Array.from(y), surface: 'direct' });
    expect(farthest(found, fitted)).toBeLessThan(1e-9);
  });

  it.each(['interpolate', 'direct'] as const)('reproduces a parabola, also between its knots, %s', (surface) => {
    const stream = randomStream(3, 'loess');
    const x = Float64Array.from({ length: 3000 }, () => stream.uniform());
    const y = x.map((value) => 1 - 2 * value + 3 * value * value);
    expect(farthest(loess({ x, y, surface }), [...y])).toBeLessThan(1e-9);
  });

  it.each(['interpolate', 'direct'] as const)('takes integer weights for repeated rows, %s', (surface) => {
    const stream = randomStream(4, 'loess weights');
    for (let trial = 0; trial < 50; trial++) {
      const n = 4 + stream.integer(60);
      const levels = 2 + stream.integer(40);
      const x = Float64Array.from({ length: n }, () => stream.integer(levels) / levels);
      const y = Float64Array.from({ length: n }, () => stream.integer(2));
      const weights = Float64Array.from({ length: n }, () => 1 + stream.integer(4));
      const copies = [...weights].flatMap((count, row) => new Array<number>(count).fill(row));
      const repeated = loess({ x: x.map((_, i) => x[i]!), y, weights, surface });
      const direct = loess({
        x: Float64Array.from(copies, (row) => x[row]!),
        y: Float64Array.from(copies, (row) => y[row]!),
        surface,
      });
      copies.forEach((row, copy) => {
        expect(direct[copy]).toBeCloseTo(repeated[row]!, 9);
      });
    }
  });

  it('does not depend on the scale of weights that are no whole numbers', () => {
    const { x, y } = fixture.cases[1]!;
    const rows = { x: Float64Array.from(x), y: Float64Array.from(y) };
    const weights = rows.x.map((_, row) => 0.3 + (row % 5) / 7);
    const first = loess({ ...rows, weights });
    expect(farthest(loess({ ...rows, weights: weights.map((weight) => weight / 1000) }), [...first])).toBeLessThan(
      1e-9,
    );
  });

  it.each(['interpolate', 'direct'] as const)('bears one x, two x, and one x for most rows, %s', (surface) => {
    expect([...loess({ x: Float64Array.of(1, 1), y: Float64Array.of(0, 1), surface })]).toEqual([0.5, 0.5]);
    const two = loess({ x: Float64Array.of(0, 0, 1, 1), y: Float64Array.of(0, 1, 1, 1), surface });
    expect([...two].every((value) => value >= 0 && value <= 1)).toBe(true);
    const x = Float64Array.from({ length: 100 }, (_, row) => (row < 90 ? 0 : row / 100));
    const y = Float64Array.from(x, (value, row) => Number(value > 0 || row % 9 === 0));
    expect(loess({ x, y, surface })[0]).toBeCloseTo(1 / 9, 2);
    expect([...loess({ x, y, surface })].every(Number.isFinite)).toBe(true);
    expect([...loess({ x: new Float64Array(0), y: new Float64Array(0), surface })]).toEqual([]);
    expect(() => loess({ x, y, span: 0, surface })).toThrow(/span/);
  });
});

describe('integratedCalibration', () => {
  it('has the published values of the twenty points, and those of the other smoothers', () => {
    expect(integratedCalibration(twenty).ici).toBeCloseTo(0.06657545075046184, 14);
    // The direct fit, kept in 0 .. 1, from numpy.
    const direct = integratedCalibration({ ...twenty, surface: 'direct', clip: true });
    expect(direct.ici).toBeCloseTo(0.06648717073293166, 12);
    const lowess = integratedCalibration({ ...twenty, surface: 'direct', span: 2 / 3, degree: 1 });
    expect(lowess.ici).toBeCloseTo(0.0654586, 7);
  });

  it('is never larger when the curve is kept in 0 .. 1', () => {
    const free = integratedCalibration(twenty);
    const kept = integratedCalibration({ ...twenty, clip: true });
    for (const name of ['ici', 'e50', 'e90', 'eMax'] as const) expect(kept[name]).toBeLessThanOrEqual(free[name]);
    expect(kept.eMax).toBeLessThan(free.eMax + 1e-12);
    expect([...free.smoothed].every((value) => value >= 0 && value <= 1)).toBe(true);
    expect(free.e50).toBeLessThan(free.e90);
    expect(free.e90).toBeLessThan(free.eMax);
  });
});
