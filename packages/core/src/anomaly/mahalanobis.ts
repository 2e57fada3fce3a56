import type { NumericRows } from '../data/dataset.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import { withKernels } from '../runtime/work.ts';
import { checkKnown } from './check-options.ts';
import type { Detector } from './detector.ts';
import { fittingRows } from './fitting-rows.ts';
import { type CovarianceModel, covarianceModel, covarianceModelFromJSON, rankNotices } from './mahalanobis-model.ts';
import { columnMeans, fullCovariance } from './moments.ts';
import { whitening } from './whitening.ts';

export interface CovarianceDetector extends Detector {
  fit(X: NumericRows, options?: RunOptions): Promise<CovarianceModel>;
}

export const MAHALANOBIS = 'mahalanobis';

/**
 * Squared Mahalanobis distance from the mean, by the covariance with divisor n. The mean and the covariance follow strange rows among
 * those fitted, which may hide one another so: see `minimumCovarianceDeterminant`. Units of the columns change nothing, nor does any
 * linear map of full rank.
 *
 * Columns with one value, and directions in which the rows do not vary (notice `singular-covariance`), count nothing. Throws
 * `bad-option`; fit throws `distance-overflow`.
 */
export function mahalanobis(options: object = {}): CovarianceDetector {
  checkKnown(MAHALANOBIS, options, []);
  return Object.freeze({
    name: MAHALANOBIS,
    async fit(X: NumericRows, run?: RunOptions) {
      const { rows, constant, notices } = fittingRows(MAHALANOBIS, X, run);
      const location = columnMeans(rows);
      const covariance = await withKernels(run, (work) => fullCovariance(work, rows, location));
      clearConstant(covariance, constant);
      const varying = constant.filter((flag) => flag === 0).length;
      const { rank } = whitening(location, covariance);
      return covarianceModel(MAHALANOBIS, location, covariance, [...notices, ...rankNotices(rank, varying)]);
    },
  });
}

/** A mean of equal values may differ from them by rounding; their variance is 0 all the same. */
export function clearConstant(covariance: Float64Array, constant: Uint8Array): void {
  const columns = constant.length;
  for (let at = 0; at < covariance.length; at++) {
    if (constant[at % columns] || constant[Math.floor(at / columns)]) covariance[at] = 0;
  }
}

/** Throws `bad-model`. */
export const mahalanobisFromJSON = (json: unknown): CovarianceModel => covarianceModelFromJSON(MAHALANOBIS, json);
