import { checkOptions } from '../options.ts';
import { type SmoteOptions, smote } from '../over/smote.ts';
import type { Resampler } from '../resampler.ts';
import type { MinRatio } from '../under/bound-removal.ts';
import { tomekLinks } from '../under/tomek-links.ts';
import { combine } from './combine.ts';

export interface SmoteTomekOptions extends SmoteOptions {
  /** No class is cleaned below this share of the smallest class's rows. Not with `compat`. Default: no bound. */
  readonly minRatio?: MinRatio | undefined;
}

const name = 'smote-tomek';
const ofSmote = ['samplingStrategy', 'kNeighbors', 'seed', 'maxNew', 'onTooFew', 'evenBase', 'compat'] as const;

/**
 * SMOTE, then the removal of both rows of every Tomek link, new rows too.
 *
 * `samplingStrategy` and what else is SMOTE's goes to it. Output, also with `compat`: the rows that stay, input rows first,
 * in their order, then the new ones class after class.
 *
 * Batista, Bazzan and Monard, WOB 2003. Throws what `smote` and `tomekLinks` throw.
 */
export function smoteTomek(options: SmoteTomekOptions = {}): Resampler {
  checkOptions(name, options, [...ofSmote, 'minRatio']);
  const { minRatio, ...rest } = options;
  const { seed, onTooFew, compat } = options;
  return combine({
    name,
    overSampler: smote(rest),
    cleaner: tomekLinks({ samplingStrategy: 'all', minRatio, seed, onTooFew, compat }),
  });
}
