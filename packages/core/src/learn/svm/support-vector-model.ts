import { checkColumnCount } from '../../data/check-dataset.ts';
import type { NumericRows } from '../../data/dataset.ts';
import type { Classes } from '../../data/labels.ts';
import { type Matrix, matrix } from '../../data/matrix.ts';
import { type ModelFields, modelFields } from '../../data/model-fields.ts';
import { selectNumericRows } from '../../data/select-numeric-rows.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import type { Notice } from '../../runtime/notices.ts';
import type { RunOptions } from '../../runtime/run-options.ts';
import { withKernels } from '../../runtime/work.ts';
import { decisionValues, type SupportVectorDecision, slopeOf } from '../../svm/decision-function.ts';
import type { SvmKernel } from '../../svm/kernel.ts';
import type { Model, ModelJSON } from '../learner.ts';
import { learnerFields } from '../learner-fields.ts';
import { type LinearScores, linearProbabilities } from '../linear-probabilities.ts';
import { couplePairs } from './couple-pairs.ts';
import type { Sigmoid } from './fit-sigmoid.ts';

export type SupportVectorKind = 'linear-svm' | 'rbf-svm';

/** One two-class machine of a model. */
export interface SupportVectorPair extends SupportVectorDecision {
  /** Class codes; decision values above 0 speak for `positive`, the later one. */
  readonly positive: number;
  readonly negative: number;
  /** From decision values to the log-odds of `positive`. */
  readonly sigmoid: Sigmoid;
}

/** A fitted support vector classifier. */
export interface SupportVectorModel extends Model {
  readonly name: SupportVectorKind;
  /** Class codes that occurred in the training rows. */
  readonly present: readonly number[];
  readonly kernel: SvmKernel;
  /** Rows of the training data that are support vectors of any pair, of copies the first: class after class. */
  readonly support: Int32Array;
  /** Their cells. */
  readonly vectors: Matrix;
  /** Every pair of classes that occur. */
  readonly pairs: readonly SupportVectorPair[];
  /** With the linear kernel the coefficients of the columns, `pairs × columns`. */
  readonly coefficients: Matrix | undefined;
  /** Decision values, `rows × pairs`. Throws `column-mismatch`, `not-finite`, `aborted`. */
  decisionFunction(X: NumericRows, options?: RunOptions): Promise<Matrix>;
}

export interface SupportVectorParts {
  readonly kind: SupportVectorKind;
  readonly classes: Classes;
  readonly present: readonly number[];
  readonly kernel: SvmKernel;
  readonly means: Float64Array;
  readonly support: Int32Array;
  readonly vectors: Matrix;
  readonly pairs: readonly SupportVectorPair[];
  readonly notices: readonly Notice[];
}

export function supportVectorModel(parts: SupportVectorParts): SupportVectorModel {
  const { kind, kernel, means, support, vectors } = parts;
  const classes = Object.freeze([...parts.classes]);
  const present = Object.freeze([...parts.present]);
  const notices = Object.freeze([...parts.notices]);
  const pairs = Object.freeze(parts.pairs.map((pair) => Object.freeze({ ...pair })));
  const decide = (X: NumericRows, run?: RunOptions) =>
    decisionValues({ kernel, means, vectors, decisions: pairs }, X, run);
  const slopes = kind === 'linear-svm' ? pairs.map((pair) => slopeOf(vectors, pair)) : undefined;
  return Object.freeze({
    name: kind,
    classes,
    notices,
    present,
    kernel,
    support,
    vectors,
    pairs,
    coefficients:
      slopes && matrix(Float64Array.from(slopes.flatMap((slope) => [...slope])), pairs.length, vectors.columns),
    decisionFunction: decide,
    predictProba: async (X: NumericRows, run?: RunOptions) => {
      checkColumnCount(X, vectors.columns);
      const result = new Float64Array(X.rows * classes.length);
      const slab = Math.max(1, Math.floor(SLAB_VALUES / pairs.length));
      for (let first = 0; first === 0 || first < X.rows; first += slab) {
        const rows = Int32Array.from({ length: Math.min(slab, X.rows - first) }, (_, i) => first + i);
        const part = rows.length === X.rows ? X : selectNumericRows(X, rows);
        const { data } = await pairProbabilities(await decide(part, run), pairs, present, classes.length, run);
        result.set(data, first * classes.length);
      }
      return matrix(result, X.rows, classes.length);
    },
    toJSON: () => ({
      kind,
      version: 1,
      classes,
      present,
      columns: vectors.columns,
      gamma: kernel.gamma,
      means: [...means],
      support: [...support],
      vectors: [...vectors.data],
      pairs: pairs.map(({ positive, negative, places, coefficients, intercept, sigmoid }) => ({
        positive,
        negative,
        places: [...places],
        coefficients: [...coefficients],
        intercept,
        sigmoid,
      })),
      notices,
    }),
  });
}

/** Decision values held at once. */
const SLAB_VALUES = 1 << 22;
/** Steps of coupling between two looks at the signal. */
const BREATH_STEPS = 1e6;

/** The sigmoid of a number. */
const SIGMOID: LinearScores = Object.freeze({
  coefficients: Float64Array.of(1),
  intercepts: new Float64Array(1),
  columns: 1,
  classes: 2,
  places: Int32Array.of(0, 1),
});

async function pairProbabilities(
  decisions: Matrix,
  pairs: readonly SupportVectorPair[],
  present: readonly number[],
  classes: number,
  run?: RunOptions,
): Promise<Matrix> {
  const { rows } = decisions;
  const logOdds = new Float64Array(rows * pairs.length);
  for (let i = 0; i < rows; i++) {
    for (const [p, { sigmoid }] of pairs.entries()) {
      const at = i * pairs.length + p;
      // A sigmoid that ranks nothing has the same chance for all, also for those whose decision is no number.
      const value = sigmoid.slope === 0 ? sigmoid.intercept : sigmoid.slope * decisions.data[at]! + sigmoid.intercept;
      if (!Number.isFinite(value)) throw tooLarge(i);
      logOdds[at] = value;
    }
  }
  const { data: chances } = await linearProbabilities(SIGMOID, matrix(logOdds, logOdds.length, 1), run);
  const result = new Float64Array(rows * classes);
  const size = present.length;
  const pairwise = new Float64Array(size * size);
  const coupled = new Float64Array(size);
  const placeOf = new Map(present.map((code, place) => [code, place]));
  const ends = pairs.map(({ positive, negative }) => [placeOf.get(positive)!, placeOf.get(negative)!] as const);
  if (size === 2) {
    const [{ negative, positive }] = pairs as readonly [SupportVectorPair];
    for (let i = 0; i < rows; i++) {
      result[i * classes + negative] = chances[2 * i]!;
      result[i * classes + positive] = chances[2 * i + 1]!;
    }
    return matrix(result, rows, classes);
  }
  const breath = Math.max(1, Math.floor(BREATH_STEPS / size ** 3));
  await withKernels(run, async ({ breathe }) => {
    for (let i = 0; i < rows; i++) {
      if (i % breath === 0) await breathe();
      for (const [p, [high, low]] of ends.entries()) {
        const at = 2 * (i * pairs.length + p);
        pairwise[high * size + low] = chances[at + 1]!;
        pairwise[low * size + high] = chances[at]!;
      }
      couplePairs(pairwise, size, coupled, 0);
      for (let k = 0; k < size; k++) result[i * classes + present[k]!] = coupled[k]!;
    }
  });
  return matrix(result, rows, classes);
}

function tooLarge(row: number): CounterweightError {
  const message = `row ${row}: its values, or those of the rows that the machine learned from, are so large that decision values are no numbers; scale the columns first`;
  return new CounterweightError('not-finite', message, { row });
}

/** Reads what `toJSON` wrote. Throws `bad-model` with the field that is wrong. */
export function supportVectorModelFromJSON(kind: SupportVectorKind, json: ModelJSON): SupportVectorModel {
  const { fields, classes, present, columns, notices } = learnerFields(json, kind);
  const gamma = fields.number('gamma');
  fields.require('gamma', kind === 'linear-svm' ? gamma === 0 : gamma > 0);
  const support = Int32Array.from(fields.numbers('support'));
  return supportVectorModel({
    kind,
    classes,
    present,
    kernel: { name: kind === 'linear-svm' ? 'linear' : 'rbf', gamma },
    means: fields.numbers('means', columns),
    support,
    vectors: matrix(fields.numbers('vectors', support.length * columns), support.length, columns),
    pairs: readPairs(fields, present, support.length),
    notices,
  });
}

function readPairs(fields: ModelFields, present: readonly number[], vectors: number): SupportVectorPair[] {
  const list = fields.list('pairs');
  const expected = present.flatMap((low, i) => present.slice(i + 1).map((high) => [high, low] as const));
  fields.require('pairs', list.length === expected.length);
  return expected.map(([positive, negative], p) => {
    const pair = modelFields(list[p], `pair ${p} of a support vector model`);
    pair.oneOf('positive', positive);
    pair.oneOf('negative', negative);
    const places = pair.numbers('places');
    pair.require(
      'places',
      places.every((place) => Number.isInteger(place) && place >= 0 && place < vectors),
    );
    const sigmoid = modelFields(pair.any('sigmoid'), 'sigmoid of a support vector model');
    return {
      positive,
      negative,
      places: Int32Array.from(places),
      coefficients: pair.numbers('coefficients', places.length),
      intercept: pair.number('intercept'),
      sigmoid: { slope: sigmoid.number('slope'), intercept: sigmoid.number('intercept') },
    };
  });
}
