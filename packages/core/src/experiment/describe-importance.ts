import { type NumericRows, subsetLabels } from '../data/index.ts';
import { matrix } from '../data/matrix.ts';
import { sparseMatrix } from '../data/sparse.ts';
import { rowsByClass } from '../data/split.ts';
import { randomStream } from '../runtime/random.ts';
import { type RunOptions, throwIfAborted } from '../runtime/run-options.ts';
import { codesOf } from './cross-validate.ts';
import { evaluateDecisions } from './evaluate-decisions.ts';
import type { FinalFit } from './fit-final.ts';
import type { PreparedData } from './prepare-data.ts';
import type { ColumnImportance, Importance } from './result.ts';
import type { Task } from './settle-task.ts';

/** Rows that are scored again for every column and repeat: enough for a stable order of the columns. */
const MOST_ROWS = 5000;
const REPEATS = 5;
/** Columns from which on one repeat must do. */
const MANY_COLUMNS = 100;
const MOST_SHOWN = 60;

/**
 * How much worse the metric of the comparison gets when the cells of a column are shuffled among held-out rows (Breiman
 * 2001): what the chosen model leans on, whatever its kind. All features that the encoder makes of a column move together.
 * Null where the metric is undefined on these rows.
 */
export async function describeImportance(
  { pipeline: { encoder, model, recalibration }, decisions }: FinalFit,
  data: PreparedData,
  task: Task,
  seed: number,
  run: RunOptions,
): Promise<Importance | null> {
  const stream = randomStream(seed, 'importance');
  const rows = sampleOf(data, stream.uint32());
  const truth = codesOf(data.labels, rows);
  const X = encoder.transform(data.table, rows);
  const { name, greaterIsBetter } = task.metric;
  const metricOf = async (cells: NumericRows) => {
    const raw = await model.predictProba(cells, run);
    const probabilities = recalibration.apply(raw);
    return evaluateDecisions({ probabilities, raw }, truth, decisions.slice(-1), task).all[name]!;
  };
  const value = await metricOf(X);
  if (!Number.isFinite(value)) return null;
  const groups = columnGroups(encoder.features);
  const repeats = groups.length > MANY_COLUMNS ? 1 : REPEATS;
  const columns: ColumnImportance[] = [];
  for (const [c, { column, from, to }] of groups.entries()) {
    const falls: number[] = [];
    for (let repeat = 0; repeat < repeats; repeat++) {
      throwIfAborted(run.signal);
      const order = stream.child('column', c, repeat).permutation(rows.length);
      const fall = value - (await metricOf(shuffled(X, from, to, order)));
      falls.push(greaterIsBetter ? fall : -fall);
    }
    const mean = falls.reduce((sum, fall) => sum + fall, 0) / repeats;
    if (!Number.isFinite(mean)) continue;
    const squares = falls.reduce((sum, fall) => sum + (fall - mean) ** 2, 0);
    columns.push({ column, fall: mean, deviation: repeats > 1 ? Math.sqrt(squares / (repeats - 1)) : null });
  }
  // Equal falls stay in the order of the table.
  columns.sort((a, b) => b.fall - a.fall);
  return { rows: rows.length, repeats, value, columns: columns.slice(0, MOST_SHOWN), of: columns.length };
}

/** Held-out rows, at most so many: of each class its share, and one row at least. */
function sampleOf({ labels, split: { test } }: PreparedData, seed: number): Int32Array {
  if (test.length <= MOST_ROWS) return test;
  const kept = rowsByClass(subsetLabels(labels, test)).flatMap((own, code) => {
    const size = Math.min(own.length, Math.max(1, Math.round((own.length * MOST_ROWS) / test.length)));
    const order = randomStream(seed, 'class', code).permutation(own.length).subarray(0, size);
    return Array.from(order, (place) => test[own[place]!]!);
  });
  return Int32Array.from(kept).sort();
}

/** Features of one column stand together; `to` is behind the last. */
function columnGroups(features: readonly { readonly column: string }[]) {
  const groups: { column: string; from: number; to: number }[] = [];
  for (const [at, { column }] of features.entries()) {
    const last = groups.at(-1);
    if (last?.column === column) last.to = at + 1;
    else groups.push({ column, from: at, to: at + 1 });
  }
  return groups;
}

/** Rows whose columns `from` to `to` (exclusive) are those of other rows: row i has those of row `order[i]`. */
export function shuffled(X: NumericRows, from: number, to: number, order: Int32Array): NumericRows {
  if (X.kind === 'dense') {
    const data = X.data.slice();
    for (let i = 0; i < X.rows; i++) {
      const at = order[i]! * X.columns;
      for (let j = from; j < to; j++) data[i * X.columns + j] = X.data[at + j]!;
    }
    return matrix(data, X.rows, X.columns);
  }
  const offsets = new Int32Array(X.rows + 1);
  const indices = new Int32Array(X.indices.length);
  const values = new Float64Array(X.indices.length);
  let end = 0;
  const copy = (row: number, low: number, high: number) => {
    for (let at = X.offsets[row]!; at < X.offsets[row + 1]!; at++) {
      const j = X.indices[at]!;
      if (j < low || j >= high) continue;
      indices[end] = j;
      values[end++] = X.values[at]!;
    }
  };
  for (let i = 0; i < X.rows; i++) {
    copy(i, 0, from);
    copy(order[i]!, from, to);
    copy(i, to, X.columns);
    offsets[i + 1] = end;
  }
  return sparseMatrix(offsets, indices, values, X.columns);
}
