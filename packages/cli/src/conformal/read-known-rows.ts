import {
  type Classes,
  type Column,
  CounterweightError,
  columnByName,
  type Matrix,
  matrix,
  type Notice,
  type Table,
} from '@counterweight/core';
import { readTable } from '../input/read-table.ts';
import { type CategoryColumn, categoryCodes, categoryText } from './categories.ts';
import { type ConformalRows, requireProbability, type ScoreColumns } from './read-rows.ts';

/** Columns, classes and categories of a model that was fitted before. */
export interface KnownColumns {
  readonly columns: ScoreColumns;
  readonly categories: CategoryColumn | null;
}

/**
 * Reads rows with their truth for a model that there is. Unlike calibration rows they may be of one class only.
 * Throws `unknown-class`, `missing-column`, `bad-score`, `bad-probability`, `no-rows`, and what `readTable` throws.
 */
export async function readKnownRows(
  request: { readonly data: string; readonly target: string; readonly signal?: AbortSignal | undefined },
  known: KnownColumns,
): Promise<ConformalRows> {
  const { data, target, signal } = request;
  const { columns, categories } = known;
  const wanted = [...new Set([target, ...columns.names, ...(categories ? [categories.name] : [])])];
  const { table, source, notices } = await readTable(data, { columns: wanted, target, signal });
  const codes = knownCodes(columnByName(table, target), columns, source);
  const scores = columns.names.map((name) => scoreColumn(columnByName(table, name)));
  const unlabelled = codes.reduce((sum, code) => sum + (code < 0 ? 1 : 0), 0);
  const rows = Int32Array.from(codes.keys()).filter(
    (row) => codes[row]! >= 0 && !scores.some((values) => Number.isNaN(values[row]!)),
  );
  if (rows.length === 0) {
    throw new CounterweightError('no-rows', `no row of ${source} has both a value of "${target}" and every score`);
  }
  return Object.freeze({
    source,
    rows,
    labels: { codes: Int32Array.from(rows, (row) => codes[row]!), classes: columns.classes },
    probabilities: classProbabilities(columns, scores, rows),
    columns,
    categories,
    categoryCodes: categories && categoryCodes(categories, columnByName(table, categories.name), rows),
    notices: [...notices, ...leftOut(unlabelled, table, rows.length, source)],
  });
}

/** Code of each row's class among those of the model, -1 without a target. Throws `unknown-class`. */
function knownCodes(column: Column, { classes, positive }: ScoreColumns, source: string): Int32Array {
  const places = new Map(classes.map((label, code) => [String(label), code]));
  // One class against the rest: every other label is the rest.
  const rest = restClass(classes, positive);
  return Int32Array.from({ length: lengthOf(column) }, (_, row) => {
    const text = categoryText(column, row);
    if (text === null) return -1;
    const code = places.get(text) ?? rest;
    if (code !== null) return code;
    throw new CounterweightError(
      'unknown-class',
      `column "${column.name}", data row ${row + 1} of ${source}: the model knows no class ${JSON.stringify(text.slice(0, 60))}`,
      { column: column.name, row },
    );
  });
}

function restClass(classes: Classes, positive: number | null): number | null {
  if (positive === null) return null;
  return classes[1 - positive] === `not ${classes[positive]}` ? 1 - positive : null;
}

const lengthOf = (column: Column): number => (column.kind === 'categorical' ? column.codes : column.values).length;

/** Numbers of a score column, NaN where missing. Throws `bad-score`. */
export function scoreColumn(column: Column): Float64Array {
  if (column.kind === 'numeric') return column.values;
  if (column.kind === 'boolean') return Float64Array.from(column.values, (v) => (v < 0 ? Number.NaN : v));
  throw new CounterweightError(
    'bad-score',
    `column "${column.name}" holds ${column.kind === 'date-time' ? 'dates' : 'text'}; scores must be numbers`,
    { column: column.name },
  );
}

/** Probabilities of every class for the given rows; all scores of these rows are present. Throws `bad-probability`. */
export function classProbabilities(
  { names, classes, positive }: ScoreColumns,
  scores: readonly Float64Array[],
  rows: ArrayLike<number>,
  firstRow = 0,
): Matrix {
  const width = classes.length;
  const data = new Float64Array(rows.length * width);
  scores.forEach((values, column) => {
    const code = positive ?? column;
    for (let i = 0; i < rows.length; i++) {
      const p = values[rows[i]!]!;
      requireProbability(names[column]!, p, firstRow + rows[i]!);
      data[i * width + code] = p;
      if (positive !== null) data[i * width + 1 - code] = 1 - p;
    }
  });
  return matrix(data, rows.length, width);
}

function leftOut(unlabelled: number, table: Table, kept: number, source: string): Notice[] {
  const unscored = table.rows - unlabelled - kept;
  const notices: Notice[] = [];
  if (unlabelled > 0) {
    const message = `${unlabelled} of the rows of ${source} have no truth and are left out`;
    notices.push({ code: 'missing-target', severity: 'warning', message, numbers: { rows: unlabelled } });
  }
  if (unscored > 0) {
    const message = `${unscored} of the rows of ${source} lack a score and are left out`;
    notices.push({ code: 'missing-score', severity: 'warning', message, numbers: { rows: unscored } });
  }
  return notices;
}
