import {
  type Classes,
  type ClassLabel,
  CounterweightError,
  columnByName,
  type Labels,
  labelsFromColumn,
  type Matrix,
  matrix,
  type Notice,
  oneVersusRest,
  positiveClass,
  type Table,
} from '@counterweight/core';
import { withMissingWords } from './missing-classes.ts';
import { readTable } from './read-table.ts';

/** Which columns of a file hold the truth and what a model said of it. */
export interface ScoresRequest {
  readonly data: string;
  readonly target: string;
  /** The class that scores speak of; the rarer of two unless named. With more classes: this one against the rest. */
  readonly positive?: string | undefined;
  /** Columns of sample weights. */
  readonly weights?: string | undefined;
  readonly threads?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface ScoreRows {
  /** File name without its folders. */
  readonly source: string;
  /** Rows that have a target and every score, 0-based in the input, ascending. */
  readonly rows: Int32Array;
  /** Of those rows. */
  readonly labels: Labels;
  readonly weights: Float64Array | null;
  readonly notices: readonly Notice[];
}

/** One or more score columns that speak of one class; larger means more likely. */
export interface BinaryScores extends ScoreRows {
  readonly positive: number;
  readonly scores: readonly { readonly name: string; readonly values: Float64Array }[];
}

/** One probability column a class. */
export interface ClassScores extends ScoreRows {
  /** Name of the column of each class, in the order of the classes. */
  readonly columns: readonly string[];
  /** `rows × classes`. */
  readonly probabilities: Matrix;
}

/**
 * Reads a binary target and score columns. Rows without a target or without one of the scores are left out, with a notice.
 *
 * Throws `no-such-column`, `bad-score` (not numeric), `not-binary`, `no-such-class`, `bad-weight`, `no-rows`, `one-class`, and
 * what `readTable` and `labelsFromColumn` throw.
 */
export async function readBinaryScores(request: ScoresRequest, names: readonly string[]): Promise<BinaryScores> {
  const { table, source, notices } = await read(request, names);
  const found = await withMissingWords(request.target, notices, () => labelsFromColumn(table, request.target));
  const binary = binaryLabels(found.labels, request.positive);
  const kept = presentRows(table, found.rows, names, request);
  const labels = { classes: binary.classes, codes: pick(binary.codes, kept.places) };
  requireBothClasses(labels);
  return Object.freeze({
    source,
    rows: kept.rows,
    labels,
    weights: kept.weights,
    positive: positiveClass(labels, positiveLabel(binary, request.positive)),
    scores: names.map((name) => ({ name, values: pickNumbers(numbersOf(table, name), kept.rows) })),
    notices: [...notices, ...found.notices, ...kept.notices],
  });
}

/**
 * Reads a target and one probability column a class, named as the class or `p_CLASS`. The columns say which classes there
 * are; a class without rows is one nevertheless. Rows without a target or a probability are left out, with a notice.
 *
 * Throws `no-such-column`, `bad-score`, `no-score-for-class` (a class of the target has no column), `bad-probability` (a
 * value outside 0 to 1), `no-rows`, and what `readTable` and `labelsFromColumn` throw.
 */
export async function readClassScores(request: ScoresRequest, names: readonly string[]): Promise<ClassScores> {
  if (names.length < 2) {
    throw new CounterweightError(
      'bad-option',
      `--scores needs one column a class, at least two; there is ${names.length}`,
    );
  }
  const { table, source, notices } = await read(request, names);
  const found = await withMissingWords(request.target, notices, () => labelsFromColumn(table, request.target));
  const { classes, columns } = classesOfColumns(found.labels, names);
  const kept = presentRows(table, found.rows, names, request);
  const place = found.labels.classes.map((label) => classes.indexOf(label));
  const codes = pick(found.labels.codes, kept.places).map((code) => place[code]!);
  const data = new Float64Array(kept.rows.length * classes.length);
  for (const [c, name] of columns.entries()) {
    const values = pickNumbers(numbersOf(table, name), kept.rows);
    for (let i = 0; i < values.length; i++) {
      const p = values[i]!;
      if (p < 0 || p > 1) {
        throw new CounterweightError(
          'bad-probability',
          `column "${name}", data row ${kept.rows[i]! + 1}: ${p} is no probability; it must lie between 0 and 1`,
          { column: name, row: kept.rows[i]! },
        );
      }
      data[i * classes.length + c] = p;
    }
  }
  return Object.freeze({
    source,
    rows: kept.rows,
    labels: { classes, codes },
    weights: kept.weights,
    columns,
    probabilities: matrix(data, kept.rows.length, classes.length),
    notices: [...notices, ...found.notices, ...kept.notices],
  });
}

/** Classes in sorted order and their columns. A numeric target has numeric class names. Throws `no-score-for-class`. */
function classesOfColumns(
  labels: Labels,
  names: readonly string[],
): { readonly classes: Classes; readonly columns: readonly string[] } {
  const numeric = typeof labels.classes[0] === 'number';
  const labelOf = (name: string): ClassLabel => {
    const written = new Set(labels.classes.map(String));
    const bare = !written.has(name) && name.startsWith('p_') ? name.slice(2) : name;
    if (!numeric) return bare;
    const value = Number(bare);
    if (bare.trim() === '' || !Number.isFinite(value)) {
      throw new CounterweightError(
        'no-score-for-class',
        `the column "${name}" is named after no class: the classes are numbers, such as ${labels.classes.slice(0, 3).join(', ')}`,
        { column: name },
      );
    }
    return value;
  };
  const pairs = names.map((name) => ({ name, label: labelOf(name) }));
  const lacking = labels.classes.find((label) => !pairs.some((pair) => pair.label === label));
  if (lacking !== undefined) {
    throw new CounterweightError(
      'no-score-for-class',
      `the target has the class ${lacking}, but --scores names no column for it: name the column "${lacking}" or "p_${lacking}"`,
      { class: lacking },
    );
  }
  const twice = pairs.find((pair, i) => pairs.findIndex(({ label }) => label === pair.label) < i);
  if (twice) {
    throw new CounterweightError('bad-option', `--scores names two columns for the class ${twice.label}`);
  }
  pairs.sort((a, b) => (a.label < b.label ? -1 : a.label > b.label ? 1 : 0));
  return { classes: Object.freeze(pairs.map(({ label }) => label)) as Classes, columns: pairs.map(({ name }) => name) };
}

async function read(request: ScoresRequest, names: readonly string[]) {
  const { data, target, weights, threads, signal } = request;
  const columns = [...new Set([target, ...names, ...(weights === undefined ? [] : [weights])])];
  return readTable(data, { columns, target, threads, signal });
}

function binaryLabels(labels: Labels, positive: string | undefined): Labels {
  if (labels.classes.length === 2) return labels;
  if (positive !== undefined) return oneVersusRest(labels, positive);
  throw new CounterweightError(
    'not-binary',
    `the target has ${labels.classes.length} classes: say which one the scores speak of (--positive CLASS), or give one column a class (--scores a,b,c)`,
    { classes: labels.classes.length },
  );
}

const positiveLabel = (labels: Labels, named: string | undefined): ClassLabel | undefined =>
  named === undefined ? undefined : (labels.classes.find((label) => String(label) === named) ?? named);

function numbersOf(table: Table, name: string, what: 'scores' | 'weights' = 'scores'): Float64Array {
  const column = columnByName(table, name);
  if (column.kind === 'numeric') return column.values;
  if (column.kind === 'boolean') return Float64Array.from(column.values, (v) => (v < 0 ? Number.NaN : v));
  throw new CounterweightError(
    what === 'weights' ? 'bad-weight' : 'bad-score',
    `column "${name}" holds ${column.kind === 'date-time' ? 'dates' : 'text'}; ${what} must be numbers`,
    { column: name },
  );
}

/** Of the rows with a target, those that have every score, and a weight above 0 where weights are named. */
function presentRows(table: Table, labelled: Int32Array, names: readonly string[], request: ScoresRequest) {
  const columns = names.map((name) => numbersOf(table, name));
  const weights = request.weights === undefined ? null : numbersOf(table, request.weights, 'weights');
  const places: number[] = [];
  let unscored = 0;
  for (let i = 0; i < labelled.length; i++) {
    const row = labelled[i]!;
    if (columns.some((values) => Number.isNaN(values[row]))) unscored++;
    else places.push(i);
  }
  const rows = Int32Array.from(places, (i) => labelled[i]!);
  if (weights) {
    for (const row of rows) {
      if (weights[row]! >= 0) continue;
      throw new CounterweightError(
        'bad-weight',
        `column "${request.weights}", data row ${row + 1}: a weight must be a number of at least 0`,
        { column: request.weights!, row },
      );
    }
  }
  if (rows.length === 0) {
    throw new CounterweightError('no-rows', `no row has both a value of "${request.target}" and every score`);
  }
  const notices: Notice[] =
    unscored === 0
      ? []
      : [
          {
            code: 'missing-score',
            severity: 'warning',
            message: `${unscored} row${unscored === 1 ? '' : 's'} without a score left out`,
            numbers: { rows: unscored },
          },
        ];
  return {
    places: Int32Array.from(places),
    rows,
    weights: weights && pickNumbers(weights, rows),
    notices,
  };
}

function requireBothClasses({ classes, codes }: Labels): void {
  const lacking = classes.find((_, code) => !codes.includes(code));
  if (lacking === undefined) return;
  throw new CounterweightError('one-class', `no row that has a score is of class ${lacking}; both classes are needed`, {
    class: lacking,
  });
}

const pick = (values: Int32Array, places: Int32Array): Int32Array => places.map((place) => values[place]!);

const pickNumbers = (values: Float64Array, rows: Int32Array): Float64Array =>
  Float64Array.from(rows, (row) => values[row]!);
