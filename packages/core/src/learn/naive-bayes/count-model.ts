import { checkColumnCount } from '../../data/check-dataset.ts';
import type { NumericRows } from '../../data/dataset.ts';
import type { Classes } from '../../data/labels.ts';
import { type Matrix, matrix } from '../../data/matrix.ts';
import type { Notice } from '../../runtime/notices.ts';
import type { RunOptions } from '../../runtime/run-options.ts';
import type { Model, ModelJSON } from '../learner.ts';
import { learnerFields } from '../learner-fields.ts';
import { linearProbabilities } from '../linear-probabilities.ts';
import { checkCounts } from './check-counts.ts';

export type CountKind = 'multinomial-naive-bayes' | 'complement-naive-bayes';

/** A fitted naive Bayes of counts: scores are linear in the counts, probabilities their softmax. */
export interface CountNaiveBayesModel extends Model {
  readonly name: CountKind;
  /** Class codes that occurred in the training rows. */
  readonly present: readonly number[];
  /** What one count of a column adds to the score of a class, `present × columns`; scikit-learn's `feature_log_prob_`. */
  readonly featureLogProbabilities: Matrix;
  /** Added to the score of each class of `present`: ln prior, or 0. */
  readonly intercepts: Float64Array;
}

export interface CountParts {
  readonly kind: CountKind;
  readonly classes: Classes;
  readonly present: readonly number[];
  readonly columns: number;
  readonly coefficients: Float64Array;
  readonly intercepts: Float64Array;
  readonly notices: readonly Notice[];
}

export function countModel(parts: CountParts): CountNaiveBayesModel {
  const { kind, columns, coefficients, intercepts } = parts;
  const classes = Object.freeze([...parts.classes]);
  const present = Object.freeze([...parts.present]);
  const notices = Object.freeze([...parts.notices]);
  const places = Int32Array.from(present);
  const scores = Object.freeze({ coefficients, intercepts, columns, classes: classes.length, places });
  return Object.freeze({
    name: kind,
    classes,
    notices,
    present,
    featureLogProbabilities: matrix(coefficients, present.length, columns),
    intercepts,
    predictProba: async (X: NumericRows, options?: RunOptions) => {
      checkColumnCount(X, columns);
      checkCounts(X);
      return linearProbabilities(scores, X, options);
    },
    toJSON: () => ({
      kind,
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

/** Reads what `toJSON` wrote. Throws `bad-model` with the field that is wrong. */
export function countModelFromJSON(kind: CountKind, json: ModelJSON): CountNaiveBayesModel {
  const { fields, classes, present, columns, notices } = learnerFields(json, kind);
  return countModel({
    kind,
    classes,
    present,
    columns,
    notices,
    coefficients: fields.numbers('coefficients', present.length * columns),
    intercepts: fields.numbers('intercepts', present.length),
  });
}
