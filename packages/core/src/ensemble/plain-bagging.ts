import type { Dataset } from '../data/dataset.ts';
import { checkFlag } from '../resample/options.ts';
import type { RandomStream } from '../runtime/random.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import { bootstrap, evenBag, filledBag } from './draw-bags.ts';
import type { EnsembleLearner } from './ensemble-learner.ts';
import { fitBags } from './fit-bags.ts';
import { checkMember, type MemberOptions, memberOptionNames } from './member-base.ts';
import { checkEnsemble, type EnsembleOptions } from './options.ts';
import { type Bag, type RowUnits, rarest } from './row-units.ts';

export interface PlainBaggingOptions extends EnsembleOptions, MemberOptions {
  /** Whether the model keeps what its members say of rows that they did not see. Default false. */
  readonly oobScore?: boolean | undefined;
}

/** Bagging where every class is drawn, with replacement, as often as the rarest has rows (Barandela et al. 2003). */
export function underBagging(options: PlainBaggingOptions = {}): EnsembleLearner {
  return plainBagging('under-bagging', (stream, units) => evenBag(stream, units, rarest(units), true), options);
}

/**
 * Bagging where smaller classes are filled up to the size of the largest by rows drawn again (Wang and Yao 2009). 10 members.
 *
 * Each member fills up a bootstrap of its own. The paper draws from all rows, so that every member has every row of a rare
 * class and members differ in the common one alone, which ranks worse.
 */
export function overBagging(options: PlainBaggingOptions = {}): EnsembleLearner {
  return plainBagging('over-bagging', (stream, units) => filledBag(stream, bootstrap(stream, units)), options);
}

function plainBagging(
  name: string,
  draw: (stream: RandomStream, units: RowUnits) => Bag,
  options: PlainBaggingOptions,
): EnsembleLearner {
  checkEnsemble(name, options, ['oobScore', ...memberOptionNames]);
  checkFlag('oobScore', options.oobScore);
  checkMember(options);
  const { nEstimators = 10, seed = 0, oobScore = false, ...base } = options;
  const plan = { name, seed, members: nEstimators, base, outOfBag: oobScore, draw };
  return Object.freeze({ name, fit: (data: Dataset, run?: RunOptions) => fitBags(plan, data, run) });
}
