import { describe, expect, it } from 'vitest';
import { chooseLearner, type PlainLearner } from '../../src/experiment/choose-learner.ts';
import { learnerFactoryNamed } from '../../src/experiment/learners.ts';
import type { LearnersReport } from '../../src/experiment/result.ts';
import { settleChoice } from '../../src/experiment/settle-choice.ts';
import { strategiesOf } from '../../src/experiment/strategy.ts';
import type { StrategyOutcome } from '../../src/experiment/strategy-outcome.ts';

const rows = { train: 400, validate: 100 };
const metric = { name: 'averagePrecision', label: 'average precision', greaterIsBetter: true };

function learner(name: string, scores: readonly number[]): PlainLearner {
  return { id: `none/${name}`, name, label: learnerFactoryNamed(name).label, scores };
}
const logistic = learner('logistic', [0.5, 0.52, 0.48, 0.51, 0.49]);

describe('chooseLearner', () => {
  it('asks nothing where there is one learner', () => {
    expect(chooseLearner([logistic], rows, metric)).toBeNull();
  });

  it('takes the clearly better learner and says by how much', () => {
    const boosting = learner('gradient-boosting', [0.6, 0.63, 0.58, 0.61, 0.59]);
    const found = chooseLearner([logistic, boosting], rows, metric)!;
    expect(found.chosen).toBe('gradient-boosting');
    expect(found.sentence).toMatch(
      /^Gradient boosting is the learner to use: average precision 0\.602 against 0\.500 with logistic regression, a difference of \+0\.102 .* from paired folds\)\.$/,
    );
    expect(found.compared.map(({ learner: name, difference }) => [name, difference === null])).toEqual([
      ['logistic', true],
      ['gradient-boosting', false],
    ]);
  });

  it('keeps the first within one standard error of the best, and leaves it beyond', () => {
    // Differences d, d ± 0.04, d ± 0.02: s = 0.0316, corrected error s · √(1/5 + 1/4) = 0.0212.
    const spread = [0, 0.04, -0.04, 0.02, -0.02];
    const gainOf = (d: number) =>
      learner(
        'random-forest',
        logistic.scores.map((score, i) => score + d + spread[i]!),
      );
    expect(chooseLearner([logistic, gainOf(0.0205)], rows, metric)!).toMatchObject({
      chosen: 'logistic',
      sentence: expect.stringContaining('less than one standard error'),
    });
    expect(chooseLearner([logistic, gainOf(0.022)], rows, metric)!).toMatchObject({
      chosen: 'random-forest',
      sentence: expect.stringMatching(/the better bet, not a proof\.$/),
    });
  });

  it('does not change the learner for a gain not worth having, however certain', () => {
    const hair = learner(
      'extra-trees',
      logistic.scores.map((score, i) => score + (i % 2 ? 0.003 : 0.002)),
    );
    const found = chooseLearner([logistic, hair], rows, metric)!;
    expect(found.chosen).toBe('logistic');
    expect(found.sentence).toMatch(/which is less than what is worth having\.$/);
  });

  it('keeps the earliest of several that are as good as the best, and turns the order for losses', () => {
    const near = learner(
      'random-forest',
      logistic.scores.map((score, i) => score - 0.1 - i / 1000),
    );
    const best = learner(
      'gradient-boosting',
      logistic.scores.map((score, i) => score - 0.105 + i / 1000),
    );
    const loss = { name: 'logLoss', label: 'log loss', greaterIsBetter: false };
    const found = chooseLearner([logistic, near, best], rows, loss)!;
    expect(found.chosen).toBe('random-forest');
    expect(found.sentence).toMatch(/\. Gradient boosting has 0\.397, better by less than what is worth having/);
    expect(chooseLearner([best, near, logistic], rows, loss)!.chosen).toBe('gradient-boosting');
  });

  it('has nothing to go by in folds without the class', () => {
    const undefinedEverywhere = learner('decision-tree', [Number.NaN, Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
    expect(chooseLearner([logistic, undefinedEverywhere], rows, metric)!.chosen).toBe('logistic');
  });
});

describe('settleChoice', () => {
  /** By strategy id: the mean of five folds that all swing alike, the learner settled before. */
  function settled(
    means: Readonly<Record<string, number>>,
    treatments: readonly string[],
    learners: LearnersReport | null,
  ) {
    const swing = [0, 0.02, -0.02, 0.01, -0.01];
    const strategies = strategiesOf(treatments, ['random-forest']);
    const outcomes = strategies.map(({ id }, s) => ({
      id,
      foldScores: swing.map((by, fold) => means[id]! + by + ((s * 7 + fold * 3) % 5) / 1000),
    }));
    const compared = {
      strategies,
      outcomes: outcomes as unknown as StrategyOutcome[],
      learners,
      foldRows: rows,
      notices: [],
    };
    return settleChoice(compared, metric);
  }
  const learners: LearnersReport = { compared: [], chosen: 'random-forest', sentence: '' };

  it('names the learner with the treatment where there are several learners', () => {
    const means = { 'none/random-forest': 0.7, 'smote/random-forest': 0.8 };
    const { choice, verdict, comparisons } = settled(means, ['smote'], learners);
    expect(choice.chosen).toBe('smote/random-forest');
    expect(verdict.sentence).toContain('Better than doing nothing: SMOTE with random forest');
    expect(comparisons.pValueLimit).toBe(0.05);
    expect(settled(means, ['smote'], null).verdict.sentence).toContain('Better than doing nothing: SMOTE, with');
  });

  it('lets ensembles compete, and says that they are learners too', () => {
    const means = { 'none/random-forest': 0.5, 'easy-ensemble': 0.8 };
    const { choice, details } = settled(means, ['easy-ensemble'], null);
    expect(choice.chosen).toBe('easy-ensemble');
    expect(details).toEqual([expect.stringContaining('is a learner of its own')]);
  });

  it('compares nothing where no treatment is asked for', () => {
    const { verdict } = settled({ 'none/random-forest': 0.7 }, ['none'], learners);
    expect(verdict.kind).toBe('nothing-compared');
    expect(verdict.sentence).toMatch(/no other strategy was asked for\.$/);
  });
});
