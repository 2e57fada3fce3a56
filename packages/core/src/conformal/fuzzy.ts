import { classCounts } from '../data/label-views.ts';
import type { Labels } from '../data/labels.ts';
import { type Matrix, matrix } from '../data/matrix.ts';
import { CounterweightError } from '../runtime/errors.ts';
import { randomStream } from '../runtime/random.ts';
import { type CalibrationScores, calibrationScores } from './calibration-scores.ts';
import { calibrationFromJSON, calibrationToJSON, fieldReader } from './conformal-json.ts';
import { refuseExact, singleMatrix, tieBreakers } from './grouped-model.ts';
import { setsFromPValues } from './prediction-sets.ts';
import type {
  ConformalFitOptions,
  ConformalModel,
  ConformalPredictor,
  ConformalPValueOptions,
  ConformalSetOptions,
} from './predictor.ts';
import { firstAbove, firstAtLeast, requireAlpha } from './rank-rule.ts';
import { lac } from './scores/least-ambiguous.ts';
import { sortedScores } from './sorted-groups.ts';
import type { ConformalOptions } from './split.ts';
import {
  allScores,
  type RankedCalibration,
  rankedCalibration,
  weightedPValue,
  weightFrom,
} from './weighted-p-values.ts';

export const FUZZY_KIND = 'fuzzy';

export interface FuzzyOptions extends ConformalOptions {
  /** Width σ of the kernel over prevalence; small: nearly class-wise, large: nearly one bound. 1e-4 unless told. */
  readonly bandwidth?: number | undefined;
  /** Rows of each class in training, which place the classes by prevalence; those of calibration unless told. */
  readonly trainingCounts?: ArrayLike<number> | undefined;
  /**
   * Classes are moved along the prevalence axis by up to this, at random; 0 unless told. The authors' program uses 0.01:
   * with a narrow kernel the neighbours of a rare class are then drawn by lot, a long tail lying nearer together than that.
   */
  readonly jitter?: number | undefined;
  /** Share of the rows held back to restore the marginal guarantee; 0.2 unless told, 0 for "raw" without a guarantee. */
  readonly heldOutShare?: number | undefined;
}

/**
 * Fuzzy conformal prediction: a label of class y is compared with all calibration rows, those of classes about as
 * frequent as y weighing most: w_y(c) is the density at m_c of a normal around m_y with variance σ / (n_y + 1), m = training
 * count of a class over the largest, n_y = calibration rows of y. Rows held back turn the weighted p-values into valid
 * ones. Ding, Fermanian, Salmon (2026).
 *
 * Differs from the authors' program in that classes are not jittered along the prevalence axis unless told (equally
 * frequent classes are neighbours) and in that held-out rows rank the weighted p-value itself. Throws `bad-option`.
 */
export function fuzzyConformal(options: FuzzyOptions = {}): ConformalPredictor {
  const { score = lac(), seed = 0, bandwidth = 1e-4, heldOutShare = 0.2, jitter = 0, trainingCounts } = options;
  if (!(bandwidth > 0 && Number.isFinite(bandwidth))) {
    throw new CounterweightError('bad-option', `bandwidth must be above 0 and finite, got ${bandwidth}`);
  }
  if (!(heldOutShare >= 0 && heldOutShare < 1)) {
    throw new CounterweightError('bad-option', `heldOutShare must lie in 0 to 1, below 1, got ${heldOutShare}`);
  }
  if (!(jitter >= 0 && Number.isFinite(jitter))) {
    throw new CounterweightError('bad-option', `jitter must be at least 0 and finite, got ${jitter}`);
  }
  const fit = (probabilities: Matrix, labels: Labels, fitOptions: ConformalFitOptions = {}) => {
    const calibration = calibrationScores(probabilities, labels, { score, seed, u: fitOptions.u });
    const counts = requireCounts(trainingCounts ?? classCounts(labels), labels.classes.length);
    const stream = randomStream(seed, 'conformal', 'fuzzy');
    const heldOut = Uint8Array.from(labels.codes, () => (stream.uniform() < heldOutShare ? 1 : 0));
    return fuzzyModel(startModel(calibration, { counts, bandwidth, jitter, heldOut }));
  };
  return Object.freeze({ name: FUZZY_KIND, fit });
}

/** Reads what `toJSON` wrote. Throws `bad-model`. */
export function fuzzyConformalFromJSON(json: unknown): ConformalModel {
  const read = fieldReader(json, FUZZY_KIND);
  const calibration = calibrationFromJSON(read);
  const counts = read.numbers('trainingCounts', calibration.classes.length);
  if (!counts.every((count) => count >= 0)) throw read.fail('trainingCounts');
  const bandwidth = read.number('bandwidth', (value) => value > 0);
  const jitter = read.number('jitter', (value) => value >= 0);
  const heldOut = Uint8Array.from(read.codes('heldOut', calibration.codes.length, 2));
  return fuzzyModel(startModel(calibration, { counts, bandwidth, jitter, heldOut }));
}

function requireCounts(counts: ArrayLike<number>, classes: number): Float64Array {
  const found = Float64Array.from(counts);
  if (found.length !== classes || !found.every((count) => count >= 0 && Number.isFinite(count))) {
    throw new CounterweightError(
      'bad-option',
      `trainingCounts must have one finite count of at least 0 for each of ${classes} classes`,
    );
  }
  return found;
}

interface FuzzySettings {
  readonly counts: Float64Array;
  readonly bandwidth: number;
  readonly jitter: number;
  readonly heldOut: Uint8Array;
}

interface FuzzyParts extends FuzzySettings {
  readonly calibration: CalibrationScores;
  /** Where each class lies on the prevalence axis. */
  readonly places: Float64Array;
  /** Rows of each class that weighted p-values are taken from. */
  readonly rankedCounts: Int32Array;
  /** The rows that weighted p-values are taken from. */
  readonly ranked: RankedCalibration;
}

function startModel(calibration: CalibrationScores, settings: FuzzySettings): FuzzyParts {
  const { scores, codes, classes, seed } = calibration;
  const { counts, jitter, heldOut } = settings;
  const kept = (_value: number, row: number) => heldOut[row] === 0;
  const rankedCodes = codes.filter(kept);
  const most = counts.reduce((largest, count) => Math.max(largest, count), 1);
  const stream = randomStream(seed, 'conformal', 'fuzzy', 'jitter');
  return {
    ...settings,
    calibration,
    places: counts.map((count) => count / most + jitter * (2 * stream.uniform() - 1)),
    rankedCounts: classCounts({ codes: rankedCodes, classes }),
    ranked: rankedCalibration(scores.filter(kept), rankedCodes),
  };
}

/** The weight of each class when a label of class `label` is judged; its own is 1. */
function kernel({ places, rankedCounts, bandwidth }: FuzzyParts, label: number): Float64Array {
  const variance = bandwidth / (rankedCounts[label]! + 1);
  return places.map((place) => Math.exp(-((place - places[label]!) ** 2) / (2 * variance)));
}

/** Turns scores, `rows × classes`, into weighted p-values, a class at a time. */
function rawPValues(parts: FuzzyParts, scores: Matrix, ties: Float64Array | undefined): Matrix {
  const { sorted } = parts.ranked;
  const { rows, columns } = scores;
  const out = new Float64Array(scores.data.length);
  for (let label = 0; label < columns; label++) {
    const from = weightFrom(parts.ranked, kernel(parts, label));
    for (let row = 0, at = label; row < rows; row++, at += columns) {
      out[at] = weightedPValue(sorted, from, scores.data[at]!, 1, ties ? ties[row]! : -1);
    }
  }
  return matrix(out, rows, columns);
}

/** Weighted p-values of the true labels of the held-out rows, ascending. */
function heldOutPValues(parts: FuzzyParts): Float64Array {
  const { calibration, heldOut, ranked } = parts;
  const { classes, codes, scores } = calibration;
  const found: number[] = [];
  classes.forEach((_label, code) => {
    let from: Float64Array | undefined;
    for (let row = 0; row < codes.length; row++) {
      if (heldOut[row] === 0 || codes[row] !== code) continue;
      from ??= weightFrom(ranked, kernel(parts, code));
      found.push(weightedPValue(ranked.sorted, from, scores[row]!, 1, -1));
    }
  });
  return sortedScores(Float64Array.from(found));
}

function fuzzyModel(parts: FuzzyParts): ConformalModel {
  const { calibration, heldOut, counts, bandwidth, jitter } = parts;
  const { classes, seed } = calibration;
  const judges = heldOut.includes(1) ? heldOutPValues(parts) : undefined;
  const pValues = (given: Matrix | readonly Matrix[], options: ConformalPValueOptions = {}) => {
    const scores = allScores(calibration, singleMatrix(given), options.u);
    const ties = tieBreakers(scores.rows, seed, options);
    if (!judges) return rawPValues(parts, scores, ties);
    const raw = rawPValues(parts, scores, undefined);
    const out = raw.data.map((p, at) => rankAmong(judges, p, ties ? ties[Math.floor(at / classes.length)]! : -1));
    return matrix(out, raw.rows, raw.columns);
  };
  return Object.freeze({
    name: FUZZY_KIND,
    classes,
    notices: Object.freeze([]),
    pValues,
    sets: (given: Matrix | readonly Matrix[], options: ConformalSetOptions) => {
      requireAlpha(options.alpha);
      refuseExact(FUZZY_KIND, options);
      return setsFromPValues(pValues(given, { u: options.u }), classes, options.alpha);
    },
    toJSON: () => ({
      ...calibrationToJSON(FUZZY_KIND, calibration),
      trainingCounts: [...counts],
      bandwidth,
      jitter,
      heldOut: [...heldOut],
    }),
  });
}

/** The p-value of a weighted p-value among those of held-out rows: small ones are strange. */
function rankAmong(judges: Float64Array, p: number, v: number): number {
  const scale = judges.length + 1;
  const upTo = firstAbove(judges, p, 0, judges.length);
  if (v < 0) return (upTo + 1) / scale;
  const below = firstAtLeast(judges, p, 0, upTo);
  return (below + v * (upTo - below + 1)) / scale;
}
