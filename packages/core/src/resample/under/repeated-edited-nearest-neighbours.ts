import { requireOptions } from '../../data/check-option-names.ts';
import { checkWhole } from '../options.ts';
import type { DataRowSelector } from '../row-selector.ts';
import { cleaner } from './cleaner.ts';
import { checkEditing, type EditedNearestNeighboursOptions } from './edited-nearest-neighbours.ts';
import { clampNeighbours } from './find-neighbours.ts';
import { editInRounds } from './repeated-editing.ts';

export interface RepeatedEditedNearestNeighboursOptions extends EditedNearestNeighboursOptions {
  /** Default 100. */
  readonly maxIter?: number | undefined;
}

const name = 'repeated-edited-nearest-neighbours';

/**
 * Edited nearest neighbours, repeated on what it leaves until a round removes nothing, `maxIter` rounds are over (notice
 * `not-settled`), or a class falls below the size of the smallest (notice `stopped-early`; that round counts).
 *
 * Provenance holds for every input, where imbalanced-learn's `sample_indices_` is wrong when the first round removes nothing.
 * Which classes are cleaned is settled at the start; there, and with `compat`, anew each round. Output and errors as
 * `editedNearestNeighbours`.
 *
 * Tomek, "An experiment with the edited nearest-neighbor rule", IEEE Trans. SMC 6 (1976).
 */
export function repeatedEditedNearestNeighbours(options: RepeatedEditedNearestNeighboursOptions = {}): DataRowSelector {
  requireOptions(name, options);
  checkEditing(options);
  checkWhole('maxIter', options.maxIter, 1);
  const { nNeighbors = 3, kindSel = 'all', maxIter = 100, samplingStrategy = 'auto' } = options;
  return cleaner({
    name,
    options,
    known: ['nNeighbors', 'kindSel', 'maxIter'],
    clean: async (problem) => {
      const k = clampNeighbours(problem, nNeighbors, problem.data.X.rows - 1, 'other rows');
      const removed = await editInRounds(problem, {
        neighbours: new Array<number>(maxIter).fill(k),
        kindSel,
        samplingStrategy,
        untilSettled: true,
        allowMinority: false,
      });
      return { removed, order: problem.compat ? 'class' : 'input' };
    },
  });
}
