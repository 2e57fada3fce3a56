import { describe, expect, it } from 'vitest';
import {
  correctedInterval,
  normalCdf,
  normalQuantile,
  studentCdf,
  studentQuantile,
  wilsonInterval,
} from '../../src/metrics/index.ts';
import { fixture } from './fixture-cases.ts';

/** Relative error, absolute near 0. */
const apart = (actual: number, expected: number) => Math.abs(actual - expected) / Math.max(Math.abs(expected), 1e-300);

describe('normal and Student-t distributions', () => {
  it('agree with scipy to 1e-12, tails included', () => {
    const { distributions } = fixture;
    for (const [p, x] of distributions.normalQuantile)
      expect(apart(normalQuantile(p!), x!), `z ${p}`).toBeLessThan(1e-12);
    for (const [x, p] of distributions.normalCdf) expect(apart(normalCdf(x!), p!), `Φ ${x}`).toBeLessThan(1e-12);
    for (const [t, d, p] of distributions.studentCdf)
      expect(apart(studentCdf(t!, d!), p!), `T ${t} ${d}`).toBeLessThan(1e-12);
    for (const [p, d, t] of distributions.studentQuantile) {
      expect(apart(studentQuantile(p!, d!), t!), `t ${p} ${d}: ${studentQuantile(p!, d!)} for ${t}`).toBeLessThan(
        1e-11,
      );
    }
  });

  it('have the closed forms of one and two degrees of freedom', () => {
    for (const p of [1e-9, 0.01, 0.2, 0.9, 0.999]) {
      expect(apart(studentQuantile(p, 1), -1 / Math.tan(Math.PI * p))).toBeLessThan(1e-12);
      expect(apart(studentQuantile(p, 2), (2 * p - 1) / Math.sqrt(2 * p * (1 - p)))).toBeLessThan(1e-12);
    }
  });
});

describe('wilsonInterval', () => {
  it('agrees with scipy', () => {
    for (const [hits, trials, low, high] of fixture.wilson) {
      const interval = wilsonInterval(hits!, trials!);
      expect(interval.low).toBeCloseTo(low!, 13);
      expect(interval.high).toBeCloseTo(high!, 13);
    }
  });
});

describe('correctedInterval', () => {
  const differences = [0.02, 0.05, -0.01, 0.03, 0.04, 0.01, 0.02, 0.06, 0, 0.03];

  it('is the usual t interval where the test rows are none', () => {
    const plain = correctedInterval({ differences, trainRows: 100, testRows: 0 });
    const mean = 0.025;
    const error = Math.sqrt(differences.reduce((sum, d) => sum + (d - mean) ** 2, 0) / 9 / 10);
    expect(plain.mean).toBeCloseTo(mean, 15);
    expect(plain.high - mean).toBeCloseTo(2.2621571627409915 * error, 9);
  });

  it('is wider by the factor of Nadeau and Bengio', () => {
    const plain = correctedInterval({ differences, trainRows: 90, testRows: 0 });
    const corrected = correctedInterval({ differences, trainRows: 90, testRows: 10 });
    const factor = Math.sqrt((1 / 10 + 10 / 90) / (1 / 10));
    expect((corrected.high - corrected.low) / (plain.high - plain.low)).toBeCloseTo(factor, 12);
  });

  it('has a p-value of 1 - level exactly where an end touches 0', () => {
    const { low, high, mean } = correctedInterval({ differences, trainRows: 90, testRows: 10 });
    for (const end of [low, high]) {
      const shifted = differences.map((value) => value - end);
      const at = correctedInterval({ differences: shifted, trainRows: 90, testRows: 10 });
      expect(at.pValue).toBeCloseTo(0.05, 12);
      expect(at.mean).toBeCloseTo(mean - end, 14);
    }
  });

  it('does not fail on one value or on equal values', () => {
    expect(correctedInterval({ differences: [0.1], trainRows: 9, testRows: 1 })).toEqual({
      mean: 0.1,
      standardError: Number.NaN,
      low: Number.NaN,
      high: Number.NaN,
      pValue: Number.NaN,
    });
    const equal = (value: number) =>
      correctedInterval({ differences: [value, value, value], trainRows: 9, testRows: 1 });
    expect(equal(0)).toEqual({ mean: 0, standardError: 0, low: 0, high: 0, pValue: 1 });
    expect(equal(0.1)).toEqual({ mean: 0.1, standardError: 0, low: 0.1, high: 0.1, pValue: 0 });
    expect(() => correctedInterval({ differences: [Number.NaN], trainRows: 9, testRows: 1 })).toThrow(/finite/);
  });
});
