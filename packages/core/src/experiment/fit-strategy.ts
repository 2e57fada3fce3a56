import { type PriorCorrection, priorCorrection } from '../calibrate/index.ts';
import type { Dataset } from '../data/dataset.ts';
import type { Model } from '../learn/learner.ts';
import type { Notice } from '../runtime/notices.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import type { LearnerFactoryOptions } from './learners.ts';
import type { Strategy } from './strategy.ts';
import { weightShares } from './treatments.ts';

/** A learned model and the correction that puts its probabilities back to the classes' true shares. */
export interface FittedStrategy {
  readonly model: Model;
  readonly correction: PriorCorrection;
  readonly notices: readonly Notice[];
}

/** Treats the training rows, learns from them, and works out the prior correction from what the learner saw. `tolerance` and `costs` as for learners. */
export async function fitStrategy(
  strategy: Strategy,
  training: Dataset,
  positive: number | null,
  seed: number,
  options: RunOptions & LearnerFactoryOptions,
): Promise<FittedStrategy> {
  const trueShares = weightShares(training.y, training.weights);
  const { data, seenShares, notices } = await strategy.treatment.treat(training, seed, options);
  const model = await strategy.learner
    .create({ tolerance: options.tolerance, costs: options.costs })
    .fit(data, options);
  return {
    model,
    correction: priorCorrection({ trueShares, seenShares, positive: positive ?? undefined }),
    notices: [...notices, ...model.notices],
  };
}
