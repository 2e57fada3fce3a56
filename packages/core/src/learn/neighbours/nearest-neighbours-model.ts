import { checkColumnCount } from '../../data/check-dataset.ts';
import type { NumericRows } from '../../data/dataset.ts';
import type { Classes } from '../../data/labels.ts';
import { type Matrix, matrix } from '../../data/matrix.ts';
import type { ModelFields } from '../../data/model-fields.ts';
import { selectNumericRows } from '../../data/select-numeric-rows.ts';
import { type NumericNeighbourIndex, neighbourIndex } from '../../neighbors/neighbour-index.ts';
import type { Notice } from '../../runtime/notices.ts';
import { type RunOptions, throwIfAborted } from '../../runtime/run-options.ts';
import type { Model, ModelJSON } from '../learner.ts';
import { learnerFields } from '../learner-fields.ts';
import { countVotes, type VoteRules } from './count-votes.ts';
import type { Voters } from './voters.ts';

/** Name of the learner and `kind` of its model's JSON. */
export const NEIGHBOURS_KIND = 'k-nearest-neighbours';

export const neighbourMetrics = ['euclidean', 'manhattan', 'chebyshev', 'minkowski'] as const;
export type NeighbourMetric = (typeof neighbourMetrics)[number];

/** The training rows, ready to vote. */
export interface NearestNeighboursModel extends Model {
  readonly name: 'k-nearest-neighbours';
  /** Class codes that occurred in the training rows. */
  readonly present: readonly number[];
  /** Distinct training rows. */
  readonly points: Matrix;
  /** Copies of rows that vote. */
  readonly k: number;
  /** Factor on the votes of each class of `present`. */
  readonly factors: Float64Array;
}

export interface NearestNeighboursParts {
  readonly classes: Classes;
  readonly present: readonly number[];
  readonly voters: Voters;
  readonly rules: VoteRules;
  readonly metric: NeighbourMetric;
  readonly p: number;
  readonly notices: readonly Notice[];
}

export function nearestNeighboursModel(parts: NearestNeighboursParts): NearestNeighboursModel {
  const { voters, rules, metric, p } = parts;
  const classes = Object.freeze([...parts.classes]);
  const present = Object.freeze([...parts.present]);
  const notices = Object.freeze([...parts.notices]);
  return Object.freeze({
    name: NEIGHBOURS_KIND,
    classes,
    notices,
    present,
    points: voters.points,
    k: rules.k,
    factors: rules.factors,
    predictProba: (X: NumericRows, run?: RunOptions) => voteProbabilities({ ...parts, classes, present }, X, run),
    toJSON: () => ({
      kind: NEIGHBOURS_KIND,
      version: 1,
      classes,
      present,
      columns: voters.points.columns,
      k: rules.k,
      weights: rules.byDistance ? 'distance' : 'uniform',
      factors: [...rules.factors],
      metric,
      p,
      points: [...voters.points.data],
      offsets: [...voters.offsets],
      labels: [...voters.labels],
      pointWeights: [...voters.weights],
      notices,
    }),
  });
}

/** Neighbours found at once; they take 12 bytes each. */
const BATCH_NEIGHBOURS = 1 << 20;

async function voteProbabilities(parts: NearestNeighboursParts, X: NumericRows, run: RunOptions = {}) {
  const { classes, voters, metric, p } = parts;
  throwIfAborted(run.signal);
  checkColumnCount(X, voters.points.columns);
  const result = new Float64Array(X.rows * classes.length);
  if (X.rows === 0) return matrix(result, 0, classes.length);
  const { runtime, signal } = run;
  const index = await neighbourIndex({ rows: voters.points, metric, p }, { runtime, signal });
  try {
    const first = Math.min(voters.points.rows, Math.ceil(parts.rules.k) + 1);
    const batch = Math.max(1, Math.floor(BATCH_NEIGHBOURS / first));
    for (let row = 0; row < X.rows; row += batch) {
      run.onProgress?.({ task: NEIGHBOURS_KIND, done: row, total: X.rows });
      const rows = Int32Array.from({ length: Math.min(batch, X.rows - row) }, (_, i) => row + i);
      await voteAll(parts, index, X, rows, first, result, { runtime, signal });
    }
    return matrix(result, X.rows, classes.length);
  } finally {
    index.dispose();
  }
}

/** Asks for more and more points until the votes of each row are complete; ties and light rows need more than k. */
async function voteAll(
  { classes, present, voters, rules }: NearestNeighboursParts,
  index: NumericNeighbourIndex,
  X: NumericRows,
  rows: Int32Array,
  first: number,
  result: Float64Array,
  run: RunOptions,
): Promise<void> {
  const votes = new Float64Array(present.length);
  let pending = rows;
  for (let m = first; pending.length > 0; m = Math.min(index.rows, 4 * m)) {
    const unsettled: number[] = [];
    const batch = Math.max(1, Math.floor(BATCH_NEIGHBOURS / m));
    for (let from = 0; from < pending.length; from += batch) {
      const asked = pending.subarray(from, from + batch);
      const queries = asked.length === X.rows ? X : selectNumericRows(X, asked);
      const { indices, distances } = await index.nearest({ queries, k: m }, run);
      for (let q = 0; q < asked.length; q++) {
        const near = { indices, distances, begin: q * m, end: (q + 1) * m };
        if (countVotes(voters, rules, near, m === index.rows, votes)) {
          writeShares(votes, present, result, asked[q]! * classes.length);
        } else unsettled.push(asked[q]!);
      }
    }
    pending = Int32Array.from(unsettled);
  }
}

function writeShares(votes: Float64Array, present: readonly number[], result: Float64Array, start: number): void {
  let total = 0;
  for (let k = 0; k < votes.length; k++) total += votes[k]!;
  for (let k = 0; k < votes.length; k++) result[start + present[k]!] = votes[k]! / total;
}

/** Reads what `toJSON` wrote. Throws `bad-model` with the field that is wrong. */
export function kNearestNeighboursFromJSON(json: ModelJSON): NearestNeighboursModel {
  const { fields, classes, present, columns, notices } = learnerFields(json, NEIGHBOURS_KIND);
  const k = fields.number('k');
  fields.require('k', k > 0);
  const p = fields.number('p');
  fields.require('p', p >= 1);
  const factors = fields.numbers('factors', present.length);
  fields.require(
    'factors',
    factors.every((factor) => factor > 0),
  );
  const voters = readVoters(fields, columns, present.length);
  fields.require('factors', votesAreNumbers(factors, voters.weights));
  return nearestNeighboursModel({
    classes,
    present,
    voters,
    rules: { k, byDistance: fields.oneOf('weights', 'uniform', 'distance') === 'distance', factors },
    metric: fields.oneOf('metric', ...neighbourMetrics),
    p,
    notices,
  });
}

/** Whether sums of weights times factors neither overflow nor vanish. */
function votesAreNumbers(factors: Float64Array, weights: Float64Array): boolean {
  const most = factors.reduce((a, b) => Math.max(a, b)) * weights.reduce((a, b) => a + b, 0);
  const least = factors.reduce((a, b) => Math.min(a, b)) * weights.reduce((a, b) => Math.min(a, b));
  return most < Number.POSITIVE_INFINITY && least > 0;
}

function readVoters(fields: ModelFields, columns: number, classes: number): Voters {
  const offsets = Int32Array.from(fields.numbers('offsets'));
  const points = offsets.length - 1;
  const end = offsets[points] ?? -1;
  const ascending = offsets.every((offset, i) => (i === 0 ? offset === 0 : offset > offsets[i - 1]!));
  fields.require('offsets', points > 0 && ascending);
  const labels = fields.numbers('labels', end);
  fields.require(
    'labels',
    labels.every((label) => Number.isInteger(label) && label >= 0 && label < classes),
  );
  const weights = fields.numbers('pointWeights', end);
  fields.require(
    'pointWeights',
    weights.every((weight) => weight > 0),
  );
  return {
    points: matrix(fields.numbers('points', points * columns), points, columns),
    offsets,
    labels: Int32Array.from(labels),
    weights,
  };
}
