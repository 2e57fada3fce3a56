import { describe, expect, it } from 'vitest';
import { compareStrategies } from '../../src/experiment/compare-strategies.ts';
import { choose, verdictOf } from '../../src/experiment/verdict.ts';

const rows = { train: 400, validate: 100 };
const nothing = { id: 'none/logistic', scores: [0.5, 0.52, 0.48, 0.51, 0.49] };
const labels = new Map([
  ['none/logistic', 'doing nothing'],
  ['smote/logistic', 'SMOTE'],
  ['other/logistic', 'the other'],
]);
const metric = { name: 'averagePrecision', label: 'average precision', greaterIsBetter: true };

describe('compareStrategies', () => {
  it('calls a large and steady gain better, and says by how much', () => {
    const better = { id: 'smote/logistic', scores: [0.6, 0.63, 0.58, 0.61, 0.59] };
    const comparisons = compareStrategies([nothing, better], rows, true);
    expect(comparisons).toMatchObject({ best: 'smote/logistic', isBetter: true });
    expect(comparisons.all[1]!.difference!.value).toBeCloseTo(0.102, 12);
    const task = { comparisons, metric, labels };
    expect(choose(task).chosen).toBe('smote/logistic');
    expect(verdictOf(task).sentence).toMatch(
      /^Better than doing nothing: SMOTE, with average precision 0\.602 against 0\.500, a difference of \+0\.102/,
    );
  });

  it('widens the interval for shared training rows: 1/J + validate/train instead of 1/J', () => {
    const other = { id: 'smote/logistic', scores: [0.52, 0.52, 0.52, 0.52, 0.48] };
    const { difference } = compareStrategies([nothing, other], rows, true).all[1]!;
    // By hand: differences 0.02, 0, 0.04, 0.01, -0.01; mean 0.012, s² = 0.00037, t(0.975, 4) = 2.7764451.
    const half = 2.7764451051977987 * Math.sqrt(0.00037 * (1 / 5 + 1 / 4));
    expect(difference!.value).toBeCloseTo(0.012, 12);
    expect(difference!.high! - difference!.value!).toBeCloseTo(half, 10);
  });

  it('is not impressed by a gain that is certain but too small to matter', () => {
    const hair = { id: 'smote/logistic', scores: nothing.scores.map((score, i) => score + (i % 2 ? 0.003 : 0.002)) };
    const comparisons = compareStrategies([nothing, hair], rows, true);
    expect(comparisons).toMatchObject({ best: 'smote/logistic', isBetter: false });
    expect(choose({ comparisons, metric, labels }).chosen).toBe('none/logistic');
    expect(verdictOf({ comparisons, metric, labels }).sentence).toMatch(
      /^Doing nothing is enough: .* no difference worth having\.$/,
    );
  });

  it('tells "nothing to be had" from "these rows cannot show it"', () => {
    const noisy = { id: 'smote/logistic', scores: [0.7, 0.4, 0.6, 0.5, 0.45] };
    const comparisons = compareStrategies([nothing, noisy], rows, true);
    expect(verdictOf({ comparisons, metric, labels })).toMatchObject({
      kind: 'not-shown',
      sentence: expect.stringMatching(
        /^Nothing was shown to be better than doing nothing: .* no difference that can be told from chance on these rows\.$/,
      ),
    });
  });

  it('asks for more evidence when more strategies are compared', () => {
    const candidate = { id: 'smote/logistic', scores: [0.55, 0.53, 0.52, 0.53, 0.52] };
    const poor = { id: 'other/logistic', scores: [0.3, 0.31, 0.3, 0.29, 0.3] };
    const alone = compareStrategies([nothing, candidate], rows, true);
    const among = compareStrategies(
      [nothing, candidate, ...Array.from({ length: 30 }, (_, i) => ({ ...poor, id: `${i}` }))],
      rows,
      true,
    );
    expect(alone.isBetter).toBe(true);
    expect(among.all[1]!.difference).toEqual(alone.all[1]!.difference);
    expect(among.isBetter).toBe(false);
  });

  it('takes no certainty from equal values: folds that coarse cannot show a spread', () => {
    const steps = { id: 'smote/logistic', scores: [0.75, 0.75] };
    const coarse = compareStrategies([{ id: 'none/logistic', scores: [0.5, 0.5] }, steps], rows, true);
    expect(coarse.all[1]!.difference).toEqual({ value: 0.25, low: null, high: null, pValue: null });
    expect(coarse.isBetter).toBe(false);
  });

  it('turns differences of losses so that positive is better', () => {
    const cheaper = { id: 'smote/logistic', scores: nothing.scores.map((score) => score - 0.1) };
    const comparisons = compareStrategies([nothing, cheaper], rows, false);
    expect(comparisons.best).toBe('smote/logistic');
    expect(comparisons.all[1]!.difference!.value).toBeCloseTo(0.1, 12);
  });

  it('leaves folds without a value out, and says nothing where there is none', () => {
    const gaps = { id: 'smote/logistic', scores: [Number.NaN, 0.52, 0.48, 0.51, 0.49] };
    expect(compareStrategies([nothing, gaps], rows, true).all[1]!.difference!.value).toBe(0);
    const empty = { id: 'smote/logistic', scores: nothing.scores.map(() => Number.NaN) };
    const comparisons = compareStrategies([nothing, empty], rows, true);
    expect(comparisons.all[1]!.mean).toEqual({ value: null, low: null, high: null });
    expect(comparisons.best).toBe('none/logistic');
  });

  it('takes the same perfect value in every fold for folds that are too coarse, not for proof of no difference', () => {
    const perfect = (id: string) => ({ id, scores: [1, 1, 1] });
    const comparisons = compareStrategies([perfect('none/logistic'), perfect('smote/logistic')], rows, true);
    expect(comparisons.all[1]!.difference).toEqual({ value: 0, low: null, high: null, pValue: null });
    expect(verdictOf({ comparisons, metric, labels }).sentence).toMatch(
      /a difference of 0\.000 – no difference that can be told from chance on these rows\.$/,
    );
    const same = { ...nothing, id: 'smote/logistic' };
    expect(compareStrategies([nothing, same], rows, true).all[1]!.difference).toMatchObject({ low: 0, high: 0 });
  });

  it('ends intervals where the metric does', () => {
    const wild = { id: 'none/logistic', scores: [0.1, 0.95, 0.9, 0.2, 0.9] };
    const { low, high } = compareStrategies([wild], rows, true, { range: [0, 1] }).all[0]!.mean;
    expect([low, high]).toEqual([0, 1]);
  });
});
