import { checkOptionNames } from '../data/check-option-names.ts';
import type { Dataset } from '../data/dataset.ts';
import type { Model } from '../learn/learner.ts';
import { trainingRows } from '../learn/logistic-data.ts';
import { absentClasses } from '../learn/trees/absent-classes.ts';
import { smote } from '../resample/over/smote.ts';
import type { Notice } from '../runtime/notices.ts';
import { randomStream } from '../runtime/random.ts';
import { type RunOptions, throwIfAborted } from '../runtime/run-options.ts';
import { memberOf } from './balanced-bagging.ts';
import { combinedModel } from './combined-model.ts';
import type { EnsembleLearner } from './ensemble-learner.ts';
import { mislabelWeights, nextMislabelWeights, pseudoLoss } from './m2.ts';
import { checkMember, type MemberOptions, memberOptionNames } from './member-base.ts';
import { checkSampler, checkSmote, type MemberSampler, treatedRows, treatedWeights } from './member-parts.ts';
import { checkEnsemble, type EnsembleOptions } from './options.ts';
import { presentShares } from './present-shares.ts';
import { rowUnits } from './row-units.ts';
import { unitRows } from './unit-rows.ts';

export interface SmoteBoostOptions extends EnsembleOptions, MemberOptions {
  /** Makes the rows that a round adds, best from a seed of its own. Default SMOTE up to the largest class. */
  readonly sampler?: MemberSampler | undefined;
}

/** AdaBoost.M2 (Freund and Schapire 1997). 50 members, trees of depth 3, heard with their probabilities. */
export function adaBoostM2(options: EnsembleOptions & MemberOptions = {}): EnsembleLearner {
  checkEnsemble('ada-boost-m2', options, memberOptionNames);
  return m2Boost('ada-boost-m2', options, undefined);
}

/**
 * SMOTEBoost (Chawla et al. 2003): AdaBoost.M2 whose rounds learn from the rows with their boosted weights and, beside them,
 * new rows by SMOTE of a mean row's weight; errors are those of the rows given. 50 members, trees of depth 3.
 */
export function smoteBoost(options: SmoteBoostOptions = {}): EnsembleLearner {
  checkOptionNames('smote-boost', options, ['nEstimators', 'seed', 'sampler', ...memberOptionNames]);
  checkSampler(options.sampler);
  checkSmote(options);
  const { sampler = (seed: number) => smote({ seed, onTooFew: 'random' }), ...rest } = options;
  checkEnsemble('smote-boost', options, ['sampler', ...memberOptionNames]);
  return m2Boost('smote-boost', rest, sampler);
}

/** A member without loss would have boundless weight; this loss gives log-odds of 23, which outweigh any others. */
const LEAST_LOSS = 1e-10;

/** A loss this near to chance is chance but for rounding. */
const CHANCE_SLACK = 1e-12;

function m2Boost(
  name: string,
  options: EnsembleOptions & MemberOptions,
  sampler: MemberSampler | undefined,
): EnsembleLearner {
  checkMember(options);
  const { nEstimators = 50, seed = 0, maxDepth = 3, ...rest } = options;
  const fit = async (data: Dataset, run?: RunOptions) => {
    const training = trainingRows(data);
    const { present } = training;
    const own = unitRows(data, training, rowUnits(training));
    const labels = own.y.codes.map((code) => present.indexOf(code));
    const count = labels.length;
    const members: Model[] = [];
    const weights: number[] = [];
    const notices: Notice[] = absentClasses(data.y.classes, present);
    let spare: Model | undefined;
    let boosted = mislabelWeights(own.weights, labels, present.length);
    for (let round = 0; round < nEstimators; round++) {
      throwIfAborted(run?.signal);
      const stream = randomStream(seed, name).child('round', round);
      const level = boosted.rows.map((weight) => weight * count);
      let learned: Dataset = { X: own.X, y: own.y, weights: level };
      if (sampler) {
        const rows = { X: own.X, y: own.y };
        const treated = await treatedRows(sampler, stream.uint32(), rows, notices, run);
        learned = { ...treated.data, weights: treatedWeights(treated, level) };
      }
      const model = await memberOf({ ...rest, maxDepth }, stream.child('member').uint32()).fit(learned, run);
      spare ??= model;
      const shares = presentShares(await model.predictProba(own.X, run), present);
      const loss = Math.max(LEAST_LOSS, pseudoLoss(boosted, shares, labels, present.length));
      run?.onProgress?.({ task: name, done: round + 1, total: nEstimators });
      if (loss >= 0.5 - CHANCE_SLACK) {
        if (sampler) continue;
        break;
      }
      members.push(model);
      weights.push(Math.log((1 - loss) / loss));
      if (loss <= LEAST_LOSS) break;
      boosted = nextMislabelWeights(boosted, shares, labels, present.length, loss);
    }
    if (members.length === 0) {
      members.push(spare!);
      weights.push(1);
    }
    const about = { name, classes: data.y.classes, columns: data.X.columns, combine: 'mean-odds' as const, notices };
    return combinedModel({ ...about, members, weights: Float64Array.from(weights) });
  };
  return Object.freeze({ name, fit });
}
