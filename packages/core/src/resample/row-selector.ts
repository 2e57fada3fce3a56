import type { Dataset } from '../data/dataset.ts';
import type { Labels } from '../data/labels.ts';
import type { Notice } from '../runtime/notices.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import type { Resampler } from './resampler.ts';

/** Which input rows the output consists of, without their features. */
export interface RowSelection {
  /** Input row of every output row, in output order; a row that is repeated occurs again. */
  readonly source: Int32Array;
  /** Input rows that do not occur in `source`, ascending. */
  readonly dropped: Int32Array;
  readonly notices: readonly Notice[];
}

/** A resampler that only copies and leaves out rows, so its outcome can be had without touching a feature. */
export interface RowSelector extends Resampler {
  /**
   * The rows that `resample` would copy. For data that is large, or not numbers at all: apply `source` to a table, or count
   * each row in it and give the counts to a learner as weights, which is the same as copying the rows. `groups` are for
   * methods that keep groups whole where asked.
   */
  selectRows(labels: Labels, groups?: Int32Array): RowSelection;
}

/** A resampler that only copies and leaves out rows, but has to see the features to choose them. */
export interface DataRowSelector extends Resampler {
  /** The rows that `resample` would copy, without copying them. */
  select(data: Dataset, options?: RunOptions): Promise<RowSelection>;
}
