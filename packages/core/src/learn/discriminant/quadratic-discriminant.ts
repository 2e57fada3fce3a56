import type { Dataset, NumericRows } from '../../data/dataset.ts';
import type { Classes, ClassLabel } from '../../data/labels.ts';
import { type Matrix, matrix } from '../../data/matrix.ts';
import type { Notice } from '../../runtime/notices.ts';
import type { RunOptions } from '../../runtime/run-options.ts';
import { withKernels } from '../../runtime/work.ts';
import { scoreProbabilities } from '../class-scores.ts';
import type { Learner, Model, ModelJSON } from '../learner.ts';
import { learnerFields } from '../learner-fields.ts';
import { logarithms } from '../logarithms.ts';
import { absentClasses } from '../trees/absent-classes.ts';
import { shrunkCovariance } from './covariance.ts';
import { type DiscriminantOptions, discriminantSettings, fitMoments } from './fit-moments.ts';
import { solveCovariance } from './solve-covariance.ts';

/** Name of the learner and `kind` of its model's JSON. */
export const QUADRATIC_KIND = 'quadratic-discriminant';

export type QuadraticDiscriminantOptions = DiscriminantOptions;

/** A fitted quadratic discriminant analysis. */
export interface QuadraticDiscriminantModel extends Model {
  readonly name: 'quadratic-discriminant';
  /** Class codes that occurred in the training rows. */
  readonly present: readonly number[];
  /** `present × columns`. */
  readonly means: Matrix;
}

export interface QuadraticDiscriminantLearner extends Learner {
  readonly name: 'quadratic-discriminant';
  fit(data: Dataset, options?: RunOptions): Promise<QuadraticDiscriminantModel>;
}

/**
 * Quadratic discriminant analysis: normal classes, each with a covariance of its own (divisor: the weight of the class), as
 * scikit-learn's. A rare class needs more rows than columns, or shrinkage: a singular covariance is raised as that of
 * `linearDiscriminant`, with the notice `singular-covariance` that names the class.
 *
 * Throws as `linearDiscriminant`.
 */
export function quadraticDiscriminant(options: QuadraticDiscriminantOptions = {}): QuadraticDiscriminantLearner {
  const settings = discriminantSettings('quadratic discriminant analysis', options);
  const fit = (data: Dataset, run?: RunOptions) =>
    withKernels(run, async (work) => {
      const { training, moments, chances, deviations } = await fitMoments(work, data, settings);
      const { present } = training;
      const { classes } = data.y;
      const notices: Notice[] = [...absentClasses(classes, present)];
      const constants = logarithms(work, chances);
      const factors = present.map((code, k) => {
        const covariance = shrunkCovariance(moments, k, settings.shrinkage);
        const { factor, raised } = solveCovariance(work, covariance, data.X.columns, deviations);
        const size = Math.sqrt(factor.length);
        const pivots = Float64Array.from({ length: size }, (_, a) => factor[a * (size + 1)]!);
        for (const logarithm of logarithms(work, pivots)) constants[k]! -= logarithm;
        if (raised > 0) notices.push(singular(classes[code]!, raised));
        return factor;
      });
      return quadraticModel({ classes, present, deviations, means: moments.means, factors, constants, notices });
    });
  return Object.freeze({ name: QUADRATIC_KIND, fit });
}

function singular(label: ClassLabel, raised: number): Notice {
  return {
    code: 'singular-covariance',
    severity: 'warning',
    message: `class ${label} does not vary in every direction: ${raised} of each column's variance was added to its covariance; shrinkage or fewer columns would serve better`,
    class: label,
    numbers: { raised },
  };
}

interface QuadraticParts {
  readonly classes: Classes;
  readonly present: readonly number[];
  /** Of each column over all rows; 0 for columns that are constant. */
  readonly deviations: Float64Array;
  readonly means: Float64Array;
  /** Of each class the lower Cholesky factor of its covariance in units of the deviations. */
  readonly factors: readonly Float64Array[];
  /** Of each class ln prior minus half the logarithm of the determinant. */
  readonly constants: Float64Array;
  readonly notices: readonly Notice[];
}

function quadraticModel(parts: QuadraticParts): QuadraticDiscriminantModel {
  const { deviations, means, factors, constants } = parts;
  const columns = deviations.length;
  const classes = Object.freeze([...parts.classes]);
  const present = Object.freeze([...parts.present]);
  const notices = Object.freeze([...parts.notices]);
  const used = Int32Array.from(deviations.keys()).filter((j) => deviations[j]! > 0);
  const size = used.length;
  const whitened = new Float64Array(size);
  const score = (row: Float64Array, scores: Float64Array) => {
    for (let k = 0; k < present.length; k++) {
      const factor = factors[k]!;
      let square = 0;
      for (let a = 0; a < size; a++) {
        const j = used[a]!;
        let sum = (row[j]! - means[k * columns + j]!) / deviations[j]!;
        for (let b = 0, at = a * size; b < a; b++, at++) sum -= factor[at]! * whitened[b]!;
        whitened[a] = sum / factor[a * (size + 1)]!;
        square += whitened[a]! * whitened[a]!;
      }
      scores[k] = constants[k]! - square / 2;
    }
  };
  return Object.freeze({
    name: QUADRATIC_KIND,
    classes,
    notices,
    present,
    means: matrix(means, present.length, columns),
    predictProba: async (X: NumericRows, options?: RunOptions) =>
      scoreProbabilities({ columns, classes: classes.length, present, score }, X, options),
    toJSON: () => ({
      kind: QUADRATIC_KIND,
      version: 1,
      classes,
      present,
      columns,
      deviations: [...deviations],
      means: [...means],
      factors: factors.flatMap((factor) => [...factor]),
      constants: [...constants],
      notices,
    }),
  });
}

/** Reads what `toJSON` wrote. Throws `bad-model` with the field that is wrong. */
export function quadraticDiscriminantFromJSON(json: ModelJSON): QuadraticDiscriminantModel {
  const { fields, classes, present, columns, notices } = learnerFields(json, QUADRATIC_KIND);
  const deviations = fields.numbers('deviations', columns);
  fields.require(
    'deviations',
    deviations.every((deviation) => deviation >= 0),
  );
  const size = deviations.reduce((count, deviation) => count + (deviation > 0 ? 1 : 0), 0);
  const all = fields.numbers('factors', present.length * size * size);
  const factors = present.map((_, k) => all.slice(k * size * size, (k + 1) * size * size));
  const isFactor = (factor: Float64Array) =>
    Array.from({ length: size }, (_, a) => factor[a * (size + 1)]!).every((pivot) => pivot > 0);
  fields.require('factors', factors.every(isFactor));
  return quadraticModel({
    classes,
    present,
    deviations,
    factors,
    notices,
    means: fields.numbers('means', present.length * columns),
    constants: fields.numbers('constants', present.length),
  });
}
