import { shownClass } from '../data/folds.ts';
import type { Labels } from '../data/labels.ts';
import type { Matrix } from '../data/matrix.ts';
import {
  type CalibrationScores,
  calibrationScores,
  randomnessFor,
  requireClassProbabilities,
  visitScores,
} from './calibration-scores.ts';
import { classOrder } from './class-ranks.ts';
import { calibrationFromJSON, calibrationToJSON, fieldReader, tooFewPolicies } from './conformal-json.ts';
import { type GroupTable, groupTable, judgedGroup, tooFewNotice } from './group-bounds.ts';
import { refuseExact, singleMatrix } from './grouped-model.ts';
import { predictionSets } from './prediction-sets.ts';
import type {
  ConformalFitOptions,
  ConformalModel,
  ConformalPredictor,
  ConformalSetOptions,
  TooFewPolicy,
} from './predictor.ts';
import { conformalQuantile, requireAlpha, rowsNeeded } from './rank-rule.ts';
import { lac } from './scores/least-ambiguous.ts';
import { sortedGroups } from './sorted-groups.ts';
import type { ConformalOptions } from './split.ts';

export const RC3P_KIND = 'rc3p';

export interface Rc3pOptions extends ConformalOptions {
  /** `full` unless told. */
  readonly tooFew?: TooFewPolicy | undefined;
}

/**
 * RC3P: class-conditional sets that also leave out labels of too low a rank. Of class y, k̂ is the smallest rank such that
 * fewer than alpha of its calibration rows rank it lower; the share ε that do is spent, and the scores are bounded at the
 * level alpha - ε: a label is in the set if its score is at most that bound and its rank at most k̂. Shi, Ghosh,
 * Belkhouja, Doppa, Yan (2024), with ties ranked by class code.
 *
 * Where a class has too few rows, its label is in every set, also beyond k̂ (the paper would let k̂ of a handful of rows
 * cut it off).
 */
export function rc3p(options: Rc3pOptions = {}): ConformalPredictor {
  const { score = lac(), seed = 0, tooFew = 'full' } = options;
  const fit = (probabilities: Matrix, labels: Labels, fitOptions: ConformalFitOptions = {}) => {
    const calibration = calibrationScores(probabilities, labels, { score, seed, u: fitOptions.u });
    return rc3pModel(calibration, trueRanks(probabilities, labels), tooFew);
  };
  return Object.freeze({ name: RC3P_KIND, fit });
}

/** Reads what `toJSON` wrote. Throws `bad-model`. */
export function rc3pFromJSON(json: unknown): ConformalModel {
  const read = fieldReader(json, RC3P_KIND);
  const calibration = calibrationFromJSON(read);
  const ranks = read.codes('ranks', calibration.codes.length, calibration.classes.length + 1, 1);
  return rc3pModel(calibration, ranks, read.oneOf('tooFew', tooFewPolicies));
}

/** Rank of the true class of each row, from 1. */
function trueRanks({ data, rows, columns }: Matrix, labels: Labels): Int32Array {
  const order = classOrder(columns);
  return Int32Array.from({ length: rows }, (_, row) => order.of(data, row * columns).indexOf(labels.codes[row]!) + 1);
}

interface Limits {
  readonly score: Float64Array;
  readonly rank: Int32Array;
}

function rc3pModel(calibration: CalibrationScores, ranks: Int32Array, tooFew: TooFewPolicy): ConformalModel {
  const { classes, codes } = calibration;
  const groupOfClass = Int32Array.from(classes, (_label, code) => code);
  const table = groupTable(calibration, { groupOfClass, groups: classes.length }, tooFew);
  const byClass = sortedGroups(Float64Array.from(ranks), codes, classes.length);
  const rankTable = Array.from(classes, (_label, code) =>
    byClass.sorted.subarray(byClass.offsets[code]!, byClass.offsets[code + 1]!),
  );
  const limits = (alpha: number) => classLimits(calibration, table, rankTable, alpha, tooFew);
  return Object.freeze({
    name: RC3P_KIND,
    classes,
    notices: Object.freeze([]),
    thresholds: (alpha: number) => limits(alpha).score,
    sets: (probabilities: Matrix | readonly Matrix[], options: ConformalSetOptions) => {
      refuseExact(RC3P_KIND, options);
      const needed = rowsNeeded(options.alpha);
      const short = classes.filter((_label, code) => table.sizeOf(code) < needed);
      const notices = tooFewNotice(short, classes.length, options.alpha, tooFew);
      const members = membersWithin(calibration, limits(options.alpha), singleMatrix(probabilities), options);
      return predictionSets(members, classes, options.alpha, notices);
    },
    toJSON: () => ({ ...calibrationToJSON(RC3P_KIND, calibration), ranks: [...ranks], tooFew }),
  });
}

function classLimits(
  { classes }: CalibrationScores,
  table: GroupTable,
  rankTable: readonly Float64Array[],
  alpha: number,
  tooFew: TooFewPolicy,
): Limits {
  requireAlpha(alpha);
  const needed = rowsNeeded(alpha);
  const score = new Float64Array(classes.length);
  const rank = new Int32Array(classes.length).fill(classes.length);
  classes.forEach((label, code) => {
    const own = table.sizeOf(code);
    const group = judgedGroup(table, code, needed, tooFew, () => ({
      message: `class ${shownClass(label)} has ${own} of the ${needed} calibration rows it needs`,
      class: label,
    }));
    let level = alpha;
    if (group === code && own >= needed) {
      const cut = rankCut(rankTable[code]!, alpha);
      rank[code] = cut.rank;
      level = alpha - cut.beyond;
    }
    score[code] = conformalQuantile(table.sorted, level, table.offsets[group]!, table.offsets[group + 1]!);
  });
  return { score, rank };
}

/** The smallest rank that fewer than alpha of the ascending ranks exceed, and the share that do. */
function rankCut(ranks: Float64Array, alpha: number): { rank: number; beyond: number } {
  const rows = ranks.length;
  // The most rows that may lie beyond: the largest whole number strictly below alpha rows.
  const spare = Math.ceil(alpha * rows - 1e-9) - 1;
  const rank = ranks[rows - 1 - spare]!;
  let beyond = 0;
  while (beyond < rows && ranks[rows - 1 - beyond]! > rank) beyond++;
  return { rank, beyond: beyond / rows };
}

function membersWithin(
  calibration: CalibrationScores,
  limits: Limits,
  probabilities: Matrix,
  options: ConformalSetOptions,
): Uint8Array {
  const { classes, score, seed } = calibration;
  requireClassProbabilities(probabilities, classes);
  const u = randomnessFor(score, probabilities, seed, options.u);
  const columns = classes.length;
  const order = classOrder(columns);
  const members = new Uint8Array(probabilities.rows * columns);
  visitScores(score, probabilities, u, (scores, begin, end) => {
    for (let row = begin; row < end; row++) {
      const ranked = order.of(probabilities.data, row * columns);
      for (let rank = 1; rank <= columns; rank++) {
        const label = ranked[rank - 1]!;
        if (rank > limits.rank[label]!) continue;
        if (scores[(row - begin) * columns + label]! <= limits.score[label]!) members[row * columns + label] = 1;
      }
    }
  });
  return members;
}
