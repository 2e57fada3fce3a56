import {
  type InductiveVennAbers,
  requireVennAbersRows,
  type VennAbersRows,
  vennAbersOfGroups,
} from './inductive-venn-abers.ts';
import { modelFields } from './model-fields.ts';
import { groupScores, mergeGroups } from './score-groups.ts';
import type { ScoreGroups } from './venn-abers-geometry.ts';

/** Inductive Venn-Abers that takes more calibration rows as their labels become known. */
export interface OnlineVennAbers {
  /** Calibration rows so far, or their weight. */
  readonly weight: number;
  /** Fitted to all rows so far. */
  readonly predictor: InductiveVennAbers;
  /** A new one that knows these rows too: O(k + m log m) for m rows and k distinct scores. Throws as `inductiveVennAbers`. */
  withRows(rows: VennAbersRows): OnlineVennAbers;
  toJSON(): OnlineVennAbersJSON;
}

/** The rows by distinct score, so that more can be added. */
export interface OnlineVennAbersJSON {
  readonly kind: 'online-venn-abers';
  readonly version: 1;
  readonly scores: readonly number[];
  readonly weights: readonly number[];
  readonly positives: readonly number[];
}

/**
 * Starts with these rows, or with none. However the rows are split up and ordered, the predictor is that of one batch, to
 * the bit where weights are whole numbers. Throws as `inductiveVennAbers`.
 */
export function onlineVennAbers(rows?: VennAbersRows): OnlineVennAbers {
  const { scores, labels, weights } = rows ?? { scores: new Float64Array(0), labels: new Int32Array(0) };
  requireVennAbersRows({ scores, labels, weights });
  return ofGroups(groupScores(scores, labels, weights));
}

/** Reads what `toJSON` wrote. Throws `bad-model`. */
export function onlineVennAbersFromJSON(json: unknown): OnlineVennAbers {
  const fields = modelFields(json, 'online Venn-Abers');
  fields.oneOf('kind', 'online-venn-abers');
  fields.oneOf('version', 1);
  const scores = fields.numbers('scores');
  const weights = fields.numbers('weights', scores.length);
  const positives = fields.numbers('positives', scores.length);
  fields.require(
    'scores',
    scores.every((score, i) => i === 0 || score > scores[i - 1]!),
  );
  fields.require(
    'weights',
    weights.every((weight) => weight > 0),
  );
  fields.require(
    'positives',
    positives.every((positive, i) => positive >= 0 && positive <= weights[i]!),
  );
  return ofGroups({ scores, weights, positives });
}

function ofGroups(groups: ScoreGroups): OnlineVennAbers {
  return Object.freeze({
    weight: groups.weights.reduce((sum, weight) => sum + weight, 0),
    predictor: vennAbersOfGroups(groups),
    withRows: (rows: VennAbersRows) => {
      requireVennAbersRows(rows);
      return ofGroups(mergeGroups(groups, groupScores(rows.scores, rows.labels, rows.weights)));
    },
    toJSON: (): OnlineVennAbersJSON => ({
      kind: 'online-venn-abers',
      version: 1,
      scores: [...groups.scores],
      weights: [...groups.weights],
      positives: [...groups.positives],
    }),
  });
}
