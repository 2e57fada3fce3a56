import { CounterweightError } from '../../runtime/errors.ts';
import { checkFlag } from '../options.ts';
import type { DataRowSelector } from '../row-selector.ts';
import type { Compat, SamplingStrategy } from '../sampling-strategy.ts';
import { boundRemoval, type MinRatio } from './bound-removal.ts';
import { type OnTooFew, type UnderProblem, type UnderSamplerParts, underSampler } from './under-sampler.ts';
import { checkWholeGroups } from './whole-groups.ts';

/** What every cleaning method can be told. */
export interface CleaningOptions {
  /** Which classes may lose rows. Default `auto`: all but the smallest. */
  readonly samplingStrategy?: SamplingStrategy | undefined;
  /**
   * No class is cleaned below this share of the smallest class's rows (1: never below its size; per class by label). Rows
   * come back at random until it is reached, with a notice. Not with `compat`. Default: no bound.
   */
  readonly minRatio?: MinRatio | undefined;
  /** Cleaned classes that are larger than `minRatio` asks lose further rows at random down to it. Default false. */
  readonly forceMinRatio?: boolean | undefined;
  /** Default 0. With `compat`, from 0 to 2^32 - 1. */
  readonly seed?: number | undefined;
  /** What happens where fewer rows are there than neighbours are asked for. Default `clamp-k`, with `compat` `error`. */
  readonly onTooFew?: OnTooFew | undefined;
  /**
   * Rows of one group stay or go together, for data with groups. A group goes if the method would remove more than half of
   * its rows and none of them is of a class that is not cleaned. Neither with `minRatio` nor with
   * `compat`. Default false.
   */
  readonly wholeGroups?: boolean | undefined;
  /** `imbalanced-learn`: the rows of its version 0.14, in its order, where no distances tie. */
  readonly compat?: Compat | undefined;
}

/** A cleaning method's decision: 1 for each row that goes; or, with `compat`, the rows that stay in their order. */
export type Cleaning =
  | { readonly removed: Uint8Array; readonly order?: 'input' | 'class' }
  | { readonly source: Int32Array };

export interface CleanerParts extends Omit<UnderSamplerParts, 'samplingType' | 'choose'> {
  readonly options: CleaningOptions;
  clean(problem: UnderProblem): Promise<Cleaning>;
}

/** The frame of every cleaning method: that of under-sampling, and the bound on what may be removed. */
export function cleaner({ name, options, known, clean }: CleanerParts): DataRowSelector {
  checkFlag('forceMinRatio', options.forceMinRatio);
  if (options.compat && options.minRatio !== undefined) {
    throw new CounterweightError('bad-option', 'minRatio cannot be set with compat: imbalanced-learn has no bound');
  }
  if (options.forceMinRatio && options.minRatio === undefined) {
    throw new CounterweightError('bad-option', 'forceMinRatio needs minRatio');
  }
  checkWholeGroups(options.wholeGroups, { compat: options.compat, minRatio: options.minRatio });
  return underSampler({
    name,
    samplingType: 'clean-sampling',
    options,
    known: ['minRatio', 'forceMinRatio', ...known],
    choose: async (problem) => {
      const cleaning = await clean(problem);
      const { minRatio, forceMinRatio = false } = options;
      if (minRatio === undefined || 'source' in cleaning) return cleaning;
      return {
        ...cleaning,
        removed: boundRemoval(cleaning.removed, problem, { method: name, minRatio, forceMinRatio }),
      };
    },
  });
}
