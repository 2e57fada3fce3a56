import { checkOptionNames } from '../data/check-option-names.ts';
import { nearestName } from '../data/nearest-name.ts';
import { quoted } from '../data/quoted.ts';
import { CounterweightError } from '../runtime/errors.ts';
import { bayesianBinningCalibrator, bayesianBinningFromJSON } from './bayesian-binning.ts';
import { betaCalibrator, betaFromJSON } from './beta.ts';
import type { Calibration, Calibrator, ScoreInput } from './calibrator.ts';
import { requireInput } from './check-input.ts';
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
import { priorCalibrationFromJSON } from './prior-calibrator.ts';
import { shiftedFromJSON } from './shifted-calibration.ts';
import { splineCalibrator, splineFromJSON } from './spline.ts';
import { temperatureCalibrator, temperatureFromJSON } from './temperature.ts';
import { vennAbersCalibrator, vennAbersFromJSON } from './venn-abers.ts';

/** A calibrator as programs find it by name; the common checks run over all of them. */
export interface CalibratorEntry {
  /** Kebab-case name, also the `kind` of the calibration's JSON. */
  readonly name: string;
  /** Whether a higher score of the second of two classes never gets a lower probability. */
  readonly ascending: boolean;
  /** Whether it can be fitted to any scores, such as decision values; if not, they must be probabilities. */
  readonly takesScores: boolean;
  /**
   * Rows of the rarest class below which its result hangs on few of them: ten to twenty a parameter for curves (Peduzzi et al.,
   * 1996), for steps as many as leave some rows to each. 0 for Venn-Abers, whose intervals say so themselves.
   */
  readonly rareRows: number;
  /** Makes the calibrator with its defaults; `input` is `probabilities` unless told. Throws `bad-option` for `scores` that it cannot take. */
  create(options?: { readonly input?: ScoreInput | undefined }): Calibrator;
  /** Reads a calibration back. Throws `bad-model`. */
  fromJSON(json: unknown): Calibration;
}

type Maker = (options: { readonly input: ScoreInput }) => Calibrator;

/** All calibrators, by name. */
export const calibrators: readonly CalibratorEntry[] = Object.freeze([
  // Platt follows scores that run the wrong way down; it says so in a notice.
  entry('platt', { ascending: false, takesScores: true, rareRows: 20 }, plattCalibrator, plattFromJSON),
  entry('isotonic', { ascending: true, takesScores: true, rareRows: 100 }, isotonicCalibrator, isotonicFromJSON),
  entry('beta', { ascending: true, takesScores: false, rareRows: 30 }, () => betaCalibrator(), betaFromJSON),
  entry(
    'temperature',
    { ascending: true, takesScores: true, rareRows: 10 },
    temperatureCalibrator,
    temperatureFromJSON,
  ),
  entry(
    'vector-scaling',
    { ascending: false, takesScores: true, rareRows: 30 },
    vectorScalingCalibrator,
    linearSoftmaxFromJSON,
  ),
  entry(
    'matrix-scaling',
    { ascending: false, takesScores: true, rareRows: 50 },
    matrixScalingCalibrator,
    linearSoftmaxFromJSON,
  ),
  entry(
    'dirichlet',
    { ascending: false, takesScores: false, rareRows: 30 },
    () => dirichletCalibrator(),
    linearSoftmaxFromJSON,
  ),
  entry(
    'histogram-binning',
    { ascending: false, takesScores: false, rareRows: 100 },
    () => histogramBinningCalibrator(),
    histogramBinningFromJSON,
  ),
  entry(
    'bayesian-binning',
    { ascending: false, takesScores: false, rareRows: 100 },
    () => bayesianBinningCalibrator(),
    bayesianBinningFromJSON,
  ),
  entry('spline', { ascending: false, takesScores: false, rareRows: 50 }, () => splineCalibrator(), splineFromJSON),
  entry('venn-abers', { ascending: true, takesScores: true, rareRows: 0 }, vennAbersOfInput, vennAbersFromJSON),
]);

/** Decision values have no pairwise shares, so any number of classes is put one against the rest. */
function vennAbersOfInput({ input }: { readonly input: ScoreInput }): Calibrator {
  return vennAbersCalibrator(input === 'scores' ? { input, multiClass: 'one-vs-rest' } : { input });
}

function entry(
  name: string,
  facts: Pick<CalibratorEntry, 'ascending' | 'takesScores' | 'rareRows'>,
  make: Maker,
  fromJSON: (json: unknown) => Calibration,
): CalibratorEntry {
  return Object.freeze({
    name,
    ...facts,
    create: (options: { readonly input?: ScoreInput | undefined } = {}) => {
      checkOptionNames(`the calibrator ${name}`, options, ['input']);
      const { input = 'probabilities' } = options;
      requireInput(input);
      if (input !== 'probabilities' && !facts.takesScores) {
        throw new CounterweightError(
          'bad-option',
          `${name} needs probabilities, so its input cannot be ${quoted(input)}`,
        );
      }
      return make({ input });
    },
    fromJSON,
  });
}

/** The calibrator of that name. Throws `unknown-calibrator`, with the nearest name. */
export function calibratorByName(name: string): CalibratorEntry {
  const found = calibrators.find((entry) => entry.name === name);
  if (found) return found;
  const names = calibrators.map((entry) => entry.name);
  const near = nearestName(name, names);
  const hint = near === undefined ? `there are ${names.join(', ')}` : `did you mean ${quoted(near)}?`;
  throw new CounterweightError('unknown-calibrator', `there is no calibrator ${quoted(name)}; ${hint}`, { name });
}

/** Reads any calibration back by its `kind`, that of `priorCalibrator` and `shiftedCalibration` too. Throws `bad-model`. */
export function calibrationFromJSON(json: unknown): Calibration {
  const fields = modelFields(json, 'calibration');
  const kind = fields.oneOf('kind', 'prior', 'shifted', ...calibrators.map((entry) => entry.name));
  if (kind === 'prior') return priorCalibrationFromJSON(json);
  if (kind === 'shifted') return shiftedFromJSON(json, calibrationFromJSON);
  return calibratorByName(kind).fromJSON(json);
}
