import type { Dataset, NumericRows } from '../data/dataset.ts';
import type { Classes } from '../data/labels.ts';
import type { Matrix } from '../data/matrix.ts';
import type { Notice } from '../runtime/notices.ts';
import type { RunOptions } from '../runtime/run-options.ts';

/** Plain data, validated when read; `kind` says which reader to use. */
export interface ModelJSON {
  readonly kind: string;
  readonly [key: string]: unknown;
}

export interface Model {
  readonly classes: Classes;
  readonly notices: readonly Notice[];
  /** Class probabilities, `rows × classes`, each row summing to 1. */
  predictProba(X: NumericRows, options?: RunOptions): Promise<Matrix>;
  toJSON(): ModelJSON;
}

export interface Learner {
  readonly name: string;
  /** Honours `data.weights`: an integer weight equals that many copies of the row. */
  fit(data: Dataset, options?: RunOptions): Promise<Model>;
}
