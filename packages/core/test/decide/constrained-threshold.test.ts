import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { constrainedThreshold, type ThresholdGuarantee } from '../../src/decide/index.ts';
import { randomStream } from '../../src/runtime/random.ts';

/** The counts by definition. */
function countsAt(scores: Float64Array, truth: Int32Array, threshold: number) {
  const counts = { tp: 0, fp: 0, fn: 0, tn: 0 };
  scores.forEach((score, row) => {
    counts[truth[row] === 1 ? (score >= threshold ? 'tp' : 'fn') : score >= threshold ? 'fp' : 'tn']++;
  });
  return counts;
}

/** Rows whose chance of being positive is their score: precision above t is the mean score above t. */
function calibratedRows(seed: number, n: number) {
  const stream = randomStream(seed, 'constraint');
  const scores = Float64Array.from({ length: n }, () => stream.uniform() ** 2);
  return { scores, truth: Int32Array.from(scores, (score) => Number(stream.uniform() < score)) };
}

/** Of U² given U² >= t: the mean is (1 - t^1.5) / 3 / (1 - √t), and the same weighted by itself gives recall. */
const truePrecision = (t: number) => (t >= 1 ? 1 : (1 - t ** 1.5) / 3 / (1 - Math.sqrt(Math.max(0, t))));
const trueRecall = (t: number) => 1 - Math.max(0, t) ** 1.5;
/** Negatives: 1 - u² integrated up to √t, over 2 / 3. */
const trueSpecificity = (t: number) => {
  const root = Math.sqrt(Math.min(1, Math.max(0, t)));
  return (root - root ** 3 / 3) / (2 / 3);
};

describe('constrainedThreshold', () => {
  it('finds what trying every score finds, by its threshold', () => {
    const row = fc.tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 1 }));
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 1, maxLength: 40 }),
        fc.double({ min: 0.05, max: 0.95, noNaN: true }),
        (rows, least) => {
          const scores = Float64Array.from(rows, ([score]) => score / 10);
          const truth = Int32Array.from(rows, ([, label]) => label);
          const found = constrainedThreshold({
            scores,
            truth,
            maximise: 'recall',
            constraint: { metric: 'precision', atLeast: least },
          });
          let best = Number.NEGATIVE_INFINITY;
          for (const threshold of scores) {
            const { tp, fp, fn } = countsAt(scores, truth, threshold);
            if (tp / (tp + fp) >= least) best = Math.max(best, tp / (tp + fn));
          }
          expect(found.feasible).toBe(best > Number.NEGATIVE_INFINITY);
          if (found.feasible) {
            expect(found.value).toBe(best);
            expect(found.constrained).toBeGreaterThanOrEqual(least);
          }
          expect(countsAt(scores, truth, found.threshold)).toEqual(found.counts);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('takes the highest threshold of equals, any objective, and weights', () => {
    const rows = { scores: Float64Array.of(4, 3, 2, 1), truth: Int32Array.of(1, 1, 0, 0) };
    const recall = constrainedThreshold({
      ...rows,
      maximise: 'recall',
      constraint: { metric: 'precision', atLeast: 0.5 },
    });
    expect(recall).toMatchObject({ threshold: 2.5, value: 1, constrained: 1 });
    const weighted = constrainedThreshold({
      ...rows,
      weights: Float64Array.of(1, 1, 4, 1),
      maximise: ({ tp, fp }) => tp + fp,
      constraint: { metric: 'precision', atLeast: 0.3 },
    });
    expect(weighted).toMatchObject({ threshold: 1.5, value: 6 });
    expect(weighted.lowerBound).toBeNaN();
  });

  it('says so where nothing meets the constraint, and comes nearest', () => {
    const rows = { scores: Float64Array.of(4, 3, 2, 1), truth: Int32Array.of(0, 1, 1, 0) };
    const found = constrainedThreshold({
      ...rows,
      maximise: 'recall',
      constraint: { metric: 'precision', atLeast: 0.9 },
    });
    expect(found.feasible).toBe(false);
    expect(found.constrained).toBeCloseTo(2 / 3, 15);
    expect(found.threshold).toBe(1.5);
    const guarantee = { method: 'learn-then-test' } as const;
    const none = constrainedThreshold({
      ...rows,
      guarantee,
      maximise: 'recall',
      constraint: { metric: 'precision', atLeast: 0.9 },
    });
    expect(none.feasible).toBe(false);
  });

  it('guarantees what it says: at most a tenth of the searches break the constraint on new rows', () => {
    const guarantee: ThresholdGuarantee = { method: 'learn-then-test', confidence: 0.9 };
    const broken = { precision: 0, recall: 0, specificity: 0, plain: 0 };
    let feasible = 0;
    let recall = 0;
    for (let run = 0; run < 1000; run++) {
      const rows = calibratedRows(run, 300);
      const precise = constrainedThreshold({
        ...rows,
        guarantee,
        maximise: 'recall',
        constraint: { metric: 'precision', atLeast: 0.6 },
      });
      if (precise.feasible && truePrecision(precise.threshold) < 0.6) broken.precision++;
      if (precise.feasible) {
        feasible++;
        recall += trueRecall(precise.threshold) / 1000;
      }
      const found = constrainedThreshold({
        ...rows,
        guarantee,
        maximise: 'precision',
        constraint: { metric: 'recall', atLeast: 0.8 },
      });
      if (found.feasible && trueRecall(found.threshold) < 0.8) broken.recall++;
      const spared = constrainedThreshold({
        ...rows,
        guarantee,
        maximise: 'recall',
        constraint: { metric: 'specificity', atLeast: 0.9 },
      });
      if (spared.feasible && trueSpecificity(spared.threshold) < 0.9) broken.specificity++;
      const plain = constrainedThreshold({
        ...rows,
        maximise: 'recall',
        constraint: { metric: 'precision', atLeast: 0.6 },
      });
      if (truePrecision(plain.threshold) < 0.6) broken.plain++;
    }
    // Three standard errors above a tenth.
    expect(broken.precision).toBeLessThan(128);
    expect(broken.recall).toBeLessThan(128);
    expect(broken.specificity).toBeLessThan(128);
    // An order statistic spends nearly all of the chance it has; the search without a guarantee is wrong half of the time.
    expect(broken.recall).toBeGreaterThan(50);
    expect(broken.specificity).toBeGreaterThan(50);
    expect(broken.plain).toBeGreaterThan(400);
    expect(feasible).toBeGreaterThan(950);
    // Half of all that could be had at a true precision of 0.6 would be too little.
    expect(recall).toBeGreaterThan(0.45);
  });

  it('gives the same by both methods for recall, which only rises as the threshold falls', () => {
    const rows = calibratedRows(5, 400);
    const search = { ...rows, maximise: 'precision', constraint: { metric: 'recall', atLeast: 0.7 } } as const;
    const first = constrainedThreshold({ ...search, guarantee: { method: 'learn-then-test' } });
    const second = constrainedThreshold({ ...search, guarantee: { method: 'clopper-pearson' } });
    expect(second).toEqual(first);
    expect(first.lowerBound).toBeGreaterThanOrEqual(0.7);
    expect(countsAt(rows.scores, rows.truth, first.threshold)).toEqual(first.counts);
  });

  it('decides exactly what it tested, beside ties too', () => {
    const stream = randomStream(6, 'ties');
    const scores = Float64Array.from({ length: 2000 }, () => stream.integer(20) / 20);
    const truth = Int32Array.from(scores, (score) => Number(stream.uniform() < score));
    for (const method of ['learn-then-test', 'clopper-pearson'] as const) {
      for (const metric of ['precision', 'recall', 'specificity'] as const) {
        const found = constrainedThreshold({
          scores,
          truth,
          maximise: 'f1',
          constraint: { metric, atLeast: 0.7 },
          guarantee: { method },
        });
        expect(found.feasible).toBe(true);
        expect(countsAt(scores, truth, found.threshold)).toEqual(found.counts);
      }
    }
  });

  it('refuses what cannot be', () => {
    const rows = { ...calibratedRows(1, 20), maximise: 'recall' } as const;
    const constraint = { metric: 'precision', atLeast: 0.5 } as const;
    const guarantee = { method: 'learn-then-test' } as const;
    expect(() => constrainedThreshold({ ...rows, constraint: { metric: 'precision', atLeast: 1 } })).toThrow(
      /constraint/,
    );
    expect(() => constrainedThreshold({ ...rows, constraint, guarantee: { ...guarantee, confidence: 1 } })).toThrow(
      /confidence/,
    );
    expect(() =>
      constrainedThreshold({ ...rows, constraint, guarantee, weights: new Float64Array(20).fill(1) }),
    ).toThrow(/weights/);
  });
});
