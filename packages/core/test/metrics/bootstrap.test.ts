import { describe, expect, it } from 'vitest';
import { matrix } from '../../src/data/matrix.ts';
import {
  allMetrics,
  bootstrapDifference,
  bootstrapMetrics,
  type Confusion,
  metricNames,
} from '../../src/metrics/index.ts';
import { randomStream } from '../../src/runtime/random.ts';
import { twenty, twoColumns } from './fixture-cases.ts';

function drawnRows(seed: number, n: number, share: number) {
  const stream = randomStream(seed, 'rows');
  const truth = Int32Array.from({ length: n }, (_, row) => (row < share * n ? 1 : 0));
  const scores = Float64Array.from(truth, (label) => 1 / (1 + Math.exp(-(stream.normal() + 1.5 * label - 1))));
  const decisions = Int32Array.from(scores, (score) => (score >= 0.5 ? 1 : 0));
  return { truth, probabilities: twoColumns(scores), decisions, positive: 1 };
}

describe('bootstrapMetrics', () => {
  it('has the value of the rows as they are, inside its interval', async () => {
    const rows = drawnRows(1, 500, 0.1);
    const intervals = await bootstrapMetrics({ ...rows, seed: 3, replicates: 200 });
    const values = allMetrics(rows);
    for (const name of metricNames) {
      expect(intervals[name].value, name).toBe(values[name]);
      expect(intervals[name].low, name).toBeLessThan(values[name]);
      expect(intervals[name].high, name).toBeGreaterThan(values[name]);
    }
  });

  it('does not push up an error that noise has pushed up already', async () => {
    const stream = randomStream(6, 'calibrated');
    let outside = 0;
    const runs = 30;
    for (let run = 0; run < runs; run++) {
      const scores = Float64Array.from({ length: 300 }, () => stream.uniform() ** 2);
      const truth = Int32Array.from(scores, (p) => Number(stream.uniform() < p ** 1.5));
      const rows = { truth, probabilities: twoColumns(scores), decisions: truth, positive: 1 };
      const { expectedCalibrationError } = await bootstrapMetrics({ ...rows, seed: run, replicates: 100 });
      const { value, low, high } = expectedCalibrationError;
      expect(low).toBeGreaterThanOrEqual(0);
      expect(low < value && value < high).toBe(true);
      // p - p^1.5 in the mean over p = u²: 1/3 - 1/4.
      if (low > 1 / 12 || high < 1 / 12) outside++;
    }
    expect(outside / runs).toBeLessThan(0.25);
  });

  it('is the same for the same seed and another for another', async () => {
    const rows = drawnRows(2, 200, 0.2);
    const first = await bootstrapMetrics({ ...rows, seed: 3, replicates: 50 });
    expect(await bootstrapMetrics({ ...rows, seed: 3, replicates: 50 })).toEqual(first);
    expect((await bootstrapMetrics({ ...rows, seed: 4, replicates: 50 })).rocAuc).not.toEqual(first.rocAuc);
  });

  it('spreads as theory says: binomial for recall, DeLong for the area', async () => {
    const rows = drawnRows(5, 2000, 0.1);
    const { recall, rocAuc, brierScore } = await bootstrapMetrics({ ...rows, seed: 0, replicates: 2000 });
    const recallError = Math.sqrt((recall.value * (1 - recall.value)) / 200);
    expect(Math.abs((recall.high - recall.low) / (2 * 1.96 * recallError) - 1)).toBeLessThan(0.08);
    const areaError = Math.sqrt(deLongVariance(rows.truth, rows.probabilities.data));
    expect(Math.abs((rocAuc.high - rocAuc.low) / (2 * 1.96 * areaError) - 1)).toBeLessThan(0.08);
    expect(brierScore.high - brierScore.low).toBeGreaterThan(0);
  });

  it('averages over classes with more than two', async () => {
    const stream = randomStream(7, 'three');
    const truth = Int32Array.from({ length: 150 }, (_, row) => (row < 100 ? 0 : row < 140 ? 1 : 2));
    const data = new Float64Array(450);
    const decisions = new Int32Array(150);
    truth.forEach((label, row) => {
      const raw = [0, 1, 2].map((other) => Math.exp(stream.normal() + (other === label ? 1 : 0)));
      const total = raw.reduce((sum, value) => sum + value, 0);
      raw.forEach((value, other) => {
        data[3 * row + other] = value / total;
      });
      decisions[row] = raw.indexOf(Math.max(...raw));
    });
    const rows = { truth, probabilities: matrix(data, 150, 3), decisions, positive: null };
    const intervals = await bootstrapMetrics({ ...rows, seed: 0, replicates: 300 });
    const values = allMetrics(rows);
    for (const name of metricNames) {
      expect(intervals[name].value).toBe(values[name]);
      expect(intervals[name].low, name).toBeLessThan(intervals[name].high);
    }
  });

  it('survives a class with a single row, one without rows, and no rows at all', async () => {
    const single = { truth: Int32Array.of(1, 0, 0), decisions: Int32Array.of(1, 0, 0), positive: 1 };
    const probabilities = twoColumns(Float64Array.of(0.9, 0.1, 0.2));
    const intervals = await bootstrapMetrics({ ...single, probabilities, seed: 0, replicates: 20 });
    expect(intervals.rocAuc).toEqual({ value: 1, low: 1, high: 1 });
    const none = await bootstrapMetrics({
      ...single,
      truth: Int32Array.of(0, 0, 0),
      probabilities,
      seed: 0,
      replicates: 20,
    });
    expect(none.rocAuc).toEqual({ value: Number.NaN, low: Number.NaN, high: Number.NaN });
    const empty = {
      truth: new Int32Array(0),
      decisions: new Int32Array(0),
      probabilities: matrix(new Float64Array(0), 0, 2),
    };
    expect((await bootstrapMetrics({ ...empty, positive: 1, seed: 0, replicates: 5 })).accuracy.value).toBeNaN();
  });

  it('takes further metrics of decisions, and checks its options', async () => {
    const rows = drawnRows(3, 300, 0.2);
    const others = { misses: ({ counts }: Confusion) => counts[2]! / 300 };
    const { misses, recall } = await bootstrapMetrics({ ...rows, seed: 0, replicates: 100, others });
    expect(misses.value).toBeCloseTo((1 - recall.value) * 0.2, 14);
    expect(misses.low).toBeCloseTo((1 - recall.high) * 0.2, 14);
    const same = await bootstrapDifference({ first: rows, second: rows, seed: 0, replicates: 10, others });
    expect(same.misses).toEqual({ value: 0, low: 0, high: 0 });
    await expect(bootstrapMetrics({ ...rows, seed: 0, replicates: 0 })).rejects.toMatchObject({ code: 'bad-option' });
    await expect(bootstrapMetrics({ ...rows, seed: -1 })).rejects.toMatchObject({ code: 'bad-option' });
  });

  it('reports progress and stops on request', async () => {
    const rows = drawnRows(1, 100, 0.2);
    const seen: number[] = [];
    await bootstrapMetrics({ ...rows, seed: 0, replicates: 10 }, { onProgress: ({ done }) => seen.push(done) });
    expect(seen.at(-1)).toBe(10);
    const stopped = bootstrapMetrics({ ...rows, seed: 0 }, { signal: AbortSignal.abort() });
    await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
  });
});

describe('bootstrapDifference', () => {
  it('is 0 with no width for a prediction against itself', async () => {
    const rows = drawnRows(4, 100, 0.2);
    const difference = await bootstrapDifference({ first: rows, second: rows, seed: 0, replicates: 50 });
    for (const name of metricNames) expect(difference[name], name).toEqual({ value: 0, low: 0, high: 0 });
  });

  it('is much narrower than the intervals of either side when they rank alike', async () => {
    const first = drawnRows(6, 1000, 0.1);
    const stream = randomStream(6, 'noise');
    const scores = Float64Array.from(first.truth, (_, row) => {
      const logit = Math.log(first.probabilities.data[2 * row + 1]! / first.probabilities.data[2 * row]!);
      return 1 / (1 + Math.exp(-logit - 0.1 * stream.normal()));
    });
    const second = { ...first, probabilities: twoColumns(scores) };
    const difference = (await bootstrapDifference({ first, second, seed: 0, replicates: 300 })).rocAuc;
    const alone = (await bootstrapMetrics({ ...first, seed: 0, replicates: 300 })).rocAuc;
    expect(difference.value).toBeCloseTo(allMetrics(first).rocAuc - allMetrics(second).rocAuc, 15);
    expect(difference.high - difference.low).toBeLessThan((alone.high - alone.low) / 3);
    expect(difference.low).toBeLessThanOrEqual(difference.high);
  });

  it('refuses rows whose true classes differ', async () => {
    const rows = { ...twenty, probabilities: twoColumns(twenty.scores), decisions: twenty.truth, positive: 1 };
    const other = { ...rows, truth: rows.truth.map((label) => 1 - label) };
    await expect(bootstrapDifference({ first: rows, second: other, seed: 0 })).rejects.toMatchObject({
      code: 'bad-option',
    });
  });
});

/** DeLong's variance of the area from all pairs, as an independent yardstick. */
function deLongVariance(truth: Int32Array, data: Float64Array): number {
  const scoreOf = (row: number) => data[2 * row + 1]!;
  const rows = [...truth.keys()];
  const positives = rows.filter((row) => truth[row] === 1);
  const negatives = rows.filter((row) => truth[row] === 0);
  const wins = (a: number, b: number) => (scoreOf(a) > scoreOf(b) ? 1 : scoreOf(a) === scoreOf(b) ? 0.5 : 0);
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = (values: number[]) => {
    const centre = mean(values);
    return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1);
  };
  return (
    variance(positives.map((a) => mean(negatives.map((b) => wins(a, b))))) / positives.length +
    variance(negatives.map((b) => mean(positives.map((a) => wins(a, b))))) / negatives.length
  );
}
