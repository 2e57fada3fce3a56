import type { Matrix } from '../data/matrix.ts';
import type { Model } from '../learn/index.ts';
import type { Pipeline } from './pipeline.ts';
import type { Coefficient } from './result.ts';

const mostShown = 60;

/** Models that are linear in the encoded features. */
interface LinearModel extends Model {
  /** One row for the second class in binary tasks, else one row a class. */
  readonly coefficients: Matrix;
}

/**
 * Effects on the log-odds of a linear model, largest first, at most 60 a class: for one standard deviation of a numeric
 * column, or for having a level. Empty for models that have none.
 */
export function describeCoefficients({ model, encoder, classes, positive }: Pipeline): Coefficient[] {
  if (!('coefficients' in model)) return [];
  const { coefficients } = model as LinearModel;
  const rows =
    positive === null
      ? classes.map((label, row) => ({ label, row, sign: 1 }))
      : [{ label: classes[positive]!, row: 0, sign: positive === 1 ? 1 : -1 }];
  return rows.flatMap(({ label, row, sign }) =>
    encoder.featureNames
      .map((feature, column) => ({
        class: label,
        feature,
        effect: sign * coefficients.data[row * coefficients.columns + column]!,
      }))
      .sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect))
      .slice(0, mostShown),
  );
}
