import type { Dataset } from '../data/dataset.ts';
import type { Notice } from '../runtime/notices.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import type { SamplingType } from './sampling-strategy.ts';

/**
 * Where every output row came from; enough to replay the result on any side array without the features.
 * All arrays but `dropped` have one entry an output row.
 */
export interface Provenance {
  /** Input row that this row is a copy of, or -1 for a synthetic row. */
  readonly source: Int32Array;
  /** Input row that a synthetic row starts from, or -1. */
  readonly base: Int32Array;
  /** Input row towards which a synthetic row was moved, or -1. */
  readonly neighbour: Int32Array;
  /** Where on the way from base to neighbour the row lies (usually 0 to 1); NaN for copies. */
  readonly gap: Float64Array;
  /** Input rows that do not occur in the output, ascending. */
  readonly dropped: Int32Array;
}

export interface Resampled {
  readonly data: Dataset;
  readonly provenance: Provenance;
  readonly notices: readonly Notice[];
}

export interface Resampler {
  readonly name: string;
  /** Whether it adds rows, takes rows away, or cleans. All methods of the library say so; one of your own may leave it out. */
  readonly samplingType?: SamplingType | undefined;
  resample(data: Dataset, options?: RunOptions): Promise<Resampled>;
}
