import {
  type Calibration,
  type CalibrationJSON,
  type Classes,
  type ClassLabel,
  CounterweightError,
  calibrationFromJSON,
  type ScoreInput,
} from '@counterweight/core';
import { readModelJson } from '../input/read-model-json.ts';
import { writeFileAtomically } from '../output/index.ts';

/** A fitted calibration with what is needed to apply it to a file. */
export interface SavedCalibrator {
  readonly method: string;
  readonly target: string;
  readonly classes: Classes;
  /** Of two classes the one that `p` speaks of, which is the second where there is a single score column; null with more classes. */
  readonly positive: ClassLabel | null;
  /** Score columns, one or one a class. */
  readonly columns: readonly string[];
  readonly input: ScoreInput;
  readonly calibration: Calibration;
}

interface SavedCalibratorJSON extends Omit<SavedCalibrator, 'calibration'> {
  readonly format: 'counterweight-calibrator';
  readonly formatVersion: 1;
  readonly calibration: CalibrationJSON;
}

export async function writeCalibrator(path: string, saved: SavedCalibrator): Promise<void> {
  const { method, target, classes, positive, columns, input, calibration } = saved;
  const json: SavedCalibratorJSON = {
    format: 'counterweight-calibrator',
    formatVersion: 1,
    method,
    target,
    classes,
    positive,
    columns,
    input,
    calibration: calibration.toJSON(),
  };
  await writeFileAtomically(path, `${JSON.stringify(json)}\n`);
}

/** Reads a file that `writeCalibrator` wrote. Throws `no-such-file`, and `bad-model` for anything else: models are data, never trusted. */
export async function readCalibrator(path: string): Promise<SavedCalibrator> {
  return calibratorOf(path, await readModelJson(path, 'calibrator', badModel));
}

function calibratorOf(path: string, json: unknown): SavedCalibrator {
  if (typeof json !== 'object' || json === null) throw badModel(path, 'it is not an object');
  const { format, formatVersion, method, target, positive, columns, input, ...rest } = json as Record<string, unknown>;
  if (format === 'counterweight-model') throw badModel(path, 'it is the model of a run; apply that with "predict"');
  if (format === 'counterweight-calibration') {
    throw badModel(path, 'it is the report of a calibration; the calibrator is written by --save');
  }
  if (format !== 'counterweight-calibrator') throw badModel(path, 'its format is not "counterweight-calibrator"');
  if (formatVersion !== 1) throw badModel(path, `its format version is ${String(formatVersion)}, and only 1 is known`);
  if (typeof method !== 'string' || typeof target !== 'string')
    throw badModel(path, 'method or target is not a string');
  if (input !== 'probabilities' && input !== 'scores') throw badModel(path, 'it does not say what its scores are');
  if (
    !Array.isArray(columns) ||
    columns.length === 0 ||
    !columns.every((name) => typeof name === 'string' && name !== '')
  ) {
    throw badModel(path, 'its score columns are not a list of names');
  }
  if (new Set(columns).size < columns.length) throw badModel(path, 'it names a score column twice');
  const calibration = readCalibration(path, rest['calibration']);
  const { classes } = calibration;
  if (JSON.stringify(rest['classes']) !== JSON.stringify(classes))
    throw badModel(path, 'its calibration speaks of other classes');
  const binary = columns.length === 1;
  if (binary ? classes.length !== 2 : columns.length !== classes.length) {
    throw badModel(path, `${columns.length} score columns do not fit ${classes.length} classes`);
  }
  // Files from before two columns had a positive class hold null there.
  const positives = binary ? [classes[1]!] : classes.length === 2 ? [...classes, null] : [null];
  const own = positives.find((label) => label === positive);
  if (own === undefined) throw badModel(path, 'its positive class does not fit its columns');
  return { method, target, classes, positive: own, columns, input, calibration };
}

function readCalibration(path: string, json: unknown): Calibration {
  try {
    return calibrationFromJSON(json);
  } catch (error) {
    if (!(error instanceof CounterweightError)) throw error;
    throw badModel(path, error.message);
  }
}

function badModel(path: string, why: string): CounterweightError {
  return new CounterweightError('bad-model', `${path} is no usable calibrator: ${why}`);
}
