import { describe, expect, it } from 'vitest';
import {
  coveredRows,
  difficultyViolation,
  evaluateSets,
  observedPValueCriteria,
  pValueCriteria,
  setsFromPValues,
  uniformityTest,
  worstSliceCoverage,
} from '../../src/conformal/index.ts';
import { matrix } from '../../src/data/matrix.ts';
import { wilsonInterval } from '../../src/metrics/intervals.ts';
import { randomStream } from '../../src/runtime/random.ts';

const p = matrix(
  Float64Array.of(
    ...[0.9, 0.3, 0.05, 0.01],
    ...[0.2, 0.6, 0.15, 0.02],
    ...[0.05, 0.04, 0.03, 0.02],
    ...[0.04, 0.5, 0.09, 0.03],
    ...[0.8, 0.01, 0.02, 0.02],
    ...[0.3, 0.7, 0.4, 0.2],
  ),
  6,
  4,
);
const truth = Int32Array.of(0, 2, 0, 1, 1, 1);
const classes = ['a', 'b', 'c', 'never'];
const sets = setsFromPValues(p, classes, 0.1);

describe('evaluateSets', () => {
  const report = evaluateSets(sets, truth);

  it('reports coverage with its interval, overall and of each class', () => {
    expect([...coveredRows(sets, truth)]).toEqual([1, 1, 0, 1, 0, 1]);
    expect(report).toMatchObject({ rows: 6, covered: 4, coverage: 4 / 6, ...wilsonInterval(4, 6) });
    expect(report.perClass.map(({ rows, coverage, meanSize }) => [rows, coverage, meanSize])).toEqual([
      [2, 0.5, 1],
      [3, 2 / 3, 2],
      [1, 1, 3],
      [0, null, null],
    ]);
    expect(report.perClass[3]).toMatchObject({ class: 'never', low: null, high: null, singletonRate: null });
  });

  it('averages over the classes that occur, leaving absent ones aside', () => {
    const present = [0.5, 2 / 3, 1];
    const mean = (values: readonly number[]) => values.reduce((a, b) => a + b) / values.length;
    expect(report.macroCoverage).toBeCloseTo(mean(present), 15);
    expect(report.coverageGap).toBeCloseTo(mean(present.map((one) => Math.abs(one - 0.9))), 15);
    expect(report.underCoverageGap).toBeCloseTo((0.4 + 0.9 - 2 / 3) / 3, 15);
    expect([report.fractionBelowHalf, report.violatingClasses]).toEqual([0, 2]);
  });

  it('reports sizes', () => {
    expect([...sets.sizes]).toEqual([2, 3, 0, 1, 1, 4]);
    expect(report.meanSize).toBeCloseTo(11 / 6, 15);
    expect([report.singletonRate, report.singletonHitRatio, report.emptyRate]).toEqual([2 / 6, 0.5, 1 / 6]);
    expect(report.bySize.map(({ from, rows, coverage }) => [from, rows, coverage])).toEqual([
      [0, 1, 0],
      [1, 2, 0.5],
      [2, 1, 1],
      [3, 1, 1],
      [4, 1, 1],
    ]);
    expect(report.sizeStratifiedCoverage).toBe(0);
    // Sizes 0 and 1 together: 1 of 3 covered.
    expect(report.sizeStratifiedViolation).toBeCloseTo(0.9 - 1 / 3, 15);
  });

  it('has null where there is nothing to tell', () => {
    const none = evaluateSets(setsFromPValues(matrix(new Float64Array(0), 0, 4), classes, 0.1), new Int32Array(0));
    expect(none).toMatchObject({ coverage: null, macroCoverage: null, meanSize: null, singletonHitRatio: null });
    expect(none).toMatchObject({ sizeStratifiedCoverage: null, sizeStratifiedViolation: null, violatingClasses: 0 });
    expect(JSON.stringify(none)).not.toContain('NaN');
    expect(() => evaluateSets(sets, truth.slice(1))).toThrow(expect.objectContaining({ code: 'shape-mismatch' }));
    expect(() =>
      evaluateSets(
        sets,
        truth.map(() => 4),
      ),
    ).toThrow(expect.objectContaining({ code: 'bad-labels' }));
  });

  it('measures the gap where the true label ranks low', () => {
    // Ranks of the truth: 1, 3, 1, 1, 4, 1; covered 1, 1, 0, 1, 0, 1.
    expect(
      difficultyViolation(sets, truth, p, [
        [1, 1],
        [2, 3],
        [4, 4],
      ]),
    ).toBeCloseTo(0.9, 15);
    expect(difficultyViolation(sets, truth, p, [[1, 1]])).toBeCloseTo(0.15, 15);
    expect(() => difficultyViolation(sets, truth, matrix(new Float64Array(4), 1, 4))).toThrow(/probabilities/);
  });
});

describe('criteria of p-values', () => {
  const two = matrix(Float64Array.of(0.9, 0.3, 0.05, 0.2, 0.6, 0.15), 2, 3);

  it('are those of Vovk et al.', () => {
    const found = pValueCriteria(two, 0.1)!;
    const expected = { sum: 1.1, number: 2.5, unconfidence: 0.25, fuzziness: 0.35, multiple: 1, excess: 1.5 };
    for (const [name, value] of Object.entries(expected)) expect(found[name as 'sum']).toBeCloseTo(value, 14);
    const observed = observedPValueCriteria(two, Int32Array.of(0, 2), 0.1)!;
    const seen = { unconfidence: 0.45, fuzziness: (0.35 + 0.8) / 2, multiple: 1, excess: 1.5 };
    for (const [name, value] of Object.entries(seen)) expect(observed[name as 'excess']).toBeCloseTo(value, 14);
    expect(pValueCriteria(matrix(new Float64Array(0), 0, 3), 0.1)).toBeNull();
  });
});

describe('uniformityTest', () => {
  it('has the Kolmogorov-Smirnov statistic of scipy, and its p-value nearly', () => {
    const values = Float64Array.of(0.05, 0.1, 0.2, 0.22, 0.3, 0.41, 0.5, 0.66, 0.9, 0.95, 0.97);
    const found = uniformityTest(values)!;
    expect(found.statistic).toBeCloseTo(0.17272727272727273, 14);
    expect(Math.abs(found.pValue - 0.8439520540471308)).toBeLessThan(0.03);
    expect(uniformityTest(new Float64Array(30).fill(0.5))!.pValue).toBeLessThan(1e-6);
    expect(uniformityTest(new Float64Array(0))).toBeNull();
  });
});

describe('worstSliceCoverage', () => {
  const stream = randomStream(1, 'slice');
  const X = matrix(Float64Array.from({ length: 8000 }, stream.normal), 4000, 2);

  it('finds the side where coverage fails, and measures it on other rows', () => {
    const covered = Uint8Array.from({ length: 4000 }, (_, row) =>
      X.data[2 * row]! > 1 || stream.uniform() < 0.05 ? 0 : 1,
    );
    const worst = worstSliceCoverage({ X, covered, directions: 200 });
    expect(worst.coverage).toBeLessThan(0.1);
    expect(Math.abs(worst.direction[0]!)).toBeGreaterThan(0.9);
    expect(worst.rows).toBeGreaterThan(200);
  });

  it('is near the overall coverage where that is the same everywhere, the search alone being too dark', () => {
    const covered = Uint8Array.from({ length: 4000 }, () => (stream.uniform() < 0.9 ? 1 : 0));
    const { coverage, searchCoverage } = worstSliceCoverage({ X, covered, directions: 200 });
    expect(Math.abs(coverage! - 0.9)).toBeLessThan(0.05);
    expect(searchCoverage).toBeLessThan(coverage!);
  });

  it('is the run of lowest mean among all of enough rows', () => {
    for (let round = 0; round < 30; round++) {
      const line = matrix(
        Float64Array.from({ length: 40 }, () => stream.integer(15)),
        40,
        1,
      );
      const covered = Uint8Array.from({ length: 40 }, () => stream.integer(2));
      const found = worstSliceCoverage({ X: line, covered, delta: 0.3, directions: 1, testShare: 0.01, seed: round });
      // testShare rounds to no test row: all 40 rows search.
      let lowest = 1;
      for (let low = 0; low < 15; low++) {
        for (let high = low; high < 15; high++) {
          const inside = Array.from(covered.keys()).filter((row) => line.data[row]! >= low && line.data[row]! <= high);
          if (inside.length >= 12)
            lowest = Math.min(lowest, inside.reduce((sum, row) => sum + covered[row]!, 0) / inside.length);
        }
      }
      expect(found.searchCoverage).toBeCloseTo(lowest, 12);
      expect([found.coverage, found.rows]).toEqual([null, 0]);
    }
  });

  it('refuses what it cannot search', () => {
    expect(() => worstSliceCoverage({ X, covered: new Uint8Array(4000), delta: 0 })).toThrow(/delta/);
    expect(() => worstSliceCoverage({ X: matrix(new Float64Array(0), 0, 2), covered: new Uint8Array(0) })).toThrow(
      /too-few|none to search/,
    );
  });
});
