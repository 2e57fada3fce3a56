import { describe, expect, it } from 'vitest';
import {
  anomalyFeatures,
  anomalyFeaturesFromJSON,
  anomalyProbabilities,
  anomalyProbabilitiesFromJSON,
  anomalyPValues,
  anomalyThreshold,
  conformalDetector,
  conformalDetectorFromJSON,
  ecod,
  isolationForest,
  kNearest,
} from '../../src/anomaly/index.ts';
import { fBeta } from '../../src/metrics/count-ratios.ts';
import { randomStream } from '../../src/runtime/random.ts';
import { dense, heap, largestGap, pick } from './helpers.ts';

const through = (model: { toJSON(): object }) => JSON.parse(JSON.stringify(model));

describe('anomalyPValues', () => {
  it('is the rank among the calibration scores, the row itself counted and ties against it', () => {
    const p = anomalyPValues(Float64Array.of(3, 1, 2, 2), Float64Array.of(0, 1, 2, 2.5, 3, 4));
    expect([...p].map((value) => value * 5)).toEqual([5, 5, 4, 2, 2, 1].map((count) => expect.closeTo(count, 12)));
  });

  it('refuses scores that are no numbers, and no scores', () => {
    expect(() => anomalyPValues(Float64Array.of(Number.NaN), Float64Array.of(1))).toThrow(/calibration scores/);
    expect(() => anomalyPValues(Float64Array.of(1), Float64Array.of(Number.NaN))).toThrow(/row 0/);
    expect(() => anomalyPValues(new Float64Array(0), Float64Array.of(1))).toThrow(/at least one/);
  });
});

describe('anomalyThreshold by alarm rate', () => {
  it('calls strange exactly the rows with a p-value of at most the rate', () => {
    const stream = randomStream(1);
    for (const n of [1, 9, 19, 20, 99, 500]) {
      const calibration = Float64Array.from({ length: n }, () => Math.round(20 * stream.normal()) / 20);
      const fresh = Float64Array.from({ length: 300 }, () => Math.round(30 * stream.normal()) / 20);
      const p = anomalyPValues(calibration, fresh);
      for (const alarmRate of [0.01, 0.05, 0.1, 0.3, 0.5, 0.99]) {
        const { threshold } = anomalyThreshold({ scores: calibration, alarmRate });
        expect([...fresh].map((score) => score >= threshold)).toEqual([...p].map((value) => value <= alarmRate));
      }
    }
  });

  it('says that there are too few rows for the rate, and calls none strange', () => {
    const scores = Float64Array.from({ length: 98 }, (_, i) => i);
    const found = anomalyThreshold({ scores, alarmRate: 0.01 });
    expect(found.threshold).toBe(Number.POSITIVE_INFINITY);
    expect(found.notices.map(({ code, numbers }) => [code, numbers])).toEqual([
      ['too-few-calibration-rows', { rows: 98, needed: 99, alarmRate: 0.01 }],
    ]);
    const enough = anomalyThreshold({ scores: Float64Array.from({ length: 99 }, (_, i) => i), alarmRate: 0.01 });
    expect(enough.threshold).toBeGreaterThan(98);
    expect(enough.threshold).toBeLessThan(98.0001);
    expect([enough.notices.length, enough.flagged]).toEqual([0, 0]);
  });

  it('holds the rate over many draws of calibration and new rows', () => {
    const stream = randomStream(2);
    let alarms = 0;
    for (let round = 0; round < 4000; round++) {
      const scores = Float64Array.from({ length: 39 }, stream.normal);
      if (stream.normal() >= anomalyThreshold({ scores, alarmRate: 0.1 }).threshold) alarms++;
    }
    expect(alarms / 4000).toBeGreaterThan(0.085);
    expect(alarms / 4000).toBeLessThan(0.115);
  });

  it('refuses rates that are none, and a silent contamination', () => {
    for (const alarmRate of [0, 1, -0.1, Number.NaN]) {
      expect(() => anomalyThreshold({ scores: Float64Array.of(1), alarmRate })).toThrow(/alarmRate/);
    }
    expect(() => anomalyThreshold({ scores: Float64Array.of(1), labels: labels([1, 0]) })).toThrow(
      /costs or an objective/,
    );
  });
});

const labels = (codes: readonly number[]) => ({ codes: Int32Array.from(codes), classes: ['ok', 'odd'] });

describe('anomalyThreshold by labels', () => {
  const scores = Float64Array.of(0.1, 0.2, 0.3, 0.4, 0.5, 0.6);
  const truth = labels([0, 0, 1, 0, 0, 1]);

  it('follows costs', () => {
    const at = (falsePositive: number, falseNegative: number) =>
      anomalyThreshold({ scores, labels: truth, costs: { falsePositive, falseNegative } });
    expect(at(1, 1)).toMatchObject({
      threshold: expect.closeTo(0.55, 10),
      flagged: 1 / 6,
      value: -1 / 6,
      basis: 'labels',
    });
    expect(at(1, 3)).toMatchObject({ threshold: expect.closeTo(0.25, 10), flagged: 4 / 6, value: -2 / 6 });
  });

  it('follows any function of the counts, and the class that is named', () => {
    const objective = (counts: Parameters<typeof fBeta>[0]) => fBeta(counts, 2);
    expect(anomalyThreshold({ scores, labels: truth, objective }).threshold).toBeCloseTo(0.25, 10);
    const other = anomalyThreshold({ scores, labels: truth, objective, positive: 'ok' });
    expect(other.threshold).toBe(0.1);
  });

  it('refuses labels of one class only', () => {
    const costs = { falsePositive: 1, falseNegative: 1 };
    const all = { codes: new Int32Array(6), classes: ['ok', 'odd'] };
    expect(() => anomalyThreshold({ scores, labels: all, costs })).toThrow(/strange rows and ordinary/);
    expect(() => anomalyThreshold({ scores, labels: truth, costs: { falsePositive: -1, falseNegative: 1 } })).toThrow();
  });
});

describe('what is no data, no scores and no detector', () => {
  const X = heap(30, 2, 2);
  const y = { codes: Int32Array.from({ length: 30 }, (_, i) => (i < 28 ? 0 : 1)), classes: [0, 1] };
  const scores = Float64Array.from({ length: 30 }, (_, i) => i);
  const wrong: readonly unknown[] = [undefined, null, 5, 'x', [], {}];

  it.each(wrong.map((value) => [value]))('is refused in one line: %o', async (value) => {
    const given = value as never;
    const model = await ecod().fit(X);
    const costs = { falsePositive: 1, falseNegative: 1 };
    const calls: readonly (() => unknown)[] = [
      () => anomalyThreshold(given),
      () => anomalyThreshold({ scores: given, alarmRate: 0.1 }),
      () => anomalyThreshold({ scores, alarmRate: given }),
      () => anomalyThreshold({ scores, labels: given, costs }),
      () => anomalyPValues(given, scores),
      () => anomalyPValues(scores, given),
      () => conformalDetector(given),
      () => conformalDetector({ detector: given }),
      () => conformalDetector({ detector: ecod() }).fit(given),
      () => anomalyProbabilities(given),
      () => anomalyProbabilities({ model: given, X, y }),
      () => anomalyProbabilities({ model, X: given, y }),
      () => anomalyProbabilities({ model, X, y: given }),
      () => anomalyFeatures(given, { detectors: [ecod()] }),
      () => anomalyFeatures(X, given),
      () => anomalyFeatures(X, { detectors: given }),
      () => anomalyFeatures(X, { detectors: [given] }),
    ];
    for (const call of calls) {
      await expect((async () => call())(), String(call)).rejects.toMatchObject({ name: 'CounterweightError' });
    }
  });

  it('is told by the name of the option that is not there', () => {
    expect(() => anomalyThreshold({ scores, contamination: 0.1 } as never)).toThrow(/no option "contamination"/);
    expect(() => anomalyThreshold({ scores, alarmrate: 0.1 } as never)).toThrow(/alarmrate/);
    const both = { scores, alarmRate: 0.1, labels: y };
    expect(() => anomalyThreshold(both)).toThrow(/no option "labels"/);
  });
});

describe('conformalDetector', () => {
  const X = heap(600, 3, 0);

  it('holds the alarm rate on ordinary rows and sees strange ones', async () => {
    const watch = await conformalDetector({ detector: isolationForest(), calibrationSize: 0.5 }).fit(X);
    expect(watch.calibrationScores).toHaveLength(300);
    const p = await watch.pValues(heap(1000, 3, 0, 5));
    expect(p.filter((value) => value <= 0.1).length / 1000).toBeLessThan(0.15);
    expect(Math.max(...(await watch.pValues(heap(30, 3, 30, 6))))).toBeLessThan(0.03);
    const { threshold } = watch.threshold(0.1);
    const scores = await watch.model.score(heap(1000, 3, 0, 5));
    expect([...scores].map((score) => score >= threshold)).toEqual([...p].map((value) => value <= 0.1));
  });

  it('is saved and loaded', async () => {
    const watch = await conformalDetector({ detector: ecod(), seed: 3 }).fit(X);
    const loaded = conformalDetectorFromJSON(through(watch));
    expect(await loaded.pValues(X)).toEqual(await watch.pValues(X));
    expect(() => conformalDetectorFromJSON({ ...through(watch), calibrationScores: [] })).toThrow(/calibrationScores/);
  });

  it('needs two rows to fit and one to calibrate', async () => {
    await expect(conformalDetector({ detector: ecod() }).fit(pick(X, [0, 1]))).rejects.toMatchObject({
      code: 'too-few-rows',
    });
    expect((await conformalDetector({ detector: ecod() }).fit(pick(X, [0, 1, 2]))).calibrationScores).toHaveLength(1);
    expect(() => conformalDetector({ detector: ecod(), calibrationSize: 1 })).toThrow(/calibrationSize/);
  });
});

describe('anomalyProbabilities', () => {
  const train = heap(400, 3, 0);
  const held = heap(500, 3, 100, 2);
  const y = { codes: Int32Array.from({ length: 500 }, (_, i) => (i < 400 ? 0 : 1)), classes: [0, 1] };

  it.each(['venn-abers', 'isotonic', 'platt'])(
    'gives the share of strange rows at their scores (%s)',
    async (calibrator) => {
      const model = await isolationForest().fit(train);
      const found = await anomalyProbabilities({ model, X: held, y, calibrator });
      expect(found.positive).toBe(1);
      const p = await found.probabilities(heap(500, 3, 100, 3));
      expect(p.every((value) => value >= 0 && value <= 1)).toBe(true);
      expect(p.reduce((a, b) => a + b)).toBeGreaterThan(85);
      expect(p.reduce((a, b) => a + b)).toBeLessThan(115);
      expect(anomalyProbabilitiesFromJSON(through(found)).positive).toBe(1);
      expect(await anomalyProbabilitiesFromJSON(through(found)).probabilities(held)).toEqual(
        await found.probabilities(held),
      );
    },
  );

  it('takes all other classes together where one is named', async () => {
    const model = await ecod().fit(train);
    const three = { codes: y.codes.map((code, i) => (code === 1 ? 2 : i % 2)), classes: ['a', 'b', 'odd'] };
    await expect(anomalyProbabilities({ model, X: held, y: three })).rejects.toMatchObject({ code: 'not-binary' });
    const named = await anomalyProbabilities({ model, X: held, y: three, positive: 'odd' });
    const plain = await anomalyProbabilities({ model, X: held, y });
    expect(await named.probabilities(held)).toEqual(await plain.probabilities(held));
  });

  it('refuses calibrators that need probabilities', async () => {
    const model = await ecod().fit(train);
    await expect(anomalyProbabilities({ model, X: held, y, calibrator: 'beta' })).rejects.toMatchObject({
      code: 'bad-option',
    });
  });
});

describe('anomalyFeatures', () => {
  it('adds out-of-fold scores: a row never meets itself', async () => {
    const X = heap(60, 2, 4);
    const found = await anomalyFeatures(X, { detectors: [kNearest({ nNeighbors: 1 }), ecod()], folds: 4 });
    expect([found.X.rows, found.X.columns]).toEqual([60, 4]);
    for (let i = 0; i < 60; i++) {
      expect([...found.X.data.subarray(4 * i, 4 * i + 2)]).toEqual([...X.data.subarray(2 * i, 2 * i + 2)]);
      expect(found.X.data[4 * i + 2]).toBeGreaterThan(0); // in-fold it would be 0
    }
    const again = await found.transform(X);
    expect(again.data.filter((_, at) => at % 4 === 2).every((score) => score === 0)).toBe(true);
    expect(largestGap((await anomalyFeaturesFromJSON(through(found)).transform(X)).data, again.data)).toBe(0);
  });

  it('keeps groups together: copies in one group do not meet', async () => {
    const X = pick(
      heap(30, 2, 0),
      Array.from({ length: 60 }, (_, i) => i % 30),
    );
    const groups = Int32Array.from({ length: 60 }, (_, i) => i % 30);
    const detectors = [kNearest({ nNeighbors: 1 })];
    const together = await anomalyFeatures(X, { detectors, groups });
    expect(together.X.data.filter((_, at) => at % 3 === 2).every((score) => score > 0)).toBe(true);
    const apart = await anomalyFeatures(X, { detectors });
    expect(apart.X.data.filter((_, at) => at % 3 === 2).some((score) => score === 0)).toBe(true);
  });

  it('needs detectors, and rows for its folds', async () => {
    await expect(anomalyFeatures(dense([1, 2, 3], 1), { detectors: [] })).rejects.toMatchObject({ code: 'bad-option' });
    await expect(anomalyFeatures(dense([1], 1), { detectors: [ecod()] })).rejects.toMatchObject({
      code: 'too-few-rows',
    });
  });
});
