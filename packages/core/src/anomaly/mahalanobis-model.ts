import { modelFields } from '../calibrate/model-fields.ts';
import type { Notice } from '../runtime/notices.ts';
import { withKernels } from '../runtime/work.ts';
import type { AnomalyModel } from './detector.ts';
import { fittedModel } from './fitted-model.ts';
import { squaredDistances, whitening } from './whitening.ts';

/** A model by distance from a centre. */
export interface CovarianceModel extends AnomalyModel {
  /** Centre, one a column. */
  readonly location: Float64Array;
  /** `columns × columns`. */
  readonly covariance: Float64Array;
}

/** Scores are squared Mahalanobis distances; directions without variance count nothing, and a notice says so. */
export function covarianceModel(
  name: string,
  location: Float64Array,
  covariance: Float64Array,
  notices: readonly Notice[],
): CovarianceModel {
  const map = whitening(location, covariance);
  const model = fittedModel({
    name,
    columns: location.length,
    notices: Object.freeze([...notices]),
    score: (rows, run) => withKernels(run, (work) => squaredDistances(work, map, rows)),
    fields: () => ({ location: Array.from(location), covariance: Array.from(covariance) }),
  });
  return Object.freeze({ ...model, location, covariance });
}

/** Tells of columns that are sums of others; `varying` columns have more than one value. */
export function rankNotices(rank: number, varying: number): Notice[] {
  if (rank >= varying) return [];
  const message = `the ${varying} columns that vary span ${rank} directions only: rows that leave them are not seen as strange`;
  const numbers = Object.freeze({ columns: varying, directions: rank });
  return [Object.freeze({ code: 'singular-covariance', severity: 'warning', message, numbers })];
}

/** Throws `bad-model`. */
export function covarianceModelFromJSON(name: string, json: unknown): CovarianceModel {
  const fields = modelFields(json, name);
  fields.oneOf('kind', name);
  const columns = fields.count('columns');
  fields.require('columns', columns > 0);
  const covariance = fields.numbers('covariance', columns * columns);
  for (let j = 0; j < columns; j++) {
    for (let k = 0; k <= j; k++) {
      fields.require('covariance', covariance[j * columns + k] === covariance[k * columns + j]);
    }
    fields.require('covariance', covariance[j * columns + j]! >= 0);
  }
  return covarianceModel(name, fields.numbers('location', columns), covariance, fields.notices('notices'));
}
