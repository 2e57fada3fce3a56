import {
  type Classes,
  CounterweightError,
  columnByName,
  type Labels,
  type Matrix,
  matrix,
  type Notice,
} from '@counterweight/core';
import { type BinaryScores, readBinaryScores, readClassScores, type ScoresRequest } from '../input/read-scores.ts';
import { readTable } from '../input/read-table.ts';
import { type CategoryColumn, categoriesOf } from './categories.ts';

/** Which columns hold the scores: one a class, in the order of the classes, or one of the positive class alone. */
export interface ScoreColumns {
  readonly names: readonly string[];
  readonly classes: Classes;
  /** Code of the class that the one column speaks of; null where there is a column a class. */
  readonly positive: number | null;
}

/** Rows with their truth, made ready for a conformal predictor. */
export interface ConformalRows {
  readonly source: string;
  /** 0-based rows of the input. */
  readonly rows: Int32Array;
  readonly labels: Labels;
  readonly probabilities: Matrix;
  readonly columns: ScoreColumns;
  readonly categories: CategoryColumn | null;
  /** Of each row; null without categories. */
  readonly categoryCodes: Int32Array | null;
  readonly notices: readonly Notice[];
}

export interface ConformalRowsRequest extends ScoresRequest {
  /** One of the two. */
  readonly score?: string | undefined;
  readonly scores?: readonly string[] | undefined;
  readonly by?: string | undefined;
}

/**
 * Reads truth, scores and categories of calibration rows. Throws `bad-probability` and what `readClassScores` and
 * `readBinaryScores` throw.
 */
export async function readConformalRows(request: ConformalRowsRequest): Promise<ConformalRows> {
  const found = await readScored(request);
  const { by, data, signal } = request;
  if (by === undefined) return Object.freeze({ ...found, categories: null, categoryCodes: null });
  const { table } = await readTable(data, { columns: [by], signal });
  const { categories, codes } = categoriesOf(columnByName(table, by), found.rows);
  return Object.freeze({ ...found, categories, categoryCodes: codes });
}

type Scored = Omit<ConformalRows, 'categories' | 'categoryCodes'>;

async function readScored(request: ConformalRowsRequest): Promise<Scored> {
  if (request.score !== undefined) return twoColumns(await readBinaryScores(request, [request.score]), request.score);
  const found = await readClassScores(request, request.scores ?? []);
  return { ...found, columns: { names: found.columns, classes: found.labels.classes, positive: null } };
}

/** p of the positive class and 1 - p of the other. */
function twoColumns(found: BinaryScores, name: string): Scored {
  const { values } = found.scores[0]!;
  const { positive, labels } = found;
  const data = new Float64Array(2 * values.length);
  values.forEach((p, row) => {
    requireProbability(name, p, found.rows[row]!);
    data[2 * row + positive] = p;
    data[2 * row + 1 - positive] = 1 - p;
  });
  return {
    source: found.source,
    rows: found.rows,
    labels,
    probabilities: matrix(data, values.length, 2),
    columns: { names: [name], classes: labels.classes, positive },
    notices: found.notices,
  };
}

/** Throws `bad-probability`, naming column and row. */
export function requireProbability(column: string, p: number, row: number): void {
  if (p >= 0 && p <= 1) return;
  throw new CounterweightError(
    'bad-probability',
    `column "${column}", data row ${row + 1}: ${p} is no probability; it must lie between 0 and 1`,
    { column, row },
  );
}
