import { checkOptions } from '../options.ts';
import { type SmoteOptions, smote } from '../over/smote.ts';
import type { Resampler } from '../resampler.ts';
import type { MinRatio } from '../under/bound-removal.ts';
import { editedNearestNeighbours, type KindSel } from '../under/edited-nearest-neighbours.ts';
import { combine } from './combine.ts';

export interface SmoteEnnOptions extends SmoteOptions {
  /** Neighbours that judge a row after the new rows are made. Default 3. */
  readonly nNeighbors?: number | undefined;
  /** Default `all`. */
  readonly kindSel?: KindSel | undefined;
  /** No class is cleaned below this share of the smallest class's rows. Not with `compat`. Default: no bound. */
  readonly minRatio?: MinRatio | undefined;
}

const name = 'smote-enn';
const own = ['nNeighbors', 'kindSel', 'minRatio'] as const;
const ofSmote = ['samplingStrategy', 'kNeighbors', 'seed', 'maxNew', 'onTooFew', 'evenBase', 'compat'] as const;

/**
 * SMOTE, then edited nearest neighbours over all classes and all rows, new ones too.
 *
 * `samplingStrategy` and what else is SMOTE's goes to it. The counts that it reached are not kept by the cleaning. Output: the
 * rows that stay, input rows first, in their order; with `compat` class after class.
 *
 * Batista, Prati and Monard, SIGKDD Explorations 6 (2004). Throws what `smote` and `editedNearestNeighbours` throw.
 */
export function smoteEnn(options: SmoteEnnOptions = {}): Resampler {
  checkOptions(name, options, [...ofSmote, ...own]);
  const { nNeighbors, kindSel, minRatio, ...rest } = options;
  const { seed, onTooFew, compat } = options;
  return combine({
    name,
    overSampler: smote(rest),
    cleaner: editedNearestNeighbours({
      samplingStrategy: 'all',
      nNeighbors,
      kindSel,
      minRatio,
      seed,
      onTooFew,
      compat,
    }),
  });
}
