import type { NumericRows } from '../../data/dataset.ts';
import type { Classes } from '../../data/labels.ts';
import { type Matrix, matrix } from '../../data/matrix.ts';
import type { Notice } from '../../runtime/notices.ts';
import type { RunOptions } from '../../runtime/run-options.ts';
import type { Model, ModelJSON } from '../learner.ts';
import { learnerFields } from '../learner-fields.ts';
import { linearProbabilities } from '../linear-probabilities.ts';

/** Name of the learner and `kind` of its model's JSON. */
export const DISCRIMINANT_KIND = 'linear-discriminant';

/** A fitted linear discriminant analysis: scores are linear, probabilities their softmax. */
export interface LinearDiscriminantModel extends Model {
  readonly name: 'linear-discriminant';
  /** Class codes that occurred in the training rows. */
  readonly present: readonly number[];
  /** A row for each class of `present`; of two classes one row, the log-odds of the second. */
  readonly coefficients: Matrix;
  /** One a row of `coefficients`. */
  readonly intercepts: Float64Array;
}

export interface LinearDiscriminantParts {
  readonly classes: Classes;
  readonly present: readonly number[];
  readonly columns: number;
  /** `present × columns`, or one row of log-odds. */
  readonly coefficients: Float64Array;
  readonly intercepts: Float64Array;
  readonly notices: readonly Notice[];
}

export function linearDiscriminantModel(parts: LinearDiscriminantParts): LinearDiscriminantModel {
  const { columns } = parts;
  const classes = Object.freeze([...parts.classes]);
  const present = Object.freeze([...parts.present]);
  const notices = Object.freeze([...parts.notices]);
  const { coefficients, intercepts } = present.length === 2 ? logOdds(parts) : parts;
  const places = Int32Array.from(present);
  const scores = Object.freeze({ coefficients, intercepts, columns, classes: classes.length, places });
  return Object.freeze({
    name: DISCRIMINANT_KIND,
    classes,
    notices,
    present,
    coefficients: matrix(coefficients, intercepts.length, columns),
    intercepts,
    predictProba: async (X: NumericRows, options?: RunOptions) => linearProbabilities(scores, X, options),
    toJSON: () => ({
      kind: DISCRIMINANT_KIND,
      version: 1,
      classes,
      present,
      columns,
      coefficients: [...coefficients],
      intercepts: [...intercepts],
      notices,
    }),
  });
}

/** Adding 0 turns -0 into 0, which JSON could not tell apart. */
function logOdds({ coefficients, intercepts, columns }: LinearDiscriminantParts) {
  if (intercepts.length === 1) return { coefficients, intercepts };
  return {
    coefficients: Float64Array.from({ length: columns }, (_, j) => coefficients[columns + j]! - coefficients[j]! + 0),
    intercepts: Float64Array.of(intercepts[1]! - intercepts[0]! + 0),
  };
}

/** Reads what `toJSON` wrote. Throws `bad-model` with the field that is wrong. */
export function linearDiscriminantFromJSON(json: ModelJSON): LinearDiscriminantModel {
  const { fields, classes, present, columns, notices } = learnerFields(json, DISCRIMINANT_KIND);
  const rows = present.length === 2 ? 1 : present.length;
  return linearDiscriminantModel({
    classes,
    present,
    columns,
    notices,
    coefficients: fields.numbers('coefficients', rows * columns),
    intercepts: fields.numbers('intercepts', rows),
  });
}
