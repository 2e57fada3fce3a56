import type { Dataset } from '../data/dataset.ts';
import { checkFlag } from '../resample/options.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import type { EnsembleLearner } from './balanced-random-forest.ts';
import { evenBag } from './draw-bags.ts';
import { fitBags } from './fit-bags.ts';
import { checkMember, type MemberOptions, memberOptionNames } from './member-base.ts';
import { checkEnsemble, type EnsembleOptions } from './options.ts';
import { type RowUnits, rarest } from './row-units.ts';

export interface PlainBaggingOptions extends EnsembleOptions, MemberOptions {
  /** Whether the model keeps what its members say of rows that they did not see. Default false. */
  readonly oobScore?: boolean | undefined;
}

/** Bagging where every class is drawn, with replacement, as often as the rarest has rows (Barandela et al. 2003). */
export function underBagging(options: PlainBaggingOptions = {}): EnsembleLearner {
  return plainBagging('under-bagging', rarest, options);
}

/** Bagging where every class is drawn, with replacement, as often as the largest has rows (Wang and Yao 2009). */
export function overBagging(options: PlainBaggingOptions = {}): EnsembleLearner {
  const largest = ({ ofClass }: RowUnits) => Math.max(...ofClass.map((units) => units.length));
  return plainBagging('over-bagging', largest, options);
}

function plainBagging(name: string, size: (units: RowUnits) => number, options: PlainBaggingOptions): EnsembleLearner {
  checkEnsemble(name, options, ['oobScore', ...memberOptionNames]);
  checkFlag('oobScore', options.oobScore);
  checkMember(options);
  const { nEstimators = 10, seed = 0, oobScore = false, ...base } = options;
  return Object.freeze({
    name,
    fit: (data: Dataset, run?: RunOptions) =>
      fitBags(
        {
          name,
          seed,
          members: nEstimators,
          base,
          outOfBag: oobScore,
          draw: (stream, units) => evenBag(stream, units, size(units), true),
        },
        data,
        run,
      ),
  });
}
