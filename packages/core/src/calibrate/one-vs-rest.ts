import type { Classes, Labels } from '../data/labels.ts';
import { type Matrix, matrix } from '../data/matrix.ts';
import type { Notice } from '../runtime/notices.ts';
import { throwIfAborted } from '../runtime/run-options.ts';
import type { Calibration, CalibrationJSON, Calibrator, CalibratorOptions, ScoreInput } from './calibrator.ts';
import {
  absentNotices,
  checkedFitRows,
  classScores,
  type FitRows,
  requireInput,
  requireScores,
} from './check-input.ts';
import { type ModelFields, modelFields } from './model-fields.ts';

/** Calibration rows of one class against the rest. */
export interface BinaryRows {
  readonly scores: Float64Array;
  /** 1 for the class, 0 for the rest. */
  readonly labels: Uint8Array;
  /** Positive. */
  readonly weights: Float64Array;
  /** Weight of label 1, and of label 0. */
  readonly positives: number;
  readonly negatives: number;
}

/** A fitted map from scores to the chance of label 1. */
export interface BinaryMap {
  /** One value from 0 to 1 a score. */
  values(scores: Float64Array): Float64Array;
  toJSON(): Readonly<Record<string, unknown>>;
}

/** A binary method of calibration, made one for any number of classes by `oneVersusRestCalibrator`. */
export interface BinaryMethod {
  readonly name: string;
  /** Whether it needs rows of both labels. Without them the class keeps its raw probability. */
  readonly needsBothLabels: boolean;
  fit(rows: BinaryRows): { readonly map: BinaryMap; readonly notices: readonly Notice[] };
}

/** Reads a map back; throws `bad-model`. */
export type BinaryReader = (fields: ModelFields) => BinaryMap;

/**
 * Two classes: one map for the second, the first gets the rest. More: one map a class against all others, rows then
 * divided by their sums; a row of zeros becomes uniform, as in scikit-learn (Zadrozny and Elkan, 2002).
 */
export function oneVersusRestCalibrator(method: BinaryMethod, input: ScoreInput): Calibrator {
  requireInput(input);
  return Object.freeze({
    name: method.name,
    fit: async (scores: Matrix, y: Labels, options?: CalibratorOptions) => {
      throwIfAborted(options?.signal);
      const rows = checkedFitRows(scores, y, options?.weights, input);
      const notices = absentNotices(
        rows,
        method.needsBothLabels ? 'its raw probability is kept' : 'its probability rests on the other classes alone',
      );
      const maps: (BinaryMap | null)[] = [];
      for (const label of fittedClasses(rows.classes)) {
        throwIfAborted(options?.signal);
        const binary = binaryRows(rows, label);
        const fitted =
          method.needsBothLabels && !(binary.positives > 0 && binary.negatives > 0) ? null : method.fit(binary);
        maps.push(fitted?.map ?? null);
        for (const notice of fitted?.notices ?? []) {
          notices.push(rows.classes.length === 2 ? notice : { ...notice, class: rows.classes[label]! });
        }
      }
      return calibrationOf({ name: method.name, classes: rows.classes, input, maps, notices });
    },
  });
}

/** Reads what a one-versus-rest calibration wrote. Throws `bad-model`. */
export function oneVersusRestFromJSON(name: string, json: unknown, read: BinaryReader): Calibration {
  const fields = modelFields(json, `${name} calibration`);
  fields.oneOf('kind', name);
  fields.oneOf('version', 1);
  const classes = fields.classes('classes');
  const input = fields.oneOf('input', 'probabilities', 'scores');
  const maps = fields.list('maps');
  fields.require('maps', maps.length === fittedClasses(classes).length);
  fields.require('maps', input === 'probabilities' || !maps.includes(null));
  return calibrationOf({
    name,
    classes,
    input,
    maps: maps.map((map) => (map === null ? null : read(modelFields(map, `${name} calibration`)))),
    notices: fields.notices('notices'),
  });
}

/** Codes of the classes that have a map of their own. */
function fittedClasses(classes: Classes): readonly number[] {
  return classes.length === 2 ? [1] : classes.map((_, code) => code);
}

/** The rows as one class against the rest. */
export function binaryRows(rows: FitRows, label: number): BinaryRows {
  const labels = Uint8Array.from(rows.codes, (code) => Number(code === label));
  const positives = rows.totals[label]!;
  const negatives = rows.totals.reduce((sum, total, code) => (code === label ? sum : sum + total), 0);
  return { scores: classScores(rows.scores, label), labels, weights: rows.weights, positives, negatives };
}

/** Probabilities from one column of values a fitted class. */
export function joinedProbabilities(columns: readonly Float64Array[], rows: number, classes: number): Matrix {
  const out = new Float64Array(rows * classes);
  if (classes === 2) {
    const values = columns[0]!;
    for (let row = 0; row < rows; row++) {
      out[2 * row] = 1 - values[row]!;
      out[2 * row + 1] = values[row]!;
    }
    return matrix(out, rows, 2);
  }
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (const values of columns) sum += values[row]!;
    for (let label = 0; label < classes; label++) {
      out[row * classes + label] = sum > 0 ? columns[label]![row]! / sum : 1 / classes;
    }
  }
  return matrix(out, rows, classes);
}

interface Parts {
  readonly name: string;
  readonly classes: Classes;
  readonly input: ScoreInput;
  /** Null where the class keeps its raw probability. */
  readonly maps: readonly (BinaryMap | null)[];
  readonly notices: readonly Notice[];
}

function calibrationOf({ name, classes, input, maps, notices }: Parts): Calibration {
  const codes = fittedClasses(classes);
  const stated = Object.freeze([...notices]);
  return Object.freeze({
    name,
    classes,
    notices: stated,
    apply: (scores: Matrix) => {
      requireScores(scores, classes.length, input);
      const columns = codes.map((label, i) => {
        const own = classScores(scores, label);
        return maps[i]?.values(own) ?? own;
      });
      return joinedProbabilities(columns, scores.rows, classes.length);
    },
    toJSON: (): CalibrationJSON => ({
      kind: name,
      version: 1,
      classes,
      input,
      maps: maps.map((map) => map?.toJSON() ?? null),
      notices: stated,
    }),
  });
}
