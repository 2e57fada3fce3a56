import type { NumericRows } from '../data/dataset.ts';
import type { Notice } from '../runtime/notices.ts';
import type { RunOptions } from '../runtime/run-options.ts';

/** Plain data, validated when read; `kind` is the detector's name. */
export interface AnomalyModelJSON {
  readonly kind: string;
  readonly [key: string]: unknown;
}

/** A fitted detector: tells of any row how strange it is beside the rows that it was fitted to. */
export interface AnomalyModel {
  readonly name: string;
  /** Columns of the rows that it scores. */
  readonly columns: number;
  readonly notices: readonly Notice[];
  /**
   * One score a row, always finite; the larger, the stranger. A row's score depends on that row and the model alone, never on the rows
   * beside it. Throws `column-mismatch`, `not-finite`, `bad-sparse`, `aborted`.
   */
  score(X: NumericRows, options?: RunOptions): Promise<Float64Array>;
  toJSON(): AnomalyModelJSON;
}

/** A way to find strange rows. It knows no labels, and no share of strange rows is assumed: see `anomalyThreshold`. */
export interface Detector {
  readonly name: string;
  /**
   * Fits to rows, most of which should be ordinary. Throws `too-few-rows` below two rows, `no-columns`, `not-finite`,
   * `bad-sparse`, `aborted`.
   */
  fit(X: NumericRows, options?: RunOptions): Promise<AnomalyModel>;
}
