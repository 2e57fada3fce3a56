import type { NumericRows } from '../data/dataset.ts';
import type { Classes, ClassLabel } from '../data/labels.ts';
import { type Matrix, matrix } from '../data/matrix.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { Notice } from '../runtime/notices.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import type { Model, ModelJSON } from './learner.ts';
import { linearProbabilities } from './linear-probabilities.ts';

/** `kind` of a logistic model's JSON. */
export const LOGISTIC_KIND = 'logistic-regression';

/** A fitted logistic regression. */
export interface LogisticModel extends Model {
  readonly name: 'logistic-regression';
  /**
   * `1 × columns` for two classes (log-odds of the second), else `classes × columns`. Of a class that did not occur in
   * the training rows the row is 0 and the probability is 0.
   */
  readonly coefficients: Matrix;
  /** One a row of `coefficients`. */
  readonly intercepts: Float64Array;
  /** Class codes that occurred in the training rows. */
  readonly present: readonly number[];
  readonly iterations: number;
  /** Newton decrement at the end: an upper bound of the coefficients' distance from the optimum. */
  readonly gradientNorm: number;
  readonly converged: boolean;
}

export interface LogisticParts {
  readonly classes: Classes;
  readonly present: readonly number[];
  readonly coefficients: Matrix;
  readonly intercepts: Float64Array;
  readonly iterations: number;
  readonly gradientNorm: number;
  readonly converged: boolean;
  readonly notices: readonly Notice[];
}

export function logisticModel(parts: LogisticParts): LogisticModel {
  const { coefficients, intercepts, present, iterations, gradientNorm, converged } = parts;
  const classes = Object.freeze([...parts.classes]);
  const notices = Object.freeze([...parts.notices]);
  const columns = coefficients.columns;
  const rows = classes.length === 2 ? [0] : present;
  const scores = Object.freeze({
    coefficients: Float64Array.from(
      rows.flatMap((k) => [...coefficients.data.subarray(k * columns, (k + 1) * columns)]),
    ),
    intercepts: Float64Array.from(rows, (k) => intercepts[k]!),
    columns,
    classes: classes.length,
    places: Int32Array.from(classes.length === 2 ? [0, 1] : present),
  });
  return Object.freeze({
    name: LOGISTIC_KIND,
    classes,
    notices,
    coefficients,
    intercepts,
    present: Object.freeze([...present]),
    iterations,
    gradientNorm,
    converged,
    predictProba: async (X: NumericRows, options?: RunOptions) => linearProbabilities(scores, X, options),
    toJSON: () => ({
      kind: LOGISTIC_KIND,
      version: 1,
      classes,
      present: [...present],
      columns,
      coefficients: [...coefficients.data],
      intercepts: [...intercepts],
      iterations,
      gradientNorm,
      converged,
      notices,
    }),
  });
}

/** Reads what `toJSON` wrote. Throws `bad-model` with the field that is wrong. */
export function logisticModelFromJSON(json: ModelJSON): LogisticModel {
  const field = <T>(name: string, valid: (value: unknown) => value is T): T => {
    const value = (json as Record<string, unknown> | null)?.[name];
    if (!valid(value))
      throw new CounterweightError('bad-model', `logistic model: field "${name}" is missing or wrong`, { field: name });
    return value;
  };
  field('kind', (value): value is string => value === LOGISTIC_KIND);
  field('version', (value): value is number => value === 1);
  const classes = field('classes', isClasses);
  const columns = field('columns', isCount);
  const present = field('present', (value): value is number[] => isPresent(value, classes.length));
  const rows = classes.length === 2 ? 1 : classes.length;
  const coefficients = field('coefficients', (value): value is number[] => isNumbers(value, rows * columns));
  const intercepts = field('intercepts', (value): value is number[] => isNumbers(value, rows));
  return logisticModel({
    classes,
    present,
    coefficients: matrix(Float64Array.from(coefficients), rows, columns),
    intercepts: Float64Array.from(intercepts),
    iterations: field('iterations', isCount),
    gradientNorm: field('gradientNorm', (value): value is number => isNumbers([value], 1) && (value as number) >= 0),
    converged: field('converged', (value): value is boolean => typeof value === 'boolean'),
    notices: field('notices', isNotices),
  });
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isNumbers(value: unknown, length: number): value is number[] {
  return Array.isArray(value) && value.length === length && value.every((item) => Number.isFinite(item));
}

function isClasses(value: unknown): value is ClassLabel[] {
  if (!Array.isArray(value) || value.length < 2 || new Set(value).size !== value.length) return false;
  return value.every((item) => typeof item === 'string') || value.every((item) => Number.isFinite(item));
}

function isPresent(value: unknown, classes: number): value is number[] {
  if (!Array.isArray(value) || value.length < 2) return false;
  return value.every((code, i) => isCount(code) && code < classes && (i === 0 || code > value[i - 1]));
}

function isNotices(value: unknown): value is Notice[] {
  if (!Array.isArray(value)) return false;
  return value.every((notice) => {
    const { code, severity, message } = (notice ?? {}) as Record<string, unknown>;
    return typeof code === 'string' && typeof message === 'string' && (severity === 'info' || severity === 'warning');
  });
}
