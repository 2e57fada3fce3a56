import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  bootstrapMetrics,
  evaluateClassScores,
  evaluateScores,
  expectedCalibrationError,
  matrix,
} from '../../src/index.ts';

const golden = JSON.parse(readFileSync(new URL('../fixtures/evaluate.json', import.meta.url), 'utf8')).classes as {
  readonly rows: number;
  readonly metrics: Readonly<Record<string, number>>;
  readonly decisions: Readonly<Record<string, number>>;
  readonly confusion: readonly (readonly number[])[];
  readonly bootstrap: Readonly<Record<string, readonly [number, number]>>;
};

/** The rows of the golden script. */
function made(rows: number) {
  let state = 7;
  const next = () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return state / 4294967296;
  };
  const codes = new Int32Array(rows);
  const data = new Float64Array(4 * rows);
  for (let row = 0; row < rows; row++) {
    const draws = Array.from({ length: 5 }, next);
    const label = [0.6, 0.85, 0.95].filter((edge) => draws[4]! > edge).length;
    codes[row] = label;
    const raw = draws.slice(0, 4).map((u, k) => -Math.log(u + 1e-9) * (k === label ? 3 : 1));
    const sum = raw.reduce((total, value) => total + value, 0);
    data.set(
      raw.map((value) => value / sum),
      4 * row,
    );
  }
  return { labels: { codes, classes: [0, 1, 2, 3] }, probabilities: matrix(data, rows, 4) };
}

describe('evaluateClassScores', () => {
  it('gives the values of scikit-learn and the intervals of a plain bootstrap', async () => {
    const found = await evaluateClassScores({ ...made(golden.rows), replicates: 500 });
    for (const [name, value] of Object.entries(golden.metrics)) {
      expect(found.metrics[name]!.value, name).toBeCloseTo(value, 11);
    }
    const [first] = found.decisions;
    expect(first!.confusion).toEqual(golden.confusion);
    for (const [name, value] of Object.entries(golden.decisions)) {
      expect(first!.metrics[name]!.value, name).toBeCloseTo(value, 11);
    }
    for (const [name, [low, high]] of Object.entries(golden.bootstrap)) {
      const own = found.metrics[name]!;
      expect(Math.abs(own.low! - low) / (high - low), name).toBeLessThan(0.15);
      expect(Math.abs(own.high! - high) / (high - low), name).toBeLessThan(0.15);
    }
    for (const [name, { value, low, high }] of Object.entries({ ...found.metrics, ...first!.metrics })) {
      expect(low! <= value! && value! <= high!, `${name}: ${low} ${value} ${high}`).toBe(true);
    }
  });

  it('gives the expected calibration error as the metric sets do: the mean over the classes, and its interval', async () => {
    const { labels, probabilities } = made(400);
    const found = await evaluateClassScores({ labels, probabilities, replicates: 500 });
    const own = found.metrics['expectedCalibrationError']!;
    const truth = labels.codes;
    expect(own.value).toBeCloseTo(expectedCalibrationError({ probabilities, truth, positive: null }), 12);
    const single = found.classes.map((one) => one.probabilities!.metrics['expectedCalibrationError']!.value!);
    expect(own.value).toBeCloseTo(single.reduce((sum, value) => sum + value, 0) / 4, 12);
    const plain = await bootstrapMetrics({
      ...{ truth, probabilities, decisions: truth, positive: null },
      ...{ seed: 1, replicates: 500 },
    });
    const { low, high } = plain['expectedCalibrationError']!;
    // The metric sets keep the shares of the classes.
    expect(Math.abs(own.low! - low) / (high - low)).toBeLessThan(0.4);
    expect(Math.abs(own.high! - high) / (high - low)).toBeLessThan(0.4);
  });

  it('sees each class against the rest as evaluateScores does, rarest first', async () => {
    const { labels, probabilities } = made(300);
    const { classes, data } = await evaluateClassScores({ labels, probabilities, replicates: 40 });
    const sizes = classes.map(({ rows }) => rows);
    expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(data.rows);
    const rarest = classes[0]!;
    const code = labels.classes.indexOf(rarest.class as number);
    const alone = await evaluateScores({
      labels: { codes: labels.codes.map((label) => Number(label === code)), classes: ['rest', 'it'] },
      positive: 'it',
      scores: [
        {
          name: String(rarest.class),
          values: Float64Array.from(labels.codes, (_, i) => probabilities.data[4 * i + code]!),
        },
      ],
      replicates: 40,
    });
    const { class: label, rows, prevalence, ...rest } = rarest;
    expect(rest).toEqual(alone.models[0]);
    expect(alone.data).toMatchObject({ positives: rows, prevalence });
    expect(label).toBe(code);
  });

  it('decides from a cost matrix and tunes weights; both reach what they aim at', async () => {
    const rows = made(300);
    const costs = {
      classes: [0, 1, 2, 3],
      matrix: [0, 1, 2, 3].map((p) => [0, 1, 2, 3].map((t) => (p === t ? 0 : t === 3 ? 20 : 1))),
    };
    const { decisions } = await evaluateClassScores({ ...rows, costs, replicates: 40 });
    const cost = (name: string) => decisions.find((one) => one.name === name)!.metrics['expectedCost']!.value!;
    expect(cost('tuned')).toBeLessThanOrEqual(cost('most-probable'));
    expect(cost('cost')).toBeLessThan(cost('most-probable'));
    const plain = await evaluateClassScores({ ...rows, metric: 'balancedAccuracy', replicates: 40 });
    const balanced = plain.decisions.map(({ metrics }) => metrics['balancedAccuracy']!.value!);
    expect(balanced[1]).toBeGreaterThan(balanced[0]!);
  });

  it('honours weights as copies, leaves rows of weight 0 out, and speaks of classes without rows', async () => {
    const { labels, probabilities } = made(120);
    const weights = Float64Array.from({ length: 120 }, (_, row) => row % 3);
    const copies = Array.from(weights).flatMap((weight, row) => new Array<number>(weight).fill(row));
    const [weighted, repeated] = await Promise.all([
      evaluateClassScores({ labels, probabilities, weights, replicates: 30 }),
      evaluateClassScores({
        labels: { ...labels, codes: Int32Array.from(copies, (row) => labels.codes[row]!) },
        probabilities: matrix(
          Float64Array.from(copies.flatMap((row) => [...probabilities.data.subarray(4 * row, 4 * row + 4)])),
          copies.length,
          4,
        ),
        replicates: 30,
      }),
    ]);
    for (const [name, one] of Object.entries(weighted.metrics)) {
      const other = repeated.metrics[name]!;
      for (const key of ['value', 'low', 'high'] as const)
        expect(one[key], `${name} ${key}`).toBeCloseTo(other[key]!, 9);
    }
    expect(weighted.decisions[0]!.metrics).toEqual(repeated.decisions[0]!.metrics);
    expect(weighted.notices.map(({ code }) => code)).toContain('zero-weight');
    const absent = await evaluateClassScores({
      labels: { codes: labels.codes.map((code) => code % 3), classes: labels.classes },
      probabilities,
      replicates: 30,
    });
    expect(absent.notices.map(({ code }) => code)).toContain('absent-class');
    expect(JSON.stringify(absent)).not.toMatch(/NaN|Infinity/);
    const fractional = await evaluateClassScores({
      labels,
      probabilities,
      weights: weights.map((w) => w + 0.5),
      replicates: 30,
    });
    expect(fractional.notices.map(({ code }) => code)).toContain('no-decision-intervals');
    expect(fractional.metrics['rocAucOneVsOne']!.low).not.toBeNull();
  });

  it('refuses what cannot be', async () => {
    const rows = made(60);
    const refused = (options: object, code: string) =>
      expect(evaluateClassScores({ ...rows, replicates: 5, ...options })).rejects.toMatchObject({ code });
    await refused({ labels: { codes: new Int32Array(60), classes: [0, 1, 2, 3] } }, 'one-class');
    await refused({ labels: { ...rows.labels, classes: [0, 1, 2] } }, 'shape-mismatch');
    await refused(
      {
        probabilities: matrix(
          rows.probabilities.data.map((p) => p + 1),
          60,
          4,
        ),
      },
      'bad-scores',
    );
    await refused({ metric: 'recall' }, 'unknown-metric');
    await refused({ metric: 'expectedCost' }, 'bad-costs');
    await refused({ costs: { falseNegative: 1, falsePositive: 2 } }, 'bad-costs');
  });
});
