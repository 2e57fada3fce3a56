import { sortedOrder } from '../data/sorted-order.ts';
import { FOLDS, type JudgedLabels } from './judged-labels.ts';

/** So many rows of the overall class share are added to every level: levels of few rows then say little. */
const SMOOTHING = 5;

/**
 * ROC-AUC of a category for each judged class against the rest. A row's score is the share of the class among rows of the
 * same level in the other four fifths of the rows, smoothed towards the share among all of them; a level of one row each
 * (a name, a number) therefore scores 0.5 instead of 1. At least 0.5.
 *
 * `levels` are codes 0 .. `count - 1`, one a row; missing cells have a level of their own.
 */
export function levelAucs(levels: Int32Array, count: number, labels: JudgedLabels): Float64Array {
  const { foldOf, judged, rowsOf } = labels;
  const cells = new Int32Array(levels.length);
  const rowsIn = new Int32Array(FOLDS * count);
  for (let i = 0; i < levels.length; i++) {
    const cell = foldOf[i]! * count + levels[i]!;
    cells[i] = cell;
    rowsIn[cell]!++;
  }
  const used: number[] = [];
  for (let cell = 0; cell < rowsIn.length; cell++) if (rowsIn[cell]! > 0) used.push(cell);
  return Float64Array.from(judged, (code) => {
    const onesIn = new Int32Array(FOLDS * count);
    for (const row of rowsOf[code]!) onesIn[cells[row]!]!++;
    const scores = outOfFoldShares(used, rowsIn, onesIn, count);
    return Math.max(0.5, weightedAuc(scores, used, rowsIn, onesIn));
  });
}

/** Score of each used cell (fold and level). */
function outOfFoldShares(used: readonly number[], rowsIn: Int32Array, onesIn: Int32Array, count: number): Float64Array {
  const rowsOfLevel = new Int32Array(count);
  const onesOfLevel = new Int32Array(count);
  const rowsOfFold = new Int32Array(FOLDS);
  const onesOfFold = new Int32Array(FOLDS);
  let rows = 0;
  let ones = 0;
  for (const cell of used) {
    const fold = Math.floor(cell / count);
    const level = cell - fold * count;
    rowsOfLevel[level]! += rowsIn[cell]!;
    onesOfLevel[level]! += onesIn[cell]!;
    rowsOfFold[fold]! += rowsIn[cell]!;
    onesOfFold[fold]! += onesIn[cell]!;
    rows += rowsIn[cell]!;
    ones += onesIn[cell]!;
  }
  return Float64Array.from(used, (cell) => {
    const fold = Math.floor(cell / count);
    const level = cell - fold * count;
    const overall = (ones - onesOfFold[fold]!) / Math.max(1, rows - rowsOfFold[fold]!);
    const elsewhere = rowsOfLevel[level]! - rowsIn[cell]!;
    return (onesOfLevel[level]! - onesIn[cell]! + SMOOTHING * overall) / (elsewhere + SMOOTHING);
  });
}

/** Area under the curve of cells that hold several rows each, equal scores counting half. */
function weightedAuc(scores: Float64Array, used: readonly number[], rowsIn: Int32Array, onesIn: Int32Array): number {
  const order = sortedOrder(scores);
  let zerosBelow = 0;
  let ones = 0;
  let won = 0;
  let at = 0;
  while (at < order.length) {
    const score = scores[order[at]!]!;
    let tiedOnes = 0;
    let tiedZeros = 0;
    for (; at < order.length && scores[order[at]!] === score; at++) {
      const cell = used[order[at]!]!;
      tiedOnes += onesIn[cell]!;
      tiedZeros += rowsIn[cell]! - onesIn[cell]!;
    }
    won += tiedOnes * (zerosBelow + tiedZeros / 2);
    zerosBelow += tiedZeros;
    ones += tiedOnes;
  }
  return won / (ones * zerosBelow);
}
