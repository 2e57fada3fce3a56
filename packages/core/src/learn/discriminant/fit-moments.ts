import { checkOptionNames } from '../../data/check-option-names.ts';
import { throwNotFinite } from '../../data/check-rows.ts';
import type { Dataset } from '../../data/dataset.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import type { Work } from '../../runtime/work.ts';
import { type ClassPriors, checkPriors, classWeights, resolvePriors } from '../class-priors.ts';
import { type TrainingRows, trainingRows } from '../logistic-data.ts';
import { type ClassMoments, type CovarianceShrinkage, classMoments } from './covariance.ts';

/** Options of linear and quadratic discriminant analysis. */
export interface DiscriminantOptions {
  /**
   * Of the classes' covariance: `none` (default), `auto` for Ledoit and Wolf's estimate, or a share from 0 to 1. Wanted where
   * columns are many and rows few.
   */
  readonly shrinkage?: CovarianceShrinkage | undefined;
  /** Default `empirical`. */
  readonly priors?: ClassPriors | undefined;
}

export interface DiscriminantSettings {
  readonly shrinkage: CovarianceShrinkage;
  readonly priors: ClassPriors;
}

/** Fills in the defaults. Throws `bad-option`. */
export function discriminantSettings(name: string, options: DiscriminantOptions): DiscriminantSettings {
  checkOptionNames(name, options, ['shrinkage', 'priors']);
  const { shrinkage = 'none', priors = 'empirical' } = options;
  checkPriors(priors);
  checkShrinkage(shrinkage);
  return { shrinkage, priors };
}

function checkShrinkage(shrinkage: CovarianceShrinkage): void {
  if (shrinkage === 'none' || shrinkage === 'auto') return;
  if (typeof shrinkage === 'number' && shrinkage >= 0 && shrinkage <= 1) return;
  throw new CounterweightError(
    'bad-option',
    `shrinkage must be none, auto or a number from 0 to 1, got ${String(shrinkage)}`,
  );
}

export interface FittedMoments {
  readonly training: TrainingRows;
  readonly moments: ClassMoments;
  /** Prior of each class present. */
  readonly chances: Float64Array;
  /** Of each column over all rows; 0 for columns that are constant. */
  readonly deviations: Float64Array;
}

/** What both discriminants learn from. Throws what `trainingRows` throws, `not-finite`, `bad-option`, `aborted`. */
export async function fitMoments(
  { breathe }: Work,
  data: Dataset,
  { shrinkage, priors }: DiscriminantSettings,
): Promise<FittedMoments> {
  const training = trainingRows(data);
  throwNotFinite(data.X, training.kept);
  const moments = await classMoments(data.X, training, classWeights(training), shrinkage === 'auto', breathe);
  const chances = resolvePriors(priors, data.y.classes, training);
  return { training, moments, chances, deviations: wholeDeviations(moments) };
}

/** Deviation of each column over all rows. Throws `not-finite` where squares overflow. */
function wholeDeviations({ columns, sums, means, scatters }: ClassMoments): Float64Array {
  const total = sums.reduce((a, b) => a + b);
  return Float64Array.from({ length: columns }, (_, j) => {
    let mean = 0;
    for (let k = 0; k < sums.length; k++) mean += (sums[k]! / total) * means[k * columns + j]!;
    let variance = 0;
    for (let k = 0; k < sums.length; k++) {
      const gap = means[k * columns + j]! - mean;
      variance += scatters[k]![j * (columns + 1)]! / total + (sums[k]! / total) * gap * gap;
    }
    if (!Number.isFinite(variance)) {
      throw new CounterweightError(
        'not-finite',
        `the squares of column ${j} leave the range of float64; scale it first`,
        {
          column: String(j),
        },
      );
    }
    // A spread of less than this share of the mean is rounding of the mean.
    return Math.sqrt(variance) > Math.abs(mean) * 1e-15 ? Math.sqrt(variance) : 0;
  });
}
