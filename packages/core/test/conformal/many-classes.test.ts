import { describe, expect, it } from 'vitest';
import {
  aps,
  type ConformalModel,
  clusteredConformal,
  clusteringPlan,
  conformalRank,
  coveredRows,
  evaluateSets,
  fuzzyConformal,
  interpQ,
  labelShiftConformal,
  mondrianConformal,
  rc3p,
  splitConformal,
} from '../../src/conformal/index.ts';
import { kMeans } from '../../src/conformal/k-means.ts';
import { matrix } from '../../src/data/matrix.ts';
import { randomStream } from '../../src/runtime/random.ts';
import { drawRows, sample } from './rows.ts';

const even = Array<number>(20).fill(1 / 20);
const zipf = (classes: number) => {
  const raw = Array.from({ length: classes }, (_, i) => 1 / (i + 1) ** 1.2);
  const total = raw.reduce((a, b) => a + b);
  return raw.map((value) => value / total);
};

describe('clusteringPlan', () => {
  it('follows the counts', () => {
    // n_min = 100, K' = 50: 5000 / 125 = 40 rows a class, 20 clusters, 40 / 100 of the rows.
    expect(clusteringPlan(new Int32Array(50).fill(100), 0.1)).toEqual({ share: 0.4, clusters: 20 });
    // The rarest class has 3 rows, alpha 0.1 needs 9; two classes have as many: floor(9 * 2 / 77) = 0.
    expect(clusteringPlan(Int32Array.of(3, 50, 80), 0.1)).toEqual({ share: 0, clusters: 0 });
    expect(clusteringPlan(Int32Array.of(0, 0), 0.1).clusters).toBe(0);
  });
});

describe('kMeans', () => {
  it('finds groups that lie apart, whatever the start', () => {
    const stream = randomStream(1, 'points');
    const points = matrix(
      Float64Array.from({ length: 60 }, (_, i) => (Math.floor(i / 2) % 3) * 10 + stream.normal() / 10),
      30,
      2,
    );
    const found = kMeans(points, new Float64Array(30).fill(1), 3, randomStream(2, 'k'));
    for (let i = 3; i < 30; i++) expect(found[i]).toBe(found[i % 3]);
    expect(new Set(found.subarray(0, 3)).size).toBe(3);
  });

  it('copes with fewer distinct points than clusters', () => {
    const found = kMeans(matrix(new Float64Array(5), 5, 1), new Float64Array(5).fill(1), 3, randomStream(2, 'k'));
    expect(new Set(found).size).toBe(1);
  });
});

describe('clustered conformal prediction', () => {
  it('shares a bound among classes, finite where each alone has too few rows', () => {
    const rows = sample(3000, even, 5);
    const model = clusteredConformal({ clusters: 3, clusteringShare: 0.5 }).fit(rows.probabilities, rows.labels);
    const bounds = model.thresholds!(0.1);
    expect(new Set(bounds).size).toBe(3);
    expect([...bounds].every(Number.isFinite)).toBe(true);
  });

  it('judges classes without a cluster by all rows, not by infinity', () => {
    const rows = sample(3000, zipf(40), 5);
    const model = clusteredConformal({ clusters: 3, clusteringShare: 0.3 }).fit(rows.probabilities, rows.labels);
    const [notice] = model.notices;
    expect(notice!.code).toBe('classes-without-cluster');
    expect([...model.thresholds!(0.1)].every(Number.isFinite)).toBe(true);
    const test = sample(4000, zipf(40), 6);
    const report = evaluateSets(model.sets(test.probabilities, { alpha: 0.1 }), test.labels.codes);
    const placed = report.perClass.filter((_one, code) => (model.toJSON()['clusterOfClass'] as number[])[code]! >= 0);
    expect(placed.length).toBeGreaterThan(5);
    const covered = placed.reduce((sum, one) => sum + one.covered, 0) / placed.reduce((sum, one) => sum + one.rows, 0);
    expect(Math.abs(covered - 0.9)).toBeLessThan(0.03);
    expect(report.meanSize).toBeLessThan(20);
  });

  it('covers all rows as asked where classes without a cluster have one bound together', () => {
    const stream = randomStream(7, 'together');
    const shares = zipf(60);
    const coverage = { pooled: 0, together: 0 };
    for (let round = 0; round < 10; round++) {
      const calibration = drawRows(2000, shares, stream, 3);
      const test = drawRows(1500, shares, stream, 3);
      for (const unplaced of ['pooled', 'together'] as const) {
        const predictor = clusteredConformal({ clusters: 3, clusteringShare: 0.4, unplaced, seed: round });
        const model = predictor.fit(calibration.probabilities, calibration.labels);
        const hits = coveredRows(model.sets(test.probabilities, { alpha: 0.1 }), test.labels.codes);
        coverage[unplaced] += hits.reduce((sum, hit) => sum + hit, 0) / 15_000;
      }
    }
    expect(Math.abs(coverage.together - 0.9)).toBeLessThan(0.015);
    expect(coverage.pooled).toBeLessThan(0.875);
  });

  it('is split conformal prediction where clustering cannot be planned, and says so', () => {
    const rows = sample(300, zipf(40), 5);
    const model = clusteredConformal().fit(rows.probabilities, rows.labels);
    expect(model.notices[0]!.code).toBe('clustering-skipped');
    const split = splitConformal().fit(rows.probabilities, rows.labels);
    expect(model.thresholds!(0.1)).toEqual(split.thresholds!(0.1));
  });
});

describe('RC3P', () => {
  it('spends the share of rows ranked below its cut', () => {
    // Class 0: twenty rows, scores .01 to .20, and ranks 1 but for one row of rank 2 (5 %).
    const p = new Float64Array(60);
    const codes = new Int32Array(30);
    for (let row = 0; row < 20; row++) {
      const own = row === 19 ? 0.4 : 0.99 - row / 100;
      p.set([own, 1 - own], 2 * row);
    }
    for (let row = 20; row < 30; row++) {
      p.set([0.2, 0.8], 2 * row);
      codes[row] = 1;
    }
    const model = rc3p().fit(matrix(p, 30, 2), { codes, classes: ['a', 'b'] });
    // alpha .12: one row of twenty is beyond rank 1, under the two that are allowed; .07 is left, rank 20 of 20.
    expect(conformalRank(20, 0.12 - 0.05)).toBe(20);
    expect(model.thresholds!(0.12)[0]).toBe(1 - 0.4);
    // alpha .3: .25 is left, rank 16.
    expect(conformalRank(20, 0.25)).toBe(16);
    expect(model.thresholds!(0.3)[0]).toBeCloseTo(0.16, 12);
    const sets = model.sets(matrix(Float64Array.of(0.45, 0.55, 0.55, 0.45), 2, 2), { alpha: 0.12 });
    expect([...sets.members]).toEqual([0, 0, 1, 0]);
  });

  it('gives smaller sets than class-wise bounds, at about the same coverage of classes', () => {
    const shares = Array<number>(30).fill(1 / 30);
    const stream = randomStream(3, 'rc3p');
    const calibration = drawRows(6000, shares, stream, 3);
    const test = drawRows(3000, shares, stream, 3);
    const [ranked, classwise] = [rc3p({ score: aps() }), mondrianConformal({ score: aps() })].map((predictor) =>
      evaluateSets(
        predictor.fit(calibration.probabilities, calibration.labels).sets(test.probabilities, { alpha: 0.1 }),
        test.labels.codes,
      ),
    );
    expect(ranked!.meanSize!).toBeLessThan(classwise!.meanSize!);
    expect(ranked!.macroCoverage!).toBeGreaterThan(0.87);
  });
});

describe('Interp-Q', () => {
  const rows = sample(600, zipf(60), 5);
  const bounds = (tau: number) => interpQ({ tau }).fit(rows.probabilities, rows.labels).thresholds!(0.1);

  it('runs from one bound for all to one a class', () => {
    const split = splitConformal().fit(rows.probabilities, rows.labels).thresholds!(0.1);
    const own = mondrianConformal().fit(rows.probabilities, rows.labels).thresholds!(0.1);
    expect(bounds(0)).toEqual(split);
    expect(bounds(1)).toEqual(own);
    bounds(0.25).forEach((bound, label) => {
      expect(bound).toBeCloseTo(0.25 * Math.min(own[label]!, 1) + 0.75 * split[label]!, 14);
    });
    expect(own.at(-1)).toBe(Number.POSITIVE_INFINITY);
    expect(() => interpQ({ tau: 2 })).toThrow(/tau/);
  });
});

describe('fuzzy conformal prediction', () => {
  const rows = sample(800, [0.5, 0.3, 0.2], 5);
  const test = sample(300, [0.5, 0.3, 0.2], 6);

  it('is split with a kernel that is wide, Mondrian with one that is narrow, before its correction', () => {
    const raw = (bandwidth: number) =>
      fuzzyConformal({ bandwidth, heldOutShare: 0 }).fit(rows.probabilities, rows.labels).pValues!(test.probabilities)
        .data;
    const near = (p: Float64Array, expected: Float64Array) =>
      expect(Math.max(...p.map((value, i) => Math.abs(value - expected[i]!)))).toBeLessThan(1e-8);
    near(raw(1e12), splitConformal().fit(rows.probabilities, rows.labels).pValues!(test.probabilities).data);
    near(raw(1e-12), mondrianConformal().fit(rows.probabilities, rows.labels).pValues!(test.probabilities).data);
  });

  it('equals the weighted definition', () => {
    const bandwidth = 4;
    // Counts in training, unlike those in calibration: the former place the classes, the latter say how wide to look.
    const counts = [4000, 2000, 900];
    const own = [0, 1, 2].map((label) => rows.labels.codes.filter((code) => code === label).length);
    const model = fuzzyConformal({ bandwidth, heldOutShare: 0, trainingCounts: counts }).fit(
      rows.probabilities,
      rows.labels,
    );
    const p = model.pValues!(test.probabilities);
    for (const row of [0, 5, 9]) {
      for (const label of [0, 1, 2]) {
        const weight = (c: number) =>
          Math.exp(-(((counts[c]! - counts[label]!) / 4000) ** 2) / ((2 * bandwidth) / (own[label]! + 1)));
        const asked = 1 - test.probabilities.data[row * 3 + label]!;
        let above = 1;
        let all = 1;
        rows.labels.codes.forEach((code, i) => {
          all += weight(code);
          if (1 - rows.probabilities.data[i * 3 + code]! >= asked) above += weight(code);
        });
        expect(p.data[row * 3 + label]).toBeCloseTo(above / all, 12);
      }
    }
  });

  it('tells equally frequent classes apart only where they are jittered', () => {
    const even = { bandwidth: 1e-9, heldOutShare: 0, trainingCounts: [1, 1, 1] };
    const p = (jitter: number, seed = 0) =>
      fuzzyConformal({ ...even, jitter, seed }).fit(rows.probabilities, rows.labels).pValues!(test.probabilities).data;
    expect([...p(0)]).toEqual([
      ...splitConformal().fit(rows.probabilities, rows.labels).pValues!(test.probabilities).data,
    ]);
    const own = mondrianConformal().fit(rows.probabilities, rows.labels).pValues!(test.probabilities).data;
    expect(Math.max(...p(0.5).map((value, i) => Math.abs(value - own[i]!)))).toBeLessThan(1e-8);
  });

  it('refuses bad options', () => {
    expect(() => fuzzyConformal({ jitter: -1 })).toThrow(/jitter/);
    expect(() => fuzzyConformal({ bandwidth: 0 })).toThrow(/bandwidth/);
    expect(() => fuzzyConformal({ heldOutShare: 1 })).toThrow(/heldOutShare/);
    expect(() => fuzzyConformal({ trainingCounts: [1] }).fit(rows.probabilities, rows.labels)).toThrow(
      /trainingCounts/,
    );
  });
});

describe('conformal prediction under label shift', () => {
  it('covers the target after calibration on balanced rows, where split does not', () => {
    const stream = randomStream(9, 'shift');
    const balanced = [0.5, 0.5];
    const target = Float64Array.of(0.98, 0.02);
    const hits = { shift: 0, split: 0 };
    const rounds = 60;
    // The same classes in other shares: rows are drawn as if balanced and kept so that class 1 is 2 %.
    const draw = (rows: number, shares: Float64Array) => {
      const many = drawRows(40 * rows, balanced, stream, 1);
      const wanted = shares.map((share) => Math.round(share * rows));
      const kept = Array.from(many.labels.codes.keys()).filter((row) => --wanted[many.labels.codes[row]!]! >= 0);
      return {
        probabilities: matrix(
          Float64Array.from(
            kept.flatMap((row) => [many.probabilities.data[2 * row]!, many.probabilities.data[2 * row + 1]!]),
          ),
          kept.length,
          2,
        ),
        codes: Int32Array.from(kept, (row) => many.labels.codes[row]!),
      };
    };
    for (let round = 0; round < rounds; round++) {
      const calibration = drawRows(300, balanced, stream, 1);
      // Class 0 is made harder, so that its share matters.
      const test = draw(200, target);
      const harder = (p: Float64Array) => p.map((_value, i) => (i % 2 === 0 ? p[i]! ** 3 : 1 - p[i - 1]! ** 3));
      const fit = matrix(harder(calibration.probabilities.data), 300, 2);
      const asked = matrix(harder(test.probabilities.data), test.codes.length, 2);
      const covered = (model: ConformalModel) =>
        coveredRows(model.sets(asked, { alpha: 0.1 }), test.codes).reduce((sum, hit) => sum + hit, 0) /
        test.codes.length;
      hits.shift +=
        covered(
          labelShiftConformal({ targetShares: target, sourceShares: Float64Array.of(0.5, 0.5) }).fit(
            fit,
            calibration.labels,
          ),
        ) / rounds;
      hits.split += covered(splitConformal().fit(fit, calibration.labels)) / rounds;
    }
    expect(Math.abs(hits.shift - 0.9)).toBeLessThan(0.015);
    expect(Math.abs(hits.split - 0.9)).toBeGreaterThan(0.03);
  });

  it('is split conformal prediction where nothing shifts', () => {
    const rows = sample(99, [0.6, 0.4], 2);
    const split = splitConformal().fit(rows.probabilities, rows.labels);
    const shift = labelShiftConformal({ targetShares: Float64Array.of(6, 4), sourceShares: Float64Array.of(0.6, 0.4) });
    for (const alpha of [0.1, 0.42, 0.5]) {
      const model = shift.fit(rows.probabilities, rows.labels);
      expect(model.sets(rows.probabilities, { alpha }).members).toEqual(
        split.sets(rows.probabilities, { alpha }).members,
      );
    }
  });

  it('takes the label of a class it cannot weigh, and refuses shares that cannot be', () => {
    const rows = sample(50, [0.6, 0.4], 2);
    const labels = { codes: rows.labels.codes, classes: ['a', 'b', 'c'] };
    const p = matrix(new Float64Array(150).fill(1 / 3), 50, 3);
    const model = labelShiftConformal({ targetShares: Float64Array.of(0.5, 0.3, 0.2) }).fit(p, labels);
    expect(model.notices[0]!.code).toBe('class-without-calibration-rows');
    expect(model.pValues!(p).data[2]).toBe(1);
    const fit = (targetShares: Float64Array, sourceShares?: Float64Array) =>
      labelShiftConformal({ targetShares, sourceShares }).fit(rows.probabilities, rows.labels);
    expect(() => fit(Float64Array.of(0, 0))).toThrow(expect.objectContaining({ code: 'bad-shares' }));
    expect(() => fit(Float64Array.of(1))).toThrow(expect.objectContaining({ code: 'bad-shares' }));
    expect(() => fit(Float64Array.of(1, 1), Float64Array.of(1, 0))).toThrow(/class 1/);
  });
});
