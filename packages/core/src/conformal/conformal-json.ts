import type { Classes } from '../data/labels.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { Notice } from '../runtime/notices.ts';
import type { CalibrationScores } from './calibration-scores.ts';
import type { TooFewPolicy } from './predictor.ts';
import { conformalScoreFromJSON } from './scores/registry.ts';

/** Reads fields of a model file one by one. Each method throws `bad-model` with the field that is missing or wrong. */
export interface FieldReader {
  number(name: string, valid?: (value: number) => boolean): number;
  numbers(name: string, length?: number): Float64Array;
  /** Whole numbers from `least` to `below - 1`. */
  codes(name: string, length: number, below: number, least?: number): Int32Array;
  oneOf<T extends string>(name: string, choices: readonly T[]): T;
  notices(name: string): readonly Notice[];
  raw(name: string): unknown;
  fail(name: string): CounterweightError;
}

export function fieldReader(json: unknown, kind: string): FieldReader {
  const fields = (json ?? {}) as Record<string, unknown>;
  const fail = (name: string) =>
    new CounterweightError('bad-model', `${kind}: field "${name}" is missing or wrong`, { field: name });
  if (fields['kind'] !== kind) throw fail('kind');
  if (fields['version'] !== 1) throw fail('version');
  const array = (name: string, length?: number) => {
    const value = fields[name];
    if (!Array.isArray(value) || (length !== undefined && value.length !== length)) throw fail(name);
    return value as unknown[];
  };
  return {
    fail,
    raw: (name) => fields[name],
    number: (name, valid = () => true) => {
      const value = fields[name];
      if (typeof value !== 'number' || !Number.isFinite(value) || !valid(value)) throw fail(name);
      return value;
    },
    numbers: (name, length) => {
      const value = array(name, length);
      if (!value.every((item) => typeof item === 'number' && Number.isFinite(item))) throw fail(name);
      return Float64Array.from(value as number[]);
    },
    codes: (name, length, below, least = 0) => {
      const value = array(name, length);
      const valid = (item: unknown) => Number.isInteger(item) && (item as number) >= least && (item as number) < below;
      if (!value.every(valid)) throw fail(name);
      return Int32Array.from(value as number[]);
    },
    oneOf: <T extends string>(name: string, choices: readonly T[]) => {
      const found = choices.find((choice) => choice === fields[name]);
      if (found === undefined) throw fail(name);
      return found;
    },
    notices: (name) => {
      const value = array(name);
      const valid = (item: unknown) => {
        const { code, severity, message } = (item ?? {}) as Record<string, unknown>;
        return (
          typeof code === 'string' && typeof message === 'string' && (severity === 'info' || severity === 'warning')
        );
      };
      if (!value.every(valid)) throw fail(name);
      return value as Notice[];
    },
  };
}

/** The part of a model file that all predictors share. */
export function calibrationToJSON(kind: string, calibration: CalibrationScores) {
  return {
    kind,
    version: 1,
    classes: calibration.classes,
    score: calibration.score.toJSON(),
    seed: calibration.seed,
    scores: [...calibration.scores],
    codes: [...calibration.codes],
  };
}

/** Reads what `calibrationToJSON` wrote. Throws `bad-model`. */
export function calibrationFromJSON(read: FieldReader): CalibrationScores {
  const classes = read.raw('classes');
  if (!isClasses(classes)) throw read.fail('classes');
  const score = conformalScoreFromJSON(read.raw('score'));
  try {
    score.requireClasses(classes.length);
  } catch {
    throw read.fail('score');
  }
  const scores = read.numbers('scores');
  return Object.freeze({
    classes: Object.freeze([...classes]),
    score,
    seed: read.number('seed', (value) => Number.isSafeInteger(value) && value >= 0),
    scores,
    codes: read.codes('codes', scores.length, classes.length),
  });
}

export const tooFewPolicies: readonly TooFewPolicy[] = ['full', 'pooled', 'error'];

function isClasses(value: unknown): value is Classes {
  if (!Array.isArray(value) || value.length < 1 || new Set(value).size !== value.length) return false;
  return value.every((item) => typeof item === 'string') || value.every((item) => Number.isFinite(item));
}
