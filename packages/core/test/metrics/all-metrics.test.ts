import { describe, expect, it } from 'vitest';
import { matrix } from '../../src/data/matrix.ts';
import { allMetrics, calibrationError, isMetricName, metricInfo, metricNames } from '../../src/metrics/index.ts';
import { randomStream } from '../../src/runtime/random.ts';
import { cases, twenty, twoColumns } from './fixture-cases.ts';

describe('allMetrics', () => {
  it('agrees with scikit-learn and imbalanced-learn on weighted, tied and multi-class cases', () => {
    let compared = 0;
    for (const { expected, curves: _, classes, ...rows } of cases) {
      const actual = allMetrics({ ...rows, ...(classes > 2 ? { undefinedAs: 0 } : {}) });
      for (const name of metricNames.filter((one) => one !== 'expectedCalibrationError')) {
        const value = expected[name];
        if (value === null) expect(actual[name], name).toBeNaN();
        else expect(Math.abs(actual[name] - value), `${name}: ${actual[name]} for ${value}`).toBeLessThan(1e-12);
        compared++;
      }
    }
    expect(compared).toBe(50 * 14);
  });

  it('has the calibration error of ten bins of equal numbers of rows, of several classes the mean over columns', () => {
    for (const { classes, expected: _, curves: __, ...rows } of cases) {
      const errors = Array.from({ length: classes }, (_, label) => {
        const scores = rows.probabilities.data.filter((__, at) => at % classes === label);
        return calibrationError({ ...rows, scores, positive: label, preset: 'adaptive' }).expected;
      });
      const mean = errors.reduce((sum, error) => sum + error, 0) / classes;
      expect(allMetrics(rows).expectedCalibrationError).toBeCloseTo(classes === 2 ? errors[1]! : mean, 14);
    }
  });

  it('gives the published values of the twenty points', () => {
    const probabilities = twoColumns(twenty.scores);
    const decisions = twenty.scores.reduce((made, score, row) => {
      made[row] = score >= 0.5 ? 1 : 0;
      return made;
    }, new Int32Array(20));
    const values = allMetrics({ truth: twenty.truth, probabilities, decisions, positive: 1 });
    expect(values.rocAuc).toBeCloseTo(0.785, 14);
    expect(values.averagePrecision).toBeCloseTo(0.825281151596941, 14);
    expect(values.brierScore).toBeCloseTo(0.190355, 14);
    expect(values.logLoss).toBeCloseTo(0.5606972323464193, 14);
    expect(values.matthewsCorrcoef).toBeCloseTo(0.4, 14);
    expect(values.cohenKappa).toBeCloseTo(0.4, 14);
    expect(values.balancedAccuracy).toBeCloseTo(0.7, 14);
  });

  it('takes integer weights for repeated rows, in every metric', () => {
    const stream = randomStream(5, 'weights');
    for (const classes of [2, 4]) {
      const n = 40;
      const times = Int32Array.from({ length: n }, () => stream.integer(4));
      const truth = Int32Array.from({ length: n }, () => stream.integer(classes));
      const decisions = Int32Array.from({ length: n }, () => stream.integer(classes));
      const rows = Array.from({ length: n }, () => {
        const raw = Array.from({ length: classes }, () => 1 + stream.integer(5));
        return raw.map((value) => value / raw.reduce((sum, other) => sum + other, 0));
      });
      const repeated = [...times].flatMap((count, row) => new Array<number>(count).fill(row));
      const positive = classes === 2 ? 0 : null;
      const weighted = allMetrics({
        truth,
        decisions,
        probabilities: matrix(Float64Array.from(rows.flat()), n, classes),
        positive,
        weights: Float64Array.from(times),
      });
      const copied = allMetrics({
        truth: Int32Array.from(repeated, (row) => truth[row]!),
        decisions: Int32Array.from(repeated, (row) => decisions[row]!),
        probabilities: matrix(Float64Array.from(repeated.flatMap((row) => rows[row]!)), repeated.length, classes),
        positive,
      });
      for (const name of metricNames) expect(weighted[name], name).toBeCloseTo(copied[name], 13);
    }
  });

  it('averages over the classes that have rows', () => {
    const rows = { truth: Int32Array.of(0, 1, 0, 1), decisions: Int32Array.of(0, 1, 0, 0), positive: null };
    const three = matrix(Float64Array.of(0.6, 0.3, 0.1, 0.2, 0.7, 0.1, 0.5, 0.4, 0.1, 0.5, 0.4, 0.1), 4, 3);
    const values = allMetrics({ ...rows, probabilities: three });
    expect(values.rocAuc).toBeCloseTo((0.875 + 0.875) / 2, 14);
    expect(values.recall).toBe(0.75);
    expect(values.geometricMean).toBeCloseTo(Math.SQRT1_2, 14);
  });

  it('gives NaN, or what is asked for, where a formula is 0 / 0', () => {
    const rows = {
      truth: Int32Array.of(0, 0),
      decisions: Int32Array.of(0, 0),
      probabilities: twoColumns(Float64Array.of(0.1, 0.2)),
    };
    const values = allMetrics({ ...rows, positive: 1 });
    for (const name of ['rocAuc', 'averagePrecision', 'precision', 'recall', 'f1', 'cohenKappa'] as const) {
      expect(values[name], name).toBeNaN();
      expect(allMetrics({ ...rows, positive: 1, undefinedAs: 0 })[name], name).toBe(0);
    }
    expect(values.brierScore).toBeCloseTo(0.025, 15);
    const nothing = allMetrics({
      truth: new Int32Array(0),
      decisions: new Int32Array(0),
      probabilities: matrix(new Float64Array(0), 0, 2),
      positive: 1,
    });
    expect(Object.values(nothing)).toEqual(metricNames.map(() => Number.NaN));
  });

  it('refuses rows that do not fit together', () => {
    const rows = { truth: Int32Array.of(0, 1), decisions: Int32Array.of(0, 1), positive: 1 };
    const probabilities = twoColumns(Float64Array.of(0.1, 0.2));
    const codeOf = (call: () => unknown) => {
      try {
        call();
      } catch (error) {
        return (error as { code: string }).code;
      }
      return 'none';
    };
    expect(codeOf(() => allMetrics({ ...rows, probabilities: twoColumns(Float64Array.of(0.1)) }))).toBe(
      'shape-mismatch',
    );
    expect(codeOf(() => allMetrics({ ...rows, probabilities: twoColumns(Float64Array.of(0.1, Number.NaN)) }))).toBe(
      'bad-scores',
    );
    expect(codeOf(() => allMetrics({ ...rows, probabilities, truth: Int32Array.of(0, 2) }))).toBe('bad-labels');
    expect(codeOf(() => allMetrics({ ...rows, probabilities, positive: 2 }))).toBe('bad-option');
    expect(codeOf(() => allMetrics({ ...rows, probabilities, weights: Float64Array.of(1, -1) }))).toBe('bad-weights');
  });
});

describe('metricInfo', () => {
  it('knows every metric and which way is better', () => {
    expect(metricNames).toHaveLength(15);
    for (const name of metricNames) {
      expect(metricInfo(name).name).toBe(name);
      expect(metricInfo(name).greaterIsBetter).toBe(
        !['brierScore', 'logLoss', 'expectedCalibrationError'].includes(name),
      );
    }
    expect(isMetricName('rocAuc')).toBe(true);
    expect(isMetricName('toString')).toBe(false);
  });
});
