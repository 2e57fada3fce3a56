import type { Dataset } from '../data/dataset.ts';
import type { Model } from '../learn/learner.ts';
import { trainingRows } from '../learn/logistic-data.ts';
import { absentClasses } from '../learn/trees/absent-classes.ts';
import { randomStream } from '../runtime/random.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import { withKernels } from '../runtime/work.ts';
import type { EnsembleLearner } from './balanced-random-forest.ts';
import { wholeBag } from './base-fits.ts';
import { type EnsembleCosts, mistakeCosts } from './class-costs.ts';
import { combinedModel } from './combined-model.ts';
import {
  adaC1Round,
  adaC2Round,
  adaC3Round,
  adaCostRound,
  adaUBoostRound,
  asymBoostRound,
  type CostRule,
} from './cost-formulas.ts';
import { checkMember, type MemberOptions, memberFits, memberOptionNames } from './member-base.ts';
import { checkEnsemble, type EnsembleOptions } from './options.ts';
import { levelFactors } from './samme.ts';
import { ownVotes } from './votes.ts';

export interface CostBoostOptions extends EnsembleOptions, MemberOptions {
  /** Default `balanced`. A row's cost is that of getting it wrong, mean over the wrong classes. */
  readonly costs?: EnsembleCosts | undefined;
}

/**
 * AdaCost (Fan et al. 1999), by the paper's formulas. As its weight of a member is negative where costly rows are mostly
 * wrong, boosting ends there. 50 members, stumps.
 */
export function adaCost(options: CostBoostOptions = {}): EnsembleLearner {
  return costBoost('ada-cost', options, () => adaCostRound);
}

/** AdaC1 (Sun et al. 2007). 50 members, stumps. */
export function adaC1(options: CostBoostOptions = {}): EnsembleLearner {
  return costBoost('ada-c1', options, () => adaC1Round);
}

/**
 * AdaC2 (Sun et al. 2007). 50 members, stumps. Its rounds multiply weights by the costs each time, so that costs of rows which
 * lie far apart soon drown all but the dearest rows: AsymBoost takes them up once, and `costRejection` lets rows in by them.
 */
export function adaC2(options: CostBoostOptions = {}): EnsembleLearner {
  return costBoost('ada-c2', options, () => adaC2Round);
}

/** AdaC3 (Sun et al. 2007). 50 members, stumps. */
export function adaC3(options: CostBoostOptions = {}): EnsembleLearner {
  return costBoost('ada-c3', options, () => adaC3Round);
}

/**
 * AsymBoost (Viola and Jones 2002): the costs are spread evenly over the rounds. 50 members, stumps. As AdaBoost's, its votes
 * are log-odds, those of classes that weigh what they cost.
 */
export function asymBoost(options: CostBoostOptions = {}): EnsembleLearner {
  return costBoost('asym-boost', options, asymBoostRound);
}

/**
 * AdaUBoost (Karakoulas and Shawe-Taylor 1999): weights begin in proportion to the costs, and a row of cost c moves by
 * exp(-α (least cost / c) y h), α being the one that makes the sum of the weights least. 50 members, stumps.
 */
export function adaUBoost(options: CostBoostOptions = {}): EnsembleLearner {
  return costBoost(
    'ada-u-boost',
    options,
    () => adaUBoostRound,
    (cost) => cost,
  );
}

function costBoost(
  name: string,
  options: CostBoostOptions,
  rule: (rounds: number, classes: number) => CostRule,
  start: (cost: number) => number = () => 1,
): EnsembleLearner {
  checkEnsemble(name, options, ['costs', ...memberOptionNames]);
  checkMember(options);
  const { nEstimators = 50, seed = 0, maxDepth = 1, costs = 'balanced', ...rest } = options;
  const fit = async (data: Dataset, run?: RunOptions) => {
    const training = trainingRows(data);
    const { labels, present, weights } = training;
    const round = rule(nEstimators, present.length);
    const { costs: rowCosts, notices: told } = mistakeCosts(costs, data, training);
    return withKernels(run, async (work) => {
      const fits = await memberFits(work, data, training, { ...rest, maxDepth }, undefined, run);
      const members: Model[] = [];
      const alphas: number[] = [];
      let spare: Model | undefined;
      const factors = rowCosts.map(start);
      levelFactors(factors, weights);
      for (let t = 0, open = true; t < nEstimators && open; t++) {
        const now = factors.map((factor, i) => factor * weights[i]!);
        const stream = randomStream(seed, name).child('round', t);
        await fits.fit([wholeBag(training, now)], [stream], 'bag', ({ model, shares }) => {
          spare ??= model;
          const agrees = ownVotes(shares!, labels, present.length).map((vote) => 2 * vote - 1);
          const total = now.reduce((all, weight) => all + weight, 0);
          const { alpha, factors: next } = round(
            now.map((weight) => weight / total),
            agrees,
            rowCosts,
          );
          open = alpha > 1e-12;
          if (!open) return;
          members.push(model);
          alphas.push(alpha);
          open = agrees.some((agreed) => agreed < 1);
          for (let i = 0; i < factors.length; i++) factors[i]! *= next[i]!;
          levelFactors(factors, weights);
        });
        run?.onProgress?.({ task: name, done: t + 1, total: nEstimators });
      }
      if (members.length === 0) {
        members.push(spare!);
        alphas.push(1);
      }
      const notices = [...absentClasses(data.y.classes, present), ...told];
      const about = { name, classes: data.y.classes, columns: data.X.columns, members, notices };
      // Of the others the weights hold costs as well, so that they are no log-odds.
      return name === 'asym-boost'
        ? combinedModel({ ...about, combine: 'vote-odds', weights: Float64Array.from(alphas, (alpha) => 2 * alpha) })
        : combinedModel({ ...about, combine: 'vote', weights: Float64Array.from(alphas) });
    });
  };
  return Object.freeze({ name, fit });
}
