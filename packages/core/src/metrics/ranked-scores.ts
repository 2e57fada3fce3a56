import { requireFinite, requireLength, requireWeights } from './checks.ts';
import { sortWithPayload } from './float-order.ts';

/** Scores of one class, larger = more likely, and the true class of each row. */
export interface ScoredRows {
  readonly scores: Float64Array;
  readonly truth: Int32Array;
  /** Code of the class that the scores speak of; every other class is negative. Default 1. */
  readonly positive?: number | undefined;
  /** One a row, finite, at least 0; an integer weight equals that many copies of the row. */
  readonly weights?: Float64Array | undefined;
}

/**
 * Rows grouped by score, best first: everything that ranking metrics, curves and threshold searches need.
 *
 * Entry g speaks of the rows whose score is at least `thresholds[g]`. One sort serves all.
 */
export interface RankedScores {
  /** Distinct scores, descending. */
  readonly thresholds: Float64Array;
  /** Cumulative weight of the positive rows. */
  readonly truePositives: Float64Array;
  /** Cumulative weight of the negative rows. */
  readonly falsePositives: Float64Array;
  /** Weight of all positive rows. */
  readonly positives: number;
  /** Weight of all negative rows. */
  readonly negatives: number;
}

/**
 * Sorts once and groups equal scores. Rows of weight 0 are left out, so weights equal repeated rows to the letter.
 *
 * Throws `bad-scores` for NaN and infinities, `bad-weights`, `shape-mismatch`.
 */
export function rankScores(rows: ScoredRows): RankedScores {
  const { scores, truth, weights } = rows;
  requireLength('truth', truth.length, scores.length);
  requireFinite('scores', scores);
  requireWeights(weights, scores.length);
  const positive = rows.positive ?? 1;
  return weights ? rankWeighted(scores, truth, positive, weights) : rankUnweighted(scores, truth, positive);
}

/** The row numbers in order of descending score, ties by row number. Throws `bad-scores`. */
export function descendingOrder(scores: Float64Array): Int32Array {
  requireFinite('scores', scores);
  const keys = new Float64Array(scores.length);
  const order = new Int32Array(scores.length);
  for (let row = 0; row < scores.length; row++) {
    keys[row] = 0 - scores[row]!;
    order[row] = row;
  }
  sortWithPayload(keys, order);
  return order;
}

/** The payload is the truth itself, which spares a random read a row. */
function rankUnweighted(scores: Float64Array, truth: Int32Array, positive: number): RankedScores {
  const n = scores.length;
  const keys = new Float64Array(n);
  const hits = new Int32Array(n);
  for (let row = 0; row < n; row++) {
    keys[row] = 0 - scores[row]!;
    hits[row] = truth[row] === positive ? 1 : 0;
  }
  sortWithPayload(keys, hits);
  const groups = emptyGroups(keys);
  let group = -1;
  let found = 0;
  for (let i = 0; i < n; i++) {
    if (i === 0 || keys[i] !== keys[i - 1]) groups.thresholds[++group] = 0 - keys[i]!;
    found += hits[i]!;
    groups.truePositives[group] = found;
    groups.falsePositives[group] = i + 1 - found;
  }
  return Object.freeze({ ...groups, positives: found, negatives: n - found });
}

function rankWeighted(scores: Float64Array, truth: Int32Array, positive: number, weights: Float64Array): RankedScores {
  const { keys, rows } = weightedKeys(scores, weights);
  sortWithPayload(keys, rows);
  const groups = emptyGroups(keys);
  let group = -1;
  let positives = 0;
  let negatives = 0;
  for (let i = 0; i < keys.length; i++) {
    if (i === 0 || keys[i] !== keys[i - 1]) groups.thresholds[++group] = 0 - keys[i]!;
    const row = rows[i]!;
    if (truth[row] === positive) positives += weights[row]!;
    else negatives += weights[row]!;
    groups.truePositives[group] = positives;
    groups.falsePositives[group] = negatives;
  }
  return Object.freeze({ ...groups, positives, negatives });
}

function weightedKeys(scores: Float64Array, weights: Float64Array): { keys: Float64Array; rows: Int32Array } {
  const keys = new Float64Array(scores.length);
  const rows = new Int32Array(scores.length);
  let kept = 0;
  for (let row = 0; row < scores.length; row++) {
    if (weights[row] === 0) continue;
    keys[kept] = 0 - scores[row]!;
    rows[kept++] = row;
  }
  return { keys: keys.subarray(0, kept), rows: rows.subarray(0, kept) };
}

function emptyGroups(sorted: Float64Array) {
  let distinct = 0;
  for (let i = 0; i < sorted.length; i++) if (i === 0 || sorted[i] !== sorted[i - 1]) distinct++;
  return {
    thresholds: new Float64Array(distinct),
    truePositives: new Float64Array(distinct),
    falsePositives: new Float64Array(distinct),
  };
}
