import { requireCodes, requireFinite, requireLength, requireWeights } from '../metrics/checks.ts';
import { mergedProbability, requireMerge, type VennAbersMerge } from './merge-venn-abers.ts';
import { modelFields } from './model-fields.ts';
import { groupScores } from './score-groups.ts';
import { isotonicValues, type ScoreGroups } from './venn-abers-geometry.ts';

/** The pair of Venn-Abers probabilities of label 1, one entry a row. One of the two is calibrated, whatever the data. */
export interface VennAbersPairs {
  /** If the row's label were 0. */
  readonly p0: Float64Array;
  /** If the row's label were 1; above `p0`. The width p1 - p0 states how little the calibration rows say about the row. */
  readonly p1: Float64Array;
}

/** Inductive Venn-Abers of a binary task. */
export interface InductiveVennAbers {
  /** Scores at which a value changes, ascending. */
  readonly scores: Float64Array;
  /** One entry more than `scores`: p0 of a row is `f0[number of scores <= its own]`. */
  readonly f0: Float64Array;
  /** p1 of a row is `f1[number of scores < its own]`. */
  readonly f1: Float64Array;
  /** Both probabilities of each score. Throws `bad-scores` unless they are finite. */
  pairs(scores: Float64Array): VennAbersPairs;
  /** One probability a score, strictly inside 0 .. 1 but for rounding; `merge` is `log` unless told. */
  probabilities(scores: Float64Array, merge?: VennAbersMerge): Float64Array;
  toJSON(): InductiveVennAbersJSON;
}

export interface InductiveVennAbersJSON {
  readonly kind: 'inductive-venn-abers';
  readonly version: 1;
  readonly scores: readonly number[];
  readonly f0: readonly number[];
  readonly f1: readonly number[];
}

export interface VennAbersRows {
  /** Any finite numbers that grow with the chance of label 1. */
  readonly scores: Float64Array;
  /** 0 or 1 a row. */
  readonly labels: Int32Array;
  /** A whole-number weight equals that many copies of the row; the row to be predicted weighs 1. */
  readonly weights?: Float64Array | undefined;
}

/**
 * Fits inductive Venn-Abers on calibration rows that the scoring model has not seen (Vovk, Petej and Fedorova, 2015).
 *
 * p0 and p1 of a score t are the isotonic fits of the calibration rows with (t, 0) or (t, 1) added, at t. All are found in
 * one sort and O(k) steps, exactly, for k distinct scores. No calibration rows give p0 = 0 and p1 = 1; one label alone
 * is no special case. Throws `bad-scores`, `bad-labels`, `bad-weights`, `shape-mismatch`.
 */
export function inductiveVennAbers(rows: VennAbersRows): InductiveVennAbers {
  requireVennAbersRows(rows);
  return vennAbersOfGroups(groupScores(rows.scores, rows.labels, rows.weights));
}

/** Throws as `inductiveVennAbers`. */
export function requireVennAbersRows({ scores, labels, weights }: VennAbersRows): void {
  requireFinite('scores', scores);
  requireLength('labels', labels.length, scores.length);
  requireCodes('labels', labels, 2);
  requireWeights(weights, scores.length);
}

export function vennAbersOfGroups(groups: ScoreGroups): InductiveVennAbers {
  const { f0, f1 } = isotonicValues(groups);
  return predictor(withoutRepeats(groups.scores, f0, f1));
}

/** Reads what `toJSON` wrote. Throws `bad-model`. */
export function inductiveVennAbersFromJSON(json: unknown): InductiveVennAbers {
  const fields = modelFields(json, 'Venn-Abers');
  fields.oneOf('kind', 'inductive-venn-abers');
  fields.oneOf('version', 1);
  const scores = fields.numbers('scores');
  const f0 = fields.numbers('f0', scores.length + 1);
  const f1 = fields.numbers('f1', scores.length + 1);
  fields.require(
    'scores',
    scores.every((score, i) => i === 0 || score > scores[i - 1]!),
  );
  fields.require('f0', ascends(f0) && f0[0] === 0 && f0.at(-1)! < 1);
  fields.require('f1', ascends(f1) && f1[0]! > 0 && f1.at(-1) === 1 && f1.every((p1, i) => p1 >= f0[i]!));
  return predictor({ scores, f0, f1 });
}

function ascends(values: Float64Array): boolean {
  return values.every((value, i) => i === 0 || value >= values[i - 1]!);
}

interface Steps {
  readonly scores: Float64Array;
  readonly f0: Float64Array;
  readonly f1: Float64Array;
}

/** Leaves out the scores at which neither value changes: no look-up can tell, and only few are left of a large set. */
function withoutRepeats(scores: Float64Array, f0: Float64Array, f1: Float64Array): Steps {
  const kept: number[] = [];
  for (let i = 0; i < scores.length; i++) {
    if (f0[i] !== f0[i + 1] || f1[i] !== f1[i + 1]) kept.push(i);
  }
  const after = [0, ...kept.map((i) => i + 1)];
  return {
    scores: Float64Array.from(kept, (i) => scores[i]!),
    f0: Float64Array.from(after, (i) => f0[i]!),
    f1: Float64Array.from(after, (i) => f1[i]!),
  };
}

function predictor({ scores, f0, f1 }: Steps): InductiveVennAbers {
  let grid: StepGrid | null = null;
  const pairs = (asked: Float64Array): VennAbersPairs => {
    requireFinite('scores', asked);
    if (asked.length >= FEWEST_GRIDDED) {
      grid ??= stepGrid(scores);
      return gridPairs(asked, { scores, f0, f1 }, grid);
    }
    const p0 = new Float64Array(asked.length);
    const p1 = new Float64Array(asked.length);
    for (let row = 0; row < asked.length; row++) {
      const score = asked[row]!;
      const below = countBelow(scores, score);
      p1[row] = f1[below]!;
      p0[row] = f0[below < scores.length && scores[below] === score ? below + 1 : below]!;
    }
    return { p0, p1 };
  };
  return Object.freeze({
    scores,
    f0,
    f1,
    pairs,
    probabilities: (asked: Float64Array, merge: VennAbersMerge = 'log') => {
      requireMerge(merge);
      const { p0, p1 } = pairs(asked);
      return p1.map((upper, row) => mergedProbability(p0[row]!, upper, merge));
    },
    toJSON: (): InductiveVennAbersJSON => ({
      kind: 'inductive-venn-abers',
      version: 1,
      scores: [...scores],
      f0: [...f0],
      f1: [...f1],
    }),
  });
}

/** For fewer look-ups a search among all steps is soon enough done. */
const FEWEST_GRIDDED = 1024;
/** Cells a step: nearly all then hold none, and their rows need no search. */
const CELLS_PER_STEP = 32;
const MOST_CELLS = 262_144;

/** Even cells over the range of the steps; a cell's number never falls as the score grows, however it is rounded. */
interface StepGrid {
  readonly lowest: number;
  readonly perUnit: number;
  /** Number of steps in the cells before each, and last that of all steps. */
  readonly starts: Int32Array;
}

function stepGrid(steps: Float64Array): StepGrid {
  const cells = Math.min(MOST_CELLS, Math.max(1, CELLS_PER_STEP * steps.length));
  const lowest = steps[0] ?? 0;
  const perUnit = cells / (steps[steps.length - 1]! - lowest);
  // One step, or a range beyond the largest number: a single cell in use.
  const grid = { lowest, perUnit: perUnit < Number.POSITIVE_INFINITY ? perUnit : 0, starts: new Int32Array(cells + 1) };
  for (let i = 0; i < steps.length; i++) grid.starts[cellOf(steps[i]!, lowest, grid.perUnit, cells) + 1]!++;
  for (let cell = 0; cell < cells; cell++) grid.starts[cell + 1]! += grid.starts[cell]!;
  return grid;
}

function cellOf(score: number, lowest: number, perUnit: number, cells: number): number {
  const place = (score - lowest) * perUnit;
  return place > 0 ? (place < cells ? place | 0 : cells - 1) : 0;
}

/** A step in an earlier cell is smaller, one in a later cell is larger; so the search is within the cell of the score. */
function gridPairs(asked: Float64Array, { scores, f0, f1 }: Steps, grid: StepGrid): VennAbersPairs {
  const { lowest, perUnit, starts } = grid;
  const cells = starts.length - 1;
  const count = scores.length;
  const p0 = new Float64Array(asked.length);
  const p1 = new Float64Array(asked.length);
  for (let row = 0; row < asked.length; row++) {
    const score = asked[row]!;
    const cell = cellOf(score, lowest, perUnit, cells);
    let low = starts[cell]!;
    let high = starts[cell + 1]!;
    if (low === high) {
      p0[row] = f0[low]!;
      p1[row] = f1[low]!;
      continue;
    }
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (scores[middle]! < score) low = middle + 1;
      else high = middle;
    }
    p1[row] = f1[low]!;
    p0[row] = f0[low < count && scores[low] === score ? low + 1 : low]!;
  }
  return { p0, p1 };
}

/** Number of entries of an ascending array below `value`. */
function countBelow(ascending: Float64Array, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
