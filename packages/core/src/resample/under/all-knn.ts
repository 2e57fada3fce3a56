import { requireOptions } from '../../data/check-option-names.ts';
import { checkFlag } from '../options.ts';
import type { DataRowSelector } from '../row-selector.ts';
import { cleaner } from './cleaner.ts';
import { checkEditing, type EditedNearestNeighboursOptions } from './edited-nearest-neighbours.ts';
import { clampNeighbours } from './find-neighbours.ts';
import { editInRounds } from './repeated-editing.ts';

export interface AllKnnOptions extends EditedNearestNeighboursOptions {
  /** Goes on when a class has become smaller than the smallest was. Default false. */
  readonly allowMinority?: boolean | undefined;
}

const name = 'all-knn';

/**
 * All-kNN: edited nearest neighbours with 1, then 2, up to `nNeighbors` neighbours, each on what the last round left. It ends
 * early when a class falls below the size of the smallest (notice `stopped-early`; that round counts), unless
 * `allowMinority`, and when a class has no row left.
 *
 * In Tomek's paper the rounds only mark rows and all marked ones go at the end; with `kindSel: 'all'` that is the same as one
 * round with `nNeighbors`. We follow imbalanced-learn, as the rest of the field does. Which classes are cleaned is settled at
 * the start; there, and with `compat`, anew each round. Output and errors as `editedNearestNeighbours`.
 *
 * Tomek, "An experiment with the edited nearest-neighbor rule", IEEE Trans. SMC 6 (1976).
 */
export function allKnn(options: AllKnnOptions = {}): DataRowSelector {
  requireOptions(name, options);
  checkEditing(options);
  checkFlag('allowMinority', options.allowMinority);
  const { nNeighbors = 3, kindSel = 'all', allowMinority = false, samplingStrategy = 'auto' } = options;
  return cleaner({
    name,
    options,
    known: ['nNeighbors', 'kindSel', 'allowMinority'],
    clean: async (problem) => {
      const most = clampNeighbours(problem, nNeighbors, problem.data.X.rows - 1, 'other rows');
      const removed = await editInRounds(problem, {
        neighbours: Array.from({ length: most }, (_, i) => i + 1),
        kindSel,
        samplingStrategy,
        untilSettled: false,
        allowMinority,
      });
      return { removed, order: problem.compat ? 'class' : 'input' };
    },
  });
}
