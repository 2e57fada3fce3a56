import { nearestName } from '../data/nearest-name.ts';
import { quoted } from '../data/quoted.ts';
import { CounterweightError } from '../runtime/errors.ts';
import { bayesianBinningCalibrator, bayesianBinningFromJSON } from './bayesian-binning.ts';
import { betaCalibrator, betaFromJSON } from './beta.ts';
import type { Calibration, Calibrator } from './calibrator.ts';
import { histogramBinningCalibrator, histogramBinningFromJSON } from './histogram-binning.ts';
import { isotonicCalibrator, isotonicFromJSON } from './isotonic.ts';
import {
  dirichletCalibrator,
  linearSoftmaxFromJSON,
  matrixScalingCalibrator,
  vectorScalingCalibrator,
} from './linear-softmax.ts';
import { modelFields } from './model-fields.ts';
import { plattCalibrator, plattFromJSON } from './platt.ts';
import { splineCalibrator, splineFromJSON } from './spline.ts';
import { temperatureCalibrator, temperatureFromJSON } from './temperature.ts';
import { vennAbersCalibrator, vennAbersFromJSON } from './venn-abers.ts';

/** A calibrator as programs find it by name; the common checks run over all of them. */
export interface CalibratorEntry {
  /** Kebab-case name, also the `kind` of the calibration's JSON. */
  readonly name: string;
  /** Whether a higher score of the second of two classes never gets a lower probability. */
  readonly ascending: boolean;
  /** Makes the calibrator with its defaults. */
  create(): Calibrator;
  /** Reads a calibration back. Throws `bad-model`. */
  fromJSON(json: unknown): Calibration;
}

/** All calibrators, by name. */
export const calibrators: readonly CalibratorEntry[] = Object.freeze(
  [
    // Platt follows scores that run the wrong way down; it says so in a notice.
    { name: 'platt', ascending: false, create: () => plattCalibrator(), fromJSON: plattFromJSON },
    { name: 'isotonic', ascending: true, create: () => isotonicCalibrator(), fromJSON: isotonicFromJSON },
    { name: 'beta', ascending: true, create: () => betaCalibrator(), fromJSON: betaFromJSON },
    { name: 'temperature', ascending: true, create: () => temperatureCalibrator(), fromJSON: temperatureFromJSON },
    {
      name: 'vector-scaling',
      ascending: false,
      create: () => vectorScalingCalibrator(),
      fromJSON: linearSoftmaxFromJSON,
    },
    {
      name: 'matrix-scaling',
      ascending: false,
      create: () => matrixScalingCalibrator(),
      fromJSON: linearSoftmaxFromJSON,
    },
    { name: 'dirichlet', ascending: false, create: () => dirichletCalibrator(), fromJSON: linearSoftmaxFromJSON },
    {
      name: 'histogram-binning',
      ascending: false,
      create: () => histogramBinningCalibrator(),
      fromJSON: histogramBinningFromJSON,
    },
    {
      name: 'bayesian-binning',
      ascending: false,
      create: () => bayesianBinningCalibrator(),
      fromJSON: bayesianBinningFromJSON,
    },
    { name: 'spline', ascending: false, create: () => splineCalibrator(), fromJSON: splineFromJSON },
    { name: 'venn-abers', ascending: true, create: () => vennAbersCalibrator(), fromJSON: vennAbersFromJSON },
  ].map((entry) => Object.freeze(entry)),
);

/** The calibrator of that name. Throws `unknown-calibrator`, with the nearest name. */
export function calibratorByName(name: string): CalibratorEntry {
  const found = calibrators.find((entry) => entry.name === name);
  if (found) return found;
  const names = calibrators.map((entry) => entry.name);
  const near = nearestName(name, names);
  const hint = near === undefined ? `there are ${names.join(', ')}` : `did you mean ${quoted(near)}?`;
  throw new CounterweightError('unknown-calibrator', `there is no calibrator ${quoted(name)}; ${hint}`, { name });
}

/** Reads any calibration back by its `kind`. Throws `bad-model`. */
export function calibrationFromJSON(json: unknown): Calibration {
  const fields = modelFields(json, 'calibration');
  const kind = fields.oneOf('kind', ...calibrators.map((entry) => entry.name));
  return calibratorByName(kind).fromJSON(json);
}
