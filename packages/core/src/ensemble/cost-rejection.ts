import type { Dataset } from '../data/dataset.ts';
import { trainingRows } from '../learn/logistic-data.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import { type EnsembleCosts, mistakeCosts } from './class-costs.ts';
import type { EnsembleLearner } from './ensemble-learner.ts';
import { fitBags } from './fit-bags.ts';
import { checkMember, type MemberOptions, memberOptionNames } from './member-base.ts';
import { checkEnsemble, type EnsembleOptions } from './options.ts';
import { bagOf, drawWith } from './row-units.ts';

export interface CostRejectionOptions extends EnsembleOptions, MemberOptions {
  /** Default `balanced`. */
  readonly costs?: EnsembleCosts | undefined;
}

/**
 * Costing (Zadrozny, Langford and Abe 2003): each member learns from the rows that are let in with a chance of their cost
 * over the greatest, so that a learner without weights learns for costs. 10 members, trees without a `learner`.
 */
export function costRejection(options: CostRejectionOptions = {}): EnsembleLearner {
  const name = 'cost-rejection';
  checkEnsemble(name, options, ['costs', ...memberOptionNames]);
  checkMember(options);
  const { nEstimators = 10, seed = 0, costs = 'balanced', ...base } = options;
  const fit = async (data: Dataset, run?: RunOptions) => {
    const { costs: chances, notices } = mistakeCosts(costs, data, trainingRows(data));
    const plan = { name, seed, members: nEstimators, base, notices };
    return fitBags(
      {
        ...plan,
        draw: (stream, units) => {
          const drawn = units.order.map((place) => {
            const own = units.ofClass[place]!;
            const inside = own.filter((row) => chances[row]! >= 1 || stream.uniform() < chances[row]!);
            return inside.length > 0 ? inside : drawWith(stream, own, 1);
          });
          return bagOf(drawn, units);
        },
      },
      data,
      run,
    );
  };
  return Object.freeze({ name, fit });
}
