import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Estimate, EvaluateScoresOptions, ModelEvaluation, ScoreEvaluation } from '../../src/index.ts';
import { compareRocAuc, evaluateScores, topCalibrationError } from '../../src/index.ts';

interface GoldenCase {
  readonly rows: number;
  readonly positives: number;
  readonly first: Readonly<Record<string, number>>;
  readonly half: Readonly<Record<string, number>>;
  readonly given: Readonly<Record<string, number>>;
  readonly single: Readonly<Record<string, readonly [number, number]>>;
  readonly paired: Readonly<Record<string, readonly [number, number]>>;
}
const golden = JSON.parse(readFileSync(new URL('../fixtures/evaluate.json', import.meta.url), 'utf8')) as {
  readonly small: GoldenCase;
  readonly large: GoldenCase;
  readonly weighted: Pick<GoldenCase, 'rows' | 'first' | 'half'>;
};

/** The rows of the golden script. */
function made(rows: number) {
  let state = 2024;
  const next = () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return state / 4294967296;
  };
  const codes = new Int32Array(rows);
  const first = new Float64Array(rows);
  const second = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const p = next() ** 6;
    codes[row] = next() < p ? 1 : 0;
    first[row] = Math.round(Math.min(1, p * 1.1) * 1000) / 1000;
    second[row] = Math.min(1, Math.max(0, p + 0.2 * (next() - 0.5)));
  }
  return { labels: { codes, classes: ['no', 'yes'] }, first, second };
}

const evaluated = (rows: number, more: Partial<EvaluateScoresOptions> = {}): Promise<ScoreEvaluation> => {
  const { labels, first, second } = made(rows);
  return evaluateScores({
    labels,
    scores: [
      { name: 'first', values: first },
      { name: 'second', values: second },
    ],
    threshold: 0.2,
    ...more,
  });
};

const decisionsAt = (model: ModelEvaluation, name: string) => model.decisions.find((one) => one.name === name)!;

/** Two bootstraps of the same law agree to their own noise: a share of the width of the interval. */
function expectInterval(
  { low, high }: Estimate,
  [low0, high0]: readonly [number, number],
  share: number,
  name: string,
) {
  const width = high0 - low0;
  expect(Math.abs(low! - low0) / width, `${name}: low end`).toBeLessThan(share);
  expect(Math.abs(high! - high0) / width, `${name}: high end`).toBeLessThan(share);
}

describe('evaluateScores beside scikit-learn', () => {
  it.each(['small', 'large'] as const)(
    'gives the same values and the intervals of a plain bootstrap (%s)',
    async (size) => {
      const expected = golden[size];
      const found = await evaluated(expected.rows);
      const model = found.models[0]!;
      expect(found.data.positives).toBe(expected.positives);
      for (const [name, value] of Object.entries(expected.first)) {
        const own =
          name === 'ece'
            ? model.probabilities!.calibrationErrors.find(({ preset }) => preset === 'sklearn')!.expected.value
            : name === 'bestF1'
              ? decisionsAt(model, 'tuned').metrics['f1']!.value
              : (model.ranking[name] ?? model.probabilities!.metrics[name])!.value;
        expect(own, name).toBeCloseTo(value, 11);
      }
      for (const point of ['half', 'given'] as const) {
        for (const [name, value] of Object.entries(expected[point])) {
          expect(decisionsAt(model, point).metrics[name]!.value, `${point} ${name}`).toBeCloseTo(value, 11);
        }
      }
      for (const [name, ends] of Object.entries(expected.single)) {
        const own =
          model.ranking[name] ?? model.probabilities!.metrics[name] ?? decisionsAt(model, 'half').metrics[name]!;
        expectInterval(own, ends, 0.12, name);
      }
      for (const [name, ends] of Object.entries(expected.paired)) {
        expectInterval(found.comparisons[0]!.differences[name]!, ends, 0.12, `difference of ${name}`);
      }
      // The bootstrap of the area agrees with DeLong's variance, in every size.
      expectInterval(model.ranking['rocAuc']!, [model.deLong.low!, model.deLong.high!], 0.12, 'DeLong');
    },
  );

  it('knows calibration in the large no better than the number of positives allows', async () => {
    const { models, data } = await evaluated(600, { replicates: 200 });
    const { value, low, high } = models[1]!.probabilities!.metrics['calibrationInTheLarge']!;
    expect(value).not.toBeNull();
    // Wald's interval by the Fisher information, which is below the number of positives.
    expect(high! - low!).toBeGreaterThan((2 * 1.96) / Math.sqrt(data.positives));
  });

  it('takes whole weights as copies of rows: the same values as scikit-learn, the same document as repeated rows', async () => {
    const { rows, first, half } = golden.weighted;
    const data = made(rows);
    const weights = Float64Array.from({ length: rows }, (_, row) => 1 + (row % 3));
    const scores = [{ name: 'first', values: data.first }];
    const weighted = await evaluateScores({ labels: data.labels, scores, weights, replicates: 60 });
    const model = weighted.models[0]!;
    for (const [name, value] of Object.entries(first)) {
      expect((model.ranking[name] ?? model.probabilities!.metrics[name])!.value, name).toBeCloseTo(value, 11);
    }
    for (const [name, value] of Object.entries(half)) {
      expect(decisionsAt(model, 'half').metrics[name]!.value, name).toBeCloseTo(value, 11);
    }
    const copies = Array.from(weights).flatMap((weight, row) => new Array<number>(weight).fill(row));
    const repeated = await evaluateScores({
      labels: { classes: data.labels.classes, codes: Int32Array.from(copies, (row) => data.labels.codes[row]!) },
      scores: [{ name: 'first', values: Float64Array.from(copies, (row) => data.first[row]!) }],
      replicates: 60,
    });
    const plain = ({ models, comparisons }: ScoreEvaluation) => numbersOf({ models, comparisons });
    const [a, b] = [plain(weighted), plain(repeated)];
    expect(Object.keys(a)).toEqual(Object.keys(b));
    for (const [path, value] of Object.entries(a)) {
      if (value === null) expect(b[path], path).toBeNull();
      else expect(b[path], path).toBeCloseTo(value, 8);
    }
  });
});

/** Every number of a document by its path. */
function numbersOf(value: unknown, path = ''): Record<string, number | null> {
  if (value === null || typeof value === 'number') return { [path]: value };
  if (typeof value !== 'object') return {};
  return Object.assign({}, ...Object.entries(value).map(([key, one]) => numbersOf(one, `${path}/${key}`)));
}

describe('evaluateScores', () => {
  it('holds what its parts say: DeLong, the top decile, Wilson ends inside 0 and 1', async () => {
    const { labels, first, second } = made(600);
    const found = await evaluated(600, { replicates: 200 });
    const comparison = found.comparisons[0]!;
    const direct = compareRocAuc({ first, second, truth: labels.codes });
    expect(comparison.deLong!.value).toBe(direct.difference);
    expect(comparison.deLong!.pValue).toBe(direct.pValue);
    const decile = topCalibrationError({ scores: first, truth: labels.codes, preset: 'adaptive' });
    const preset = found.models[0]!.probabilities!.calibrationErrors.find((one) => one.preset === 'top-decile')!;
    expect(preset.expected.value).toBeCloseTo(decile.expected, 13);
    for (const model of found.models) {
      for (const decision of model.decisions) {
        for (const name of ['precision', 'recall', 'specificity', 'accuracy', 'negativePredictiveValue']) {
          const wilson = decision.metrics[name]!;
          const exact = decision.exact[name]!;
          expect(wilson.low!).toBeGreaterThanOrEqual(0);
          expect(wilson.high!).toBeLessThanOrEqual(1);
          // Clopper and Pearson's interval covers at least at its level, so it is the wider one.
          expect(exact.high! - exact.low!).toBeGreaterThan(wilson.high! - wilson.low! - 1e-3);
        }
      }
    }
  });

  it('gives each number an interval that holds it', async () => {
    const { models } = await evaluated(600, { replicates: 300 });
    for (const { ranking, probabilities, decisions, curves } of models) {
      const sets = [ranking, probabilities!.metrics, ...decisions.map(({ metrics }) => metrics)];
      for (const set of sets) {
        for (const [name, { value, low, high }] of Object.entries(set)) {
          expect(low, name).not.toBeNull();
          expect(value! >= low! - 1e-12 && value! <= high! + 1e-12, `${name}: ${low} ${value} ${high}`).toBe(true);
        }
      }
      for (const { y, low, high, x } of [...curves.roc.band, ...curves.gains, ...curves.decision!.model]) {
        expect(y! >= low! - 0.02 && y! <= high! + 0.02, `${x}: ${low} ${y} ${high}`).toBe(true);
      }
    }
  });

  it('says what noise alone would do to a calibration error, and how optimistic a tuned threshold is', async () => {
    const { codes } = made(3000).labels;
    // Probabilities that are right by construction.
    let state = 5;
    const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 4294967296;
    const values = codes.map(() => 0) as unknown as Int32Array;
    const scores = Float64Array.from(values, () => next() ** 2);
    const truth = Int32Array.from(scores, (p) => Number(next() < p));
    const { models } = await evaluateScores({
      labels: { codes: truth, classes: ['no', 'yes'] },
      positive: 'yes',
      scores: [{ name: 'right', values: scores }],
      replicates: 300,
    });
    const { calibrationErrors, spiegelhalter, metrics } = models[0]!.probabilities!;
    for (const { expected, ifCalibrated, preset } of calibrationErrors) {
      expect(expected.value! / ifCalibrated!, preset).toBeGreaterThan(0.4);
      expect(expected.value! / ifCalibrated!, preset).toBeLessThan(1.8);
    }
    expect(spiegelhalter.pValue!).toBeGreaterThan(0.01);
    expect(metrics['calibrationSlope']!.low!).toBeLessThan(1);
    expect(metrics['calibrationSlope']!.high!).toBeGreaterThan(1);
    const noise = await evaluateScores({
      labels: { codes: Int32Array.from({ length: 200 }, (_, i) => Number(i % 10 === 0)), classes: [0, 1] },
      scores: [{ name: 'noise', values: Float64Array.from({ length: 200 }, next) }],
      metric: 'matthewsCorrcoef',
      replicates: 300,
    });
    const tuned = decisionsAt(noise.models[0]!, 'tuned').tuned!;
    // Tuned on noise, Matthews' correlation looks well above 0; cross-fitting finds nothing.
    expect(tuned.apparent!).toBeGreaterThan(0.08);
    expect(tuned.crossFitted!).toBeLessThan(tuned.apparent! / 2);
    expect(tuned.low!).toBeLessThan(tuned.high!);
  });

  it('decides from costs at their threshold, and tunes for the expected cost', async () => {
    const { models, costs, tuning } = await evaluated(600, {
      costs: { falseNegative: 9, falsePositive: 1 },
      replicates: 50,
    });
    expect(costs!.threshold).toBeCloseTo(0.1, 15);
    expect(tuning).toMatchObject({ metric: 'expectedCost', greaterIsBetter: false });
    const [cost, tuned] = ['cost', 'tuned'].map((name) => decisionsAt(models[0]!, name));
    const { fp, fn } = cost!.counts;
    expect(cost!.metrics['expectedCost']!.value).toBeCloseTo((9 * fn + fp) / 600, 12);
    expect(cost!.metrics['netBenefit']!.value).toBeCloseTo((cost!.counts.tp - fp / 9) / 600, 12);
    expect(tuned!.metrics['expectedCost']!.value!).toBeLessThanOrEqual(cost!.metrics['expectedCost']!.value!);
    expect(tuned!.tuned!.crossFitted!).toBeGreaterThan(tuned!.tuned!.apparent!);
  });

  it('takes margins: order and decisions without what needs probabilities', async () => {
    const { labels, first } = made(600);
    const margin = first.map((p) => 4 * p - 2);
    const { models, notices } = await evaluateScores({
      labels,
      scores: [{ name: 'margin', values: margin }],
      costs: { falseNegative: 9, falsePositive: 1 },
      replicates: 50,
    });
    expect(models[0]!.ranking['rocAuc']!.value).toBeCloseTo(golden.small.first['rocAuc']!, 12);
    expect(models[0]!.probabilities).toBeNull();
    expect(models[0]!.curves.decision).toBeNull();
    expect(models[0]!.decisions.map(({ name }) => name)).toEqual(['tuned']);
    expect(notices.map(({ code }) => code)).toContain('not-probabilities');
  });

  it('gives importance weights intervals of the bootstrap only, and says so', async () => {
    const { labels, first, second } = made(600);
    const weights = Float64Array.from({ length: 600 }, (_, row) => 0.5 + (row % 4) / 3);
    const scores = [
      { name: 'first', values: first },
      { name: 'second', values: second },
    ];
    const { models, comparisons, notices, data } = await evaluateScores({ labels, scores, weights, replicates: 100 });
    expect(data.weights).toBe('fractional');
    expect(notices.map(({ code }) => code)).toContain('fractional-weights');
    expect(models[0]!.deLong).toMatchObject({ low: null, high: null, method: 'none' });
    expect(models[0]!.ranking['rocAuc']!.low).not.toBeNull();
    expect(decisionsAt(models[0]!, 'half').metrics['recall']!.low).not.toBeNull();
    expect(decisionsAt(models[0]!, 'half').exact).toEqual({});
    expect(comparisons[0]!.deLong).toBeNull();
    // The unit of the weights does not matter to means and ranks.
    const doubled = await evaluateScores({ labels, scores, weights: weights.map((w) => w * 2.5), replicates: 100 });
    for (const name of ['rocAuc', 'averagePrecision']) {
      expect(doubled.models[0]!.ranking[name]!.value).toBeCloseTo(models[0]!.ranking[name]!.value!, 12);
      expect(doubled.models[0]!.ranking[name]!.low).toBeCloseTo(models[0]!.ranking[name]!.low!, 8);
    }
  });

  it('survives constant scores, one positive row and a perfect order', async () => {
    const codes = Int32Array.from({ length: 50 }, (_, i) => Number(i === 7));
    const run = (values: Float64Array) =>
      evaluateScores({ labels: { codes, classes: ['a', 'b'] }, scores: [{ name: 's', values }], replicates: 50 });
    const constant = await run(new Float64Array(50).fill(0.5));
    expect(constant.models[0]!.ranking['rocAuc']!.value).toBe(0.5);
    expect(constant.models[0]!.ranking['averagePrecision']!.value).toBe(0.02);
    expect(constant.models[0]!.probabilities!.metrics['calibrationSlope']!.value).toBeNull();
    expect(constant.notices.map(({ code }) => code)).toEqual(expect.arrayContaining(['constant-scores', 'few-rows']));
    const perfect = await run(Float64Array.from(codes, (code, i) => code * 0.5 + i / 1000));
    // A single positive row is never varied: no interval rather than one without width.
    expect(perfect.models[0]!.ranking['averagePrecision']).toEqual({ value: 1, low: null, high: null });
    expect(decisionsAt(perfect.models[0]!, 'tuned').tuned!.crossFitted).toBeNull();
    expect(perfect.models[0]!.deLong).toMatchObject({ value: 1, low: 0, high: 1, method: 'trivial' });
    expect(perfect.notices.map(({ code }) => code)).toContain('perfect-ranking');
    const reversed = await evaluated(600, {
      scores: [{ name: 's', values: made(600).first.map((p) => 1 - p) }],
      replicates: 50,
    });
    expect(reversed.notices.map(({ code }) => code)).toContain('worse-than-chance');
    for (const document of [constant, perfect, reversed]) {
      expect(JSON.stringify(document)).not.toMatch(/NaN|Infinity/);
      for (const value of Object.values(numbersOf(document)))
        if (value !== null) expect(Number.isFinite(value)).toBe(true);
    }
  });

  it('compares many models with p-values by Holm, and equal ones with none', async () => {
    const { labels, first, second } = made(600);
    const found = await evaluateScores({
      labels,
      scores: ['a', 'b', 'c'].map((name) => ({ name, values: name === 'c' ? second : first })),
      replicates: 200,
    });
    expect(found.comparisons.map((one) => [one.first, one.second])).toEqual([
      ['a', 'b'],
      ['a', 'c'],
      ['b', 'c'],
    ]);
    const same = found.comparisons[0]!;
    expect(same.deLong).toMatchObject({ value: 0, pValue: 1, adjustedPValue: 1 });
    expect(same.differences['averagePrecision']).toMatchObject({ value: 0, low: 0, high: 0, pValue: 1 });
    const [, one, other] = found.comparisons.map(({ deLong }) => deLong!);
    expect(one!.pValue).toBe(other!.pValue);
    expect(one!.adjustedPValue).toBe(Math.min(1, 3 * one!.pValue!));
  });

  it('gives the same bytes for the same seed, and refuses what cannot be', async () => {
    const twice = await Promise.all([evaluated(600, { replicates: 40 }), evaluated(600, { replicates: 40 })]);
    expect(JSON.stringify(twice[0])).toBe(JSON.stringify(twice[1]));
    const { labels, first } = made(600);
    const scores = [{ name: 'first', values: first }];
    const refused = (options: Partial<EvaluateScoresOptions>, code: string) =>
      expect(evaluateScores({ labels, scores, replicates: 5, ...options })).rejects.toMatchObject({ code });
    await refused({ scores: [] }, 'bad-option');
    await refused({ scores: [...scores, ...scores] }, 'bad-option');
    await refused({ scores: [{ name: 's', values: first.map(() => Number.NaN) }] }, 'bad-scores');
    await refused({ labels: { codes: new Int32Array(600), classes: ['a', 'b'] } }, 'one-class');
    await refused({ metric: 'recall' }, 'unknown-metric');
    await refused({ metric: 'nonsense' }, 'unknown-metric');
    await refused({ metric: 'expectedCost' }, 'bad-costs');
    await refused({ threshold: Number.NaN }, 'bad-option');
    await refused({ weights: new Float64Array(600).fill(-1) }, 'bad-weights');
    await refused({ weights: new Float64Array(600) }, 'one-class');
    await refused({ replicates: 0 }, 'bad-option');
    const controller = new AbortController();
    controller.abort();
    await expect(evaluateScores({ labels, scores }, { signal: controller.signal })).rejects.toMatchObject({
      code: 'aborted',
    });
  });
});
