import type { Labels } from '../data/labels.ts';
import { type Matrix, matrix } from '../data/matrix.ts';
import { requireLength } from '../metrics/checks.ts';
import { CounterweightError } from '../runtime/errors.ts';
import {
  type CalibrationScores,
  calibrationScores,
  randomnessFor,
  requireClassProbabilities,
  visitScores,
} from './calibration-scores.ts';
import { calibrationFromJSON, calibrationToJSON, fieldReader } from './conformal-json.ts';
import { tooFewNotice } from './group-bounds.ts';
import { refuseExact, tieBreakers } from './grouped-model.ts';
import { predictionSets } from './prediction-sets.ts';
import type {
  ConformalFitOptions,
  ConformalModel,
  ConformalPredictor,
  ConformalPValueOptions,
  ConformalSetOptions,
} from './predictor.ts';
import { conformalRank, firstAbove, firstAtLeast, requireAlpha, rowsNeeded } from './rank-rule.ts';
import { lac } from './scores/least-ambiguous.ts';
import { type SortedGroups, sortedGroups } from './sorted-groups.ts';
import type { ConformalOptions } from './split.ts';

export const CROSS_KIND = 'cross-conformal';
export const CV_PLUS_KIND = 'cv-plus';
type CrossKind = typeof CROSS_KIND | typeof CV_PLUS_KIND;

/** More folds than this are a mistake, or row numbers given as folds. */
const MOST_FOLDS = 10_000;

export interface CrossConformalOptions extends ConformalOptions {
  /** `all` unless told; `class` compares with held-out rows of the label's class only. */
  readonly by?: 'all' | 'class' | undefined;
}

/**
 * Cross-conformal prediction (Vovk 2015): every training row is held out once, so none is lost to calibration. `fit` takes
 * the out-of-fold probabilities with the rows' folds; the model takes, for new rows, one matrix of each fold's model in
 * the order of the fold codes. p = (Σ over folds #{s_i >= s_fold} + 1) / (n + 1).
 *
 * Proved coverage is 1 - 2 alpha less a term that vanishes with the rows; in practice it is near 1 - alpha.
 */
export function crossConformal(options: CrossConformalOptions = {}): ConformalPredictor {
  return crossPredictor(CROSS_KIND, options);
}

/**
 * CV+ for classification (Romano, Sesia, Candès 2020): the label is in the set if fewer than (1 - alpha)(n + 1) held-out
 * rows have a smaller score than it has under their own fold's model. These are the sets of `crossConformal`, by another
 * road; CV+ gives no p-values.
 */
export function cvPlus(options: CrossConformalOptions = {}): ConformalPredictor {
  return crossPredictor(CV_PLUS_KIND, options);
}

/** Reads what `toJSON` wrote. Throws `bad-model`. */
export function crossConformalFromJSON(json: unknown): ConformalModel {
  return crossFromJSON(CROSS_KIND, json);
}

/** Reads what `toJSON` wrote. Throws `bad-model`. */
export function cvPlusFromJSON(json: unknown): ConformalModel {
  return crossFromJSON(CV_PLUS_KIND, json);
}

function crossPredictor(kind: CrossKind, options: CrossConformalOptions): ConformalPredictor {
  const { score = lac(), seed = 0, by = 'all' } = options;
  const fit = (probabilities: Matrix, labels: Labels, fitOptions: ConformalFitOptions = {}) => {
    const folds = requireFolds(fitOptions.folds, labels.codes.length);
    const calibration = calibrationScores(probabilities, labels, { score, seed, u: fitOptions.u });
    return crossModel(kind, calibration, folds.slice(), by);
  };
  return Object.freeze({ name: kind, fit });
}

function crossFromJSON(kind: CrossKind, json: unknown): ConformalModel {
  const read = fieldReader(json, kind);
  const calibration = calibrationFromJSON(read);
  const folds = read.codes('folds', calibration.codes.length, MOST_FOLDS);
  return crossModel(kind, calibration, folds, read.oneOf('by', ['all', 'class'] as const));
}

function requireFolds(folds: Int32Array | undefined, rows: number): Int32Array {
  if (!folds) throw new CounterweightError('bad-option', 'this conformal predictor needs the folds of the rows');
  requireLength('folds', folds.length, rows);
  const bad = folds.findIndex((code) => code < 0 || code >= MOST_FOLDS);
  if (bad >= 0) {
    throw new CounterweightError('bad-option', `folds must be codes from 0, got ${folds[bad]} in row ${bad}`, {
      row: bad,
    });
  }
  return folds;
}

interface CrossContext {
  readonly calibration: CalibrationScores;
  readonly folds: number;
  /** Scores by fold, and by class within a fold where asked. */
  readonly groups: SortedGroups;
  readonly groupsPerFold: number;
  /** Held-out rows that each class is compared with. */
  readonly compared: Int32Array;
}

function crossModel(
  kind: CrossKind,
  calibration: CalibrationScores,
  foldOf: Int32Array,
  by: 'all' | 'class',
): ConformalModel {
  const { classes, codes, scores } = calibration;
  const folds = foldOf.reduce((most, code) => Math.max(most, code + 1), 0);
  const groupsPerFold = by === 'class' ? classes.length : 1;
  const groupOf = codes.map((code, row) => foldOf[row]! * groupsPerFold + (by === 'class' ? code : 0));
  const compared = new Int32Array(classes.length);
  if (by === 'class') for (const code of codes) compared[code]!++;
  else compared.fill(codes.length);
  const groups = sortedGroups(scores, groupOf, folds * groupsPerFold);
  const context: CrossContext = { calibration, folds, groups, groupsPerFold, compared };
  const pValues = (given: Matrix | readonly Matrix[], options: ConformalPValueOptions = {}) =>
    crossPValues(context, given, options);
  return Object.freeze({
    name: kind,
    classes,
    notices: Object.freeze([]),
    sets: (given: Matrix | readonly Matrix[], options: ConformalSetOptions) => crossSets(context, given, options),
    ...(kind === CROSS_KIND && { pValues }),
    toJSON: () => ({ ...calibrationToJSON(kind, calibration), folds: [...foldOf], by }),
  });
}

function foldMatrices({ calibration, folds }: CrossContext, given: Matrix | readonly Matrix[]): readonly Matrix[] {
  const matrices = 'kind' in given ? [given] : given;
  if (matrices.length !== folds || matrices.some(({ rows }) => rows !== matrices[0]!.rows)) {
    throw new CounterweightError(
      'shape-mismatch',
      `this conformal model takes ${folds} matrices of probabilities over the same rows, one a fold`,
    );
  }
  for (const one of matrices) requireClassProbabilities(one, calibration.classes);
  return matrices;
}

/** Of each label, how many held-out rows score at least as high, and (where `above` is given) strictly higher. */
function countHeldOut(
  context: CrossContext,
  given: Matrix | readonly Matrix[],
  u: Float64Array | undefined,
  withAbove: boolean,
): { atLeast: Float64Array; above: Float64Array; rows: number } {
  const { calibration, groups, groupsPerFold } = context;
  const matrices = foldMatrices(context, given);
  const rows = matrices[0]?.rows ?? 0;
  const columns = calibration.classes.length;
  const atLeast = new Float64Array(rows * columns);
  const above = new Float64Array(withAbove ? rows * columns : 0);
  matrices.forEach((probabilities, fold) => {
    const numbers = randomnessFor(calibration.score, probabilities, calibration.seed, u);
    visitScores(calibration.score, probabilities, numbers, (scores, begin, end) => {
      for (let from = 0, to = begin * columns; to < end * columns; from++, to++) {
        const group = fold * groupsPerFold + (groupsPerFold === 1 ? 0 : to % columns);
        const stop = groups.offsets[group + 1]!;
        const first = firstAtLeast(groups.sorted, scores[from]!, groups.offsets[group]!, stop);
        atLeast[to]! += stop - first;
        if (withAbove) above[to]! += stop - firstAbove(groups.sorted, scores[from]!, first, stop);
      }
    });
  });
  return { atLeast, above, rows };
}

function crossSets(context: CrossContext, given: Matrix | readonly Matrix[], options: ConformalSetOptions) {
  const { alpha } = options;
  requireAlpha(alpha);
  refuseExact(CROSS_KIND, options);
  const { classes } = context.calibration;
  const { atLeast } = countHeldOut(context, given, options.u, false);
  // #{s_i < s} < (1 - alpha)(n + 1) as whole numbers: n - #{s_i >= s} <= k - 1.
  const most = Int32Array.from(context.compared, (rows) => conformalRank(rows, alpha) - 1);
  const columns = classes.length;
  const members = Uint8Array.from(atLeast, (count, at) => {
    const label = at % columns;
    return context.compared[label]! - count <= most[label]! ? 1 : 0;
  });
  const short = classes.filter((_label, code) => context.compared[code]! < rowsNeeded(alpha));
  return predictionSets(members, classes, alpha, tooFewNotice(short, columns, alpha, 'full'));
}

function crossPValues(
  context: CrossContext,
  given: Matrix | readonly Matrix[],
  options: ConformalPValueOptions,
): Matrix {
  const { calibration, compared } = context;
  const { atLeast, above, rows } = countHeldOut(context, given, options.u, options.smoothed ?? false);
  const ties = tieBreakers(rows, calibration.seed, options);
  const columns = calibration.classes.length;
  const out = atLeast.map((count, at) => {
    const scale = compared[at % columns]! + 1;
    if (!ties) return (count + 1) / scale;
    return (above[at]! + ties[Math.floor(at / columns)]! * (count - above[at]! + 1)) / scale;
  });
  return matrix(out, rows, columns);
}
