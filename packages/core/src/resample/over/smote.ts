import { requireOptions } from '../../data/check-option-names.ts';
import { checkWhole } from '../options.ts';
import type { Resampler } from '../resampler.ts';
import type { Compat, SamplingStrategy } from '../sampling-strategy.ts';
import { overSampler } from './over-sampler.ts';
import type { OnTooFewRows } from './too-few-rows.ts';
import { smoteBlock } from './within-class.ts';

export interface SmoteOptions {
  /** Default `auto`: every class up to the largest. */
  readonly samplingStrategy?: SamplingStrategy | undefined;
  /** Neighbours of its own class that a row may be moved towards. Default 5. */
  readonly kNeighbors?: number | undefined;
  /** Default 0. With `compat`, from 0 to 2^32 - 1. */
  readonly seed?: number | undefined;
  /** At most so many new rows in all; see `planSampling`. */
  readonly maxNew?: number | undefined;
  /**
   * What happens to a targeted class that has at most `kNeighbors` rows. `error`: `too-few-rows`. `clamp-k` (the default):
   * all its other rows are neighbours, with a notice; a class of one row is still an error. `random`: as `clamp-k`, but the
   * class of one row gets copies, with a notice. With `compat` the default is `error`.
   */
  readonly onTooFew?: OnTooFewRows | undefined;
  /**
   * Every row of the class is the base of equally many new rows, give or take one. Default true, as in the paper; false
   * draws the bases with replacement, as imbalanced-learn does. Cannot be true with `compat`.
   */
  readonly evenBase?: boolean | undefined;
  /** `imbalanced-learn`: the rows of its SMOTE 0.14 for the same integer `random_state`, where no neighbours are tied. */
  readonly compat?: Compat | undefined;
}

const name = 'smote';

/**
 * SMOTE: new rows on the segments between a row and its nearest neighbours within its class.
 *
 * Output: all input rows in their order, then the new rows, class after class. Dense and sparse input give the same
 * numbers. New rows take the base row's group and a weight interpolated like a feature. Every cell must be finite.
 *
 * Chawla, Bowyer, Hall and Kegelmeyer, "SMOTE: synthetic minority over-sampling technique", JAIR 16 (2002), with one gap a
 * row, so that it lies on the segment (the paper's pseudo-code draws one a feature). We differ from imbalanced-learn on
 * purpose: bases are used evenly, each class has a random stream of its own (there an integer seed repeats one sequence
 * in every class), and a row is never its own neighbour, also among duplicates.
 * Throws what `planSampling` throws, `too-few-rows`, `not-finite`, `distance-overflow` (features beyond about 1e150),
 * `shape-mismatch`, and `bad-option` from the factory.
 */
export function smote(options: SmoteOptions = {}): Resampler {
  requireOptions(name, options);
  const { kNeighbors = 5, evenBase = true } = options;
  checkWhole('kNeighbors', kNeighbors, 1);
  return overSampler({
    name,
    options,
    known: ['kNeighbors', 'evenBase'],
    kNeighbors,
    begin: async (problem) => (task) => smoteBlock(problem, task, evenBase),
  });
}
