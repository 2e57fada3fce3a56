import { combine } from '../combine/combine.ts';
import { checkOptions } from '../options.ts';
import type { Resampler } from '../resampler.ts';
import type { MinRatio } from '../under/bound-removal.ts';
import {
  checkPartitioning,
  iterativePartitioningFilter,
  type PartitioningFilterOptions,
  partitioningOptions,
} from './iterative-partitioning-filter.ts';
import type { PlainOverOptions } from './over-sampler.ts';
import { smote } from './smote.ts';

export interface SmoteIpfOptions extends PlainOverOptions, PartitioningFilterOptions {
  /** Neighbours of its own class that a row may be moved towards. Default 5. */
  readonly kNeighbors?: number | undefined;
  /** No class is cleaned below this share of the smallest class's rows. Default: no bound. */
  readonly minRatio?: MinRatio | undefined;
}

const name = 'smote-ipf';
const ofSmote = ['samplingStrategy', 'kNeighbors', 'seed', 'maxNew', 'onTooFew'] as const;

/**
 * SMOTE-IPF: SMOTE, then the iterative partitioning filter over all classes and all rows, new ones too.
 *
 * The counts that SMOTE reached are not kept by the filter. Output: the rows that stay, input rows first, in their order.
 * smote_variants trains each model on all parts but one, and takes labels for 0 and 1 whatever they are.
 *
 * Sáez, Luengo, Stefanowski and Herrera, "SMOTE-IPF: addressing the noisy and borderline examples problem in imbalanced
 * classification by a re-sampling method with filtering", Information Sciences 291 (2015). Throws what `smote` and
 * `iterativePartitioningFilter` throw.
 */
export function smoteIpf(options: SmoteIpfOptions = {}): Resampler {
  checkOptions(name, options, [...ofSmote, 'minRatio', ...partitioningOptions]);
  checkPartitioning(options);
  const { samplingStrategy, kNeighbors, seed, maxNew, onTooFew, ...rest } = options;
  return combine({
    name,
    overSampler: smote({ samplingStrategy, kNeighbors, seed, maxNew, onTooFew }),
    cleaner: iterativePartitioningFilter({ samplingStrategy: 'all', seed, ...rest }),
  });
}
