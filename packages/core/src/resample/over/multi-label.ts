import type { NumericRows } from '../../data/dataset.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import type { Notice } from '../../runtime/notices.ts';
import type { RunOptions } from '../../runtime/run-options.ts';
import type { Provenance } from '../resampler.ts';

/** Any number of labels a row. */
export interface MultiLabels {
  readonly names: readonly string[];
  /** Row-major, `rows × names`: 1 where the row has the label, else 0. */
  readonly indicators: Uint8Array;
}

/** Rows with any number of labels each. `weights` are non-negative, one a row; `groups` are codes of what belongs together. */
export interface MultiLabelDataset {
  readonly X: NumericRows;
  readonly labels: MultiLabels;
  readonly weights?: Float64Array | undefined;
  readonly groups?: Int32Array | undefined;
}

export interface MultiLabelResampled {
  readonly data: MultiLabelDataset;
  readonly provenance: Provenance;
  readonly notices: readonly Notice[];
}

/** A resampler of rows with any number of labels; the labels of a new row are part of what it makes. */
export interface MultiLabelResampler {
  readonly name: string;
  resample(data: MultiLabelDataset, options?: RunOptions): Promise<MultiLabelResampled>;
}

export interface LabelImbalance {
  /** Rows that have each label. */
  readonly counts: Int32Array;
  /** IRLbl: how many times rarer a label is than the most frequent one; infinite for a label without rows. */
  readonly irLbl: Float64Array;
  /** MeanIR: mean of `irLbl` over the labels that have rows; NaN where none has. */
  readonly meanIr: number;
}

/**
 * How imbalanced labels are. Charte, Rivera, del Jesus and Herrera, "Addressing imbalance in multilabel classification",
 * Neurocomputing 163 (2015). Throws `bad-labels` as `checkMultiLabels`.
 */
export function labelImbalance(labels: MultiLabels): LabelImbalance {
  checkMultiLabels(labels);
  const { names, indicators } = labels;
  const counts = new Int32Array(names.length);
  for (let i = 0; i < indicators.length; i++) counts[i % names.length]! += indicators[i]!;
  const most = counts.reduce((a, b) => Math.max(a, b), 0);
  const irLbl = Float64Array.from(counts, (count) => (count > 0 ? most / count : Number.POSITIVE_INFINITY));
  const known = irLbl.filter(Number.isFinite);
  return Object.freeze({ counts, irLbl, meanIr: known.reduce((sum, ir) => sum + ir, 0) / known.length });
}

/** Throws `bad-labels` for labels without a name, or of one name, or indicators that are not 0 and 1 in whole rows. */
export function checkMultiLabels({ names, indicators }: MultiLabels): void {
  if (names.length === 0 || new Set(names).size < names.length) {
    throw new CounterweightError('bad-labels', 'there must be at least one label, and no two of the same name');
  }
  if (indicators.length % names.length !== 0) {
    throw new CounterweightError(
      'bad-labels',
      `${indicators.length} indicators are no whole number of rows of ${names.length} labels`,
    );
  }
  const wrong = indicators.findIndex((value) => value > 1);
  if (wrong < 0) return;
  const row = Math.floor(wrong / names.length);
  throw new CounterweightError(
    'bad-labels',
    `row ${row} has ${indicators[wrong]} for the label ${JSON.stringify(names[wrong % names.length])}, where only 0 and 1 are`,
    { row },
  );
}
