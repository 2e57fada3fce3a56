import type { Dataset } from '../data/dataset.ts';
import type { Model } from '../learn/learner.ts';
import { trainingRows } from '../learn/logistic-data.ts';
import { absentClasses } from '../learn/trees/absent-classes.ts';
import { addVotes } from '../learn/votes.ts';
import { CounterweightError } from '../runtime/errors.ts';
import { randomStream } from '../runtime/random.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import { withKernels } from '../runtime/work.ts';
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
import type { EnsembleLearner } from './ensemble-learner.ts';
import { checkMember, type MemberOptions, memberFits, memberOptionNames } from './member-base.ts';
import { checkEnsemble, type EnsembleOptions } from './options.ts';
import { levelFactors } from './samme.ts';

export interface CostBoostOptions extends EnsembleOptions, MemberOptions {
  /** Default `balanced`. A row's cost is that of getting it wrong, mean over the wrong classes. */
  readonly costs?: EnsembleCosts | undefined;
}

export interface CostStrengthOptions extends CostBoostOptions {
  /**
   * How much of the costs goes into the formulas, above 0 to 1, which is the papers'. At 1 the dearest rows hardly lose weight
   * where they are right, so that a few rounds see little else; costs of decisions belong into the threshold.
   */
  readonly costStrength?: number | undefined;
}

interface CostMethod {
  readonly name: string;
  /** Default of `costStrength`; left out where a method does not take it. */
  readonly strength?: number;
  /** The rule of all rounds. */
  readonly rule: (strength: number, rounds: number) => CostRule;
  /** What a row weighs at first, beside its own weight; 1 if left out. */
  readonly start?: (cost: number, strength: number) => number;
  /** Whether members are heard by their votes, as formulas want that hold for h = ±1 alone, not by how sure they are. */
  readonly votes?: true;
}

/**
 * AdaCost (Fan et al. 1999). 50 members, stumps. Weights begin in proportion to the costs; into the rounds these go from 0 to
 * `costStrength` (default 0.1). A member of which right rows outweigh wrong ones by less than the cost is no help, and boosting
 * ends there.
 */
export function adaCost(options: CostStrengthOptions = {}): EnsembleLearner {
  const start = (cost: number) => cost;
  return costBoost({ name: 'ada-cost', strength: 0.1, rule: adaCostRound, start }, options);
}

/** AdaC1 (Sun et al. 2007). 50 members, stumps. Costs go in to the power of `costStrength` (default 0.05). */
export function adaC1(options: CostStrengthOptions = {}): EnsembleLearner {
  return costBoost({ name: 'ada-c1', strength: 0.05, rule: ofPowers(adaC1Round), votes: true }, options);
}

/**
 * AdaC2 (Sun et al. 2007). 50 members, stumps. Its rounds multiply weights by the costs each time; costs go in to the power of
 * `costStrength` (default 0.02, that is once over all rounds, as in AsymBoost): of costs that lie far apart more of them would
 * drown all but the dearest rows.
 */
export function adaC2(options: CostStrengthOptions = {}): EnsembleLearner {
  return costBoost({ name: 'ada-c2', strength: 0.02, rule: ofPowers(adaC2Round) }, options);
}

/** AdaC3 (Sun et al. 2007). 50 members, stumps. As AdaC2 (`costStrength` 0.02), with costs in the exponents as well. */
export function adaC3(options: CostStrengthOptions = {}): EnsembleLearner {
  return costBoost({ name: 'ada-c3', strength: 0.02, rule: ofPowers(adaC3Round), votes: true }, options);
}

/**
 * AsymBoost (Viola and Jones 2002): the costs are spread evenly over the rounds. 50 members, stumps. As AdaBoost's, its sums
 * are log-odds, those of classes that weigh what they cost.
 */
export function asymBoost(options: CostBoostOptions = {}): EnsembleLearner {
  return costBoost({ name: 'asym-boost', rule: (_strength, rounds) => asymBoostRound(rounds) }, options);
}

/**
 * AdaUBoost (Karakoulas and Shawe-Taylor 1999): weights begin in proportion to the costs, and a row of cost c moves by
 * exp(-α (least cost / c) y h), α being the one that makes the sum of the weights least. Costs go in to the power of
 * `costStrength` (default 0.2). 50 members, stumps.
 */
export function adaUBoost(options: CostStrengthOptions = {}): EnsembleLearner {
  const start = (cost: number, strength: number) => cost ** strength;
  return costBoost({ name: 'ada-u-boost', strength: 0.2, rule: ofPowers(adaUBoostRound), start }, options);
}

/** A rule that sees costs to the power of the strength. */
function ofPowers(rule: CostRule): CostMethod['rule'] {
  return (strength) => (weights, agrees, costs) =>
    rule(
      weights,
      agrees,
      costs.map((cost) => cost ** strength),
    );
}

function costBoost(method: CostMethod, options: CostStrengthOptions): EnsembleLearner {
  const { name, strength, votes = false, start = () => 1 } = method;
  checkEnsemble(name, options, ['costs', ...(strength === undefined ? [] : ['costStrength']), ...memberOptionNames]);
  checkMember(options);
  const {
    nEstimators = 50,
    seed = 0,
    maxDepth = 1,
    costs = 'balanced',
    costStrength = strength ?? 1,
    ...rest
  } = options;
  if (!(typeof costStrength === 'number' && costStrength > 0 && costStrength <= 1))
    throw new CounterweightError('bad-option', `costStrength must be a number above 0, at most 1, not ${costStrength}`);
  const round = method.rule(costStrength, nEstimators);
  const fit = async (data: Dataset, run?: RunOptions) => {
    const training = trainingRows(data);
    const { labels, present, weights } = training;
    const { costs: rowCosts, notices: told } = mistakeCosts(costs, data, training);
    return withKernels(run, async (work) => {
      const fits = await memberFits(work, data, training, { ...rest, maxDepth }, undefined, run);
      const members: Model[] = [];
      const alphas: number[] = [];
      let spare: Model | undefined;
      const factors = rowCosts.map((cost) => start(cost, costStrength));
      levelFactors(factors, weights);
      for (let t = 0, open = true; t < nEstimators && open; t++) {
        const now = factors.map((factor, i) => factor * weights[i]!);
        const stream = randomStream(seed, name).child('round', t);
        await fits.fit([wholeBag(training, now)], [stream], 'bag', ({ model, shares }) => {
          spare ??= model;
          const agrees = margins(votes ? votesOf(shares!, present.length) : shares!, labels, present.length);
          const total = now.reduce((all, weight) => all + weight, 0);
          const { alpha, factors: next } = round(
            now.map((weight) => weight / total),
            agrees,
            rowCosts,
          );
          // What is left of an α of 0 after rounding would go on without end.
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
      // Sums of what boosting adds up are log-odds (Friedman et al. 2000; of more classes Zhu et al. 2009), here of dear rows' weights.
      const odds = present.length / (present.length - 1);
      const said = Float64Array.from(alphas, (alpha) => odds * alpha);
      return combinedModel({ ...about, combine: votes ? 'vote-odds' : 'mean-odds', weights: said });
    });
  };
  return Object.freeze({ name, fit });
}

/** A vote for the likeliest class, or shares of it. */
function votesOf(shares: Float64Array, classes: number): Float64Array {
  const votes = new Float64Array(shares.length);
  addVotes(votes, shares, classes, 1);
  return votes;
}

/**
 * How far members are right at rows of their bag: (K p - 1) / (K - 1) for the share p of the row's class, the margin that
 * multi-class boosting has (Zhu et al. 2009); 2 p - 1 of two classes.
 */
function margins(shares: Float64Array, labels: Int32Array, classes: number): Float64Array {
  return Float64Array.from(labels, (label, i) => (classes * shares[i * classes + label]! - 1) / (classes - 1));
}
