import { checkDataset } from '../data/check-dataset.ts';
import type { Dataset } from '../data/dataset.ts';
import { described } from '../data/described.ts';
import type { Learner, Model } from '../learn/learner.ts';
import { logisticRegression } from '../learn/logistic-regression.ts';
import { extraTrees } from '../learn/trees/forest.ts';
import { gradientBoosting } from '../learn/trees/gradient-boosting.ts';
import { checkOptions, checkWord } from '../resample/options.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { Notice } from '../runtime/notices.ts';
import { type RunOptions, throwIfAborted } from '../runtime/run-options.ts';
import { combinedModel } from './combined-model.ts';
import type { EnsembleLearner } from './ensemble-learner.ts';
import { checkFitted } from './member-parts.ts';

export interface VotingOptions {
  /** By default logistic regression, extra trees and gradient boosting. */
  readonly learners?: readonly Learner[] | undefined;
  /** `soft` (default): weighted mean of the probabilities. `hard`: weighted share of the votes. */
  readonly voting?: 'soft' | 'hard' | undefined;
  /** Positive, one a learner. Default equal. */
  readonly weights?: readonly number[] | undefined;
  /** Of the default learners. Default 0. */
  readonly seed?: number | undefined;
}

/** Several learners on the same rows, heard together. Throws `bad-option`. */
export function voting(options: VotingOptions = {}): EnsembleLearner {
  const name = 'voting';
  checkOptions(name, options, ['learners', 'voting', 'weights', 'seed']);
  checkWord('voting', options.voting, ['soft', 'hard']);
  const { seed = 0 } = options;
  const { learners = [logisticRegression(), extraTrees({ seed }), gradientBoosting({ seed })] } = options;
  if (!Array.isArray(learners))
    throw new CounterweightError('bad-option', `learners must be a list of learners, got ${described(learners)}`);
  learners.forEach((learner, m) => {
    checkFitted(`learners[${m}]`, 'a learner', learner ?? null);
  });
  const weights = Float64Array.from(options.weights ?? learners.map(() => 1));
  if (learners.length === 0) throw new CounterweightError('bad-option', 'learners must name at least one');
  if (weights.length !== learners.length || !weights.every((weight) => weight > 0 && weight < Number.POSITIVE_INFINITY))
    throw new CounterweightError('bad-option', `weights must be ${learners.length} positive numbers, one a learner`);
  const fit = async (data: Dataset, run?: RunOptions) => {
    checkDataset(data);
    const members: Model[] = [];
    const notices: Notice[] = [];
    for (const [m, learner] of learners.entries()) {
      throwIfAborted(run?.signal);
      const model = await learner.fit(data, run);
      members.push(model);
      for (const one of model.notices) if (!notices.some(({ message }) => message === one.message)) notices.push(one);
      run?.onProgress?.({ task: name, done: m + 1, total: learners.length });
    }
    const combine = options.voting === 'hard' ? ('vote' as const) : ('mean' as const);
    const { classes } = data.y;
    return combinedModel({ name, classes, columns: data.X.columns, combine, members, weights, notices });
  };
  return Object.freeze({ name, fit });
}
