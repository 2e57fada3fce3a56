import { checkOptionNames } from '../data/check-option-names.ts';
import type { Classes, Labels } from '../data/labels.ts';
import { type Matrix, matrix } from '../data/matrix.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { Notice } from '../runtime/notices.ts';
import { throwIfAborted } from '../runtime/run-options.ts';
import type { Calibration, CalibrationJSON, Calibrator, CalibratorOptions, ScoreInput } from './calibrator.ts';
import { absentNotices, checkedFitRows, type FitRows, requireInput, requireScores } from './check-input.ts';
import { modelFields } from './model-fields.ts';
import { fitSoftmax, type SoftmaxMap, type SoftmaxShape } from './softmax-fit.ts';
import { logitRows, softmaxInto, withFitted } from './softmax-rows.ts';

export interface ScalingOptions {
  /** `scores` for logits; default `probabilities`, whose logarithms are scaled. */
  readonly input?: ScoreInput;
}

export interface DirichletOptions {
  /** λ of λ Σ_{i≠j} W_ij² beside the mean log loss; default 0.001. */
  readonly offDiagonalPenalty?: number;
  /** μ of μ Σ b_i²; default 0.001. */
  readonly biasPenalty?: number;
}

/** A calibration softmax(W x + b) of log-probabilities or logits x. */
export interface LinearSoftmaxCalibration extends Calibration {
  /** Codes of the classes that had calibration rows; W and b speak of these. */
  readonly present: Int32Array;
  /** `present × present` row-major, or the diagonal alone for vector scaling. */
  readonly weights: Float64Array;
  readonly biases: Float64Array;
}

type LinearName = 'vector-scaling' | 'matrix-scaling' | 'dirichlet';

const unpenalised = { offDiagonalPenalty: 0, biasPenalty: 0 };

/**
 * Vector scaling (Guo et al., 2017): softmax(w_c x_c + b_c), one weight and one bias a class, maximum likelihood by Newton's
 * method; the biases sum to 0. Throws `bad-option`.
 *
 * This and the next two: a class without calibration rows keeps its raw probability and the others share the rest. Where no
 * maximum exists (the scores separate the classes), smoothed labels give one, and a notice says so.
 */
export function vectorScalingCalibrator(options: ScalingOptions = {}): Calibrator {
  checkOptionNames('vector scaling', options, ['input']);
  const { input = 'probabilities' } = options;
  return linearSoftmax('vector-scaling', input, { diagonal: true, ...unpenalised });
}

/**
 * Matrix scaling (Guo et al., 2017): softmax(W x + b) without a penalty, which overfits with many classes; the columns of W
 * and b sum to 0. Throws `bad-option`.
 */
export function matrixScalingCalibrator(options: ScalingOptions = {}): Calibrator {
  checkOptionNames('matrix scaling', options, ['input']);
  const { input = 'probabilities' } = options;
  return linearSoftmax('matrix-scaling', input, { diagonal: false, ...unpenalised });
}

/**
 * Dirichlet calibration (Kull et al., 2019): softmax(W ln p + b) with off-diagonal and intercept regularisation (ODIR),
 * mean log loss + λ Σ_{i≠j} W_ij² + μ Σ b_i². With a penalty of 0 it is matrix scaling of ln p. Throws `bad-option`.
 */
export function dirichletCalibrator(options: DirichletOptions = {}): Calibrator {
  checkOptionNames('Dirichlet calibration', options, ['offDiagonalPenalty', 'biasPenalty']);
  const { offDiagonalPenalty = 1e-3, biasPenalty = 1e-3 } = options;
  for (const [name, value] of Object.entries({ offDiagonalPenalty, biasPenalty })) {
    if (!(value >= 0 && value <= 1e6)) {
      throw new CounterweightError('bad-option', `${name} must be from 0 to 1,000,000, got ${value}`);
    }
  }
  return linearSoftmax('dirichlet', 'probabilities', { diagonal: false, offDiagonalPenalty, biasPenalty });
}

/** Reads what the `toJSON` of any of the three wrote. Throws `bad-model`. */
export function linearSoftmaxFromJSON(json: unknown): LinearSoftmaxCalibration {
  const fields = modelFields(json, 'softmax calibration');
  const name = fields.oneOf<LinearName>('kind', 'vector-scaling', 'matrix-scaling', 'dirichlet');
  fields.oneOf('version', 1);
  const classes = fields.classes('classes');
  const present = Int32Array.from(fields.numbers('present'));
  fields.require(
    'present',
    present.length > 0 &&
      present.every((code, i) => code >= 0 && code < classes.length && (i === 0 || code > present[i - 1]!)),
  );
  const count = present.length;
  return linearCalibration({
    name,
    classes,
    input: fields.oneOf('input', 'probabilities', 'scores'),
    present,
    weights: fields.numbers('weights', name === 'vector-scaling' ? count : count * count),
    biases: fields.numbers('biases', count),
    notices: fields.notices('notices'),
  });
}

function linearSoftmax(name: LinearName, input: ScoreInput, shape: SoftmaxShape): Calibrator {
  requireInput(input);
  return Object.freeze({
    name,
    fit: async (scores: Matrix, y: Labels, options?: CalibratorOptions) => {
      throwIfAborted(options?.signal);
      const rows = checkedFitRows(scores, y, options?.weights, input);
      const present = Int32Array.from(rows.totals.keys()).filter((code) => rows.totals[code]! > 0);
      const notices = absentNotices(rows, 'its raw probability is kept');
      const map = present.length > 1 ? fitPresent(rows, present, input, shape, notices) : identity();
      return linearCalibration({ name, classes: rows.classes, input, present, ...map, notices });
    },
  });
}

/** Of one class alone there is nothing to learn; with nothing to share the mass with, it keeps its own. */
function identity(): Omit<SoftmaxMap, 'converged'> {
  return { weights: Float64Array.of(1), biases: Float64Array.of(0) };
}

function fitPresent(
  rows: FitRows,
  present: Int32Array,
  input: ScoreInput,
  shape: SoftmaxShape,
  notices: Notice[],
): Omit<SoftmaxMap, 'converged'> {
  const { logits } = logitRows(rows.scores, rows.classes.length, present, input);
  const places = new Int32Array(rows.classes.length);
  present.forEach((code, place) => {
    places[code] = place;
  });
  const problem = {
    logits,
    codes: rows.codes.map((code) => places[code]!),
    weights: rows.weights,
    totals: Float64Array.from(present, (code) => rows.totals[code]!),
  };
  const plain = fitSoftmax(problem, shape, false);
  if (plain.converged) return plain;
  notices.push({
    code: 'separable-scores',
    severity: 'warning',
    message:
      'The likelihood has no maximum within reach, as when scores separate the classes; smoothed labels were used.',
  });
  return fitSoftmax(problem, shape, true);
}

interface Parts {
  readonly name: LinearName;
  readonly classes: Classes;
  readonly input: ScoreInput;
  readonly present: Int32Array;
  readonly weights: Float64Array;
  readonly biases: Float64Array;
  readonly notices: readonly Notice[];
}

function linearCalibration({ name, classes, input, present, weights, biases, notices: found }: Parts) {
  const notices = Object.freeze([...found]);
  return Object.freeze({
    name,
    classes,
    notices,
    present,
    weights,
    biases,
    apply: (scores: Matrix) => {
      requireScores(scores, classes.length, input);
      const rows = logitRows(scores, classes.length, present, input);
      return withFitted(rows, mapped(rows.logits, weights, biases), present);
    },
    toJSON: (): CalibrationJSON => ({
      kind: name,
      version: 1,
      classes,
      input,
      present: [...present],
      weights: [...weights],
      biases: [...biases],
      notices,
    }),
  });
}

function mapped({ data, rows, columns }: Matrix, weights: Float64Array, biases: Float64Array): Matrix {
  const out = new Float64Array(data.length);
  const z = new Float64Array(columns);
  const diagonal = weights.length === columns;
  for (let row = 0; row < rows; row++) {
    const start = row * columns;
    for (let c = 0; c < columns; c++) {
      let sum = biases[c]!;
      if (diagonal) sum += weights[c]! * data[start + c]!;
      else for (let j = 0; j < columns; j++) sum += weights[c * columns + j]! * data[start + j]!;
      z[c] = sum;
    }
    softmaxInto(z, out, start);
  }
  return matrix(out, rows, columns);
}
