import type { Dataset, NumericRows } from '../../data/dataset.ts';
import type { Classes } from '../../data/labels.ts';
import type { Matrix } from '../../data/matrix.ts';
import type { RunOptions } from '../../runtime/run-options.ts';

/** Anything that learns class probabilities from labelled rows; every `Learner` does. */
export interface ProbabilityEstimator {
  fit(
    data: Dataset,
    options?: RunOptions,
  ): Promise<{
    readonly classes: Classes;
    /** `rows × classes`. */
    predictProba(X: NumericRows, options?: RunOptions): Promise<Matrix>;
  }>;
}
