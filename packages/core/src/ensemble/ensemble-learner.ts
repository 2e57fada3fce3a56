import type { Dataset } from '../data/dataset.ts';
import type { Learner } from '../learn/learner.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import type { CombinedModel } from './combined-model.ts';

/**
 * A learner whose model is heard through members. What makes one throws `bad-option`; its `fit` throws as `trainingRows`, and
 * as its members' learner, sampler and costs do.
 */
export interface EnsembleLearner extends Learner {
  fit(data: Dataset, options?: RunOptions): Promise<CombinedModel>;
}
