import type { Dataset } from '../data/dataset.ts';
import { treeSettings } from '../learn/trees/forest-options.ts';
import { checkFlag } from '../resample/options.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import { type MonotoneOption, memberTreeOptionNames, type TreeOptions } from './base-fits.ts';
import { evenBag } from './draw-bags.ts';
import type { EnsembleLearner } from './ensemble-learner.ts';
import { fitBags } from './fit-bags.ts';
import { checkEnsemble, type EnsembleOptions } from './options.ts';
import { rarest } from './row-units.ts';

export interface BalancedRandomForestOptions extends EnsembleOptions, TreeOptions, MonotoneOption {
  /** Whether rows are drawn with replacement. Default true. */
  readonly replacement?: boolean | undefined;
  /** Whether the model keeps what the trees say of rows that they did not see. Default false. */
  readonly oobScore?: boolean | undefined;
}

/**
 * Balanced random forest (Chen, Liaw and Breiman 2004): each tree learns from as many rows of every class as the rarest has,
 * drawn anew, and looks at a few columns for each split. 100 trees; columns by the square root.
 *
 * Out-of-bag shares are means over the trees whose draw left the row out, whatever the options (imbalanced-learn has none by
 * default). Probabilities are those of balanced classes: calibrate them, or correct their prior.
 */
export function balancedRandomForest(options: BalancedRandomForestOptions = {}): EnsembleLearner {
  const name = 'balanced-random-forest';
  checkEnsemble(name, options, ['replacement', 'oobScore', 'monotonicConstraints', ...memberTreeOptionNames]);
  checkFlag('replacement', options.replacement);
  checkFlag('oobScore', options.oobScore);
  const { nEstimators = 100, seed = 0, replacement = true, oobScore = false, ...rest } = options;
  treeSettings(rest, 'sqrt');
  const base = { ...rest, maxFeatures: rest.maxFeatures ?? 'sqrt' } as const;
  return Object.freeze({
    name,
    fit: (data: Dataset, run?: RunOptions) =>
      fitBags(
        {
          name,
          seed,
          members: nEstimators,
          base,
          outOfBag: oobScore,
          draw: (stream, units) => evenBag(stream, units, rarest(units), replacement),
        },
        data,
        run,
      ),
  });
}
