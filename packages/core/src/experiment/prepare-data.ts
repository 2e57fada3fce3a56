import {
  allRows,
  type ClassLabel,
  classCounts,
  columnByName,
  concatenateTables,
  duplicateAcrossSplit,
  duplicateGroups,
  inferSchema,
  type Labels,
  labelsFromColumn,
  leaveOutColumns,
  oneVersusRest,
  positiveClass,
  type Schema,
  type Split,
  selectRows,
  subsetLabels,
  type Table,
  tooSmallClasses,
  trainTestSplit,
} from '../data/index.ts';
import { leakWarnings } from '../measure/index.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { Notice } from '../runtime/notices.ts';
import type { ExperimentOptions } from './experiment-options.ts';

/** The data of an experiment, checked and divided. Row numbers speak of `table` and `labels`. */
export interface PreparedData {
  readonly table: Table;
  readonly labels: Labels;
  /** Row of the input for each row of `table`; rows of a test table of its own count on after the others. */
  readonly inputRow: Int32Array;
  readonly rowsDropped: number;
  /** Index of the positive class; null with more than two classes. */
  readonly positive: number | null;
  readonly schema: Schema;
  /** ROC-AUC of each column alone on the training rows; null where it was not computed. */
  readonly aloneAuc: ReadonlyMap<string, number | null>;
  readonly duplicateRows: number;
  readonly split: Split;
  readonly splitKind: 'stratified' | 'group' | 'time' | 'file';
  readonly groups: Int32Array | undefined;
  readonly time: Float64Array | undefined;
  readonly notices: readonly Notice[];
}

const fewestRows = 3;
/** With fewer held-out rows of a class a notice says so: one row more or less moves its recall by a tenth. */
const enoughHeldOut = 10;

/**
 * Checks the data, finds what each column means, divides the rows and looks for leaks on the training rows.
 *
 * Throws before any model is fitted: see `labelsFromColumn`, `trainTestSplit`, and `class-too-small` for a class of fewer
 * than three rows, `no-usable-columns` where nothing is left to learn from.
 */
export function prepareData(input: Table, options: ExperimentOptions): PreparedData {
  const notices: Notice[] = [];
  const joined = joinTest(input, options, notices);
  const labelled = labelRows(joined, options, notices);
  const { table, labels, inRow } = labelled;
  const positive = labels.classes.length === 2 ? positiveOf(labels, options) : null;

  const aside = [options.group, options.time].filter((name) => name !== undefined);
  for (const name of options.keep ?? []) columnByName(table, name);
  const inferred = inferSchema(table, { target: options.target, ignore: [...(options.ignore ?? []), ...aside] });
  notices.push(...inferred.notices.filter(({ column }) => column === undefined || !options.keep?.includes(column)));
  const kept = keepColumns(inferred, options.keep ?? []);

  const groups = options.group === undefined ? undefined : groupCodes(table, options.group);
  if (groups) requireGroups(groups, options.group!, inRow, joined.firstTestRow);
  const time = options.time === undefined ? undefined : timeValues(table, options.time);
  const split =
    joined.firstTestRow === null
      ? trainTestSplit({ labels, testSize: options.testSize, seed: options.seed ?? 0, groups, time })
      : splitAt(inRow, joined.firstTestRow, labels);
  notices.push(...split.notices);

  notices.push(...fewHeldOut(labels, split));

  const leaks = leakWarnings({ table, schema: kept, labels, rows: split.train });
  const suspects = leaks.suspects.filter(
    ({ verdict, column }) => verdict === 'leak' && !options.keep?.includes(column),
  );
  notices.push(...leaks.notices.map((notice) => saidOfKept(notice, options.keep ?? [])));
  const reason = 'alone it separates the classes almost perfectly: probably a leak';
  const schema = leaveOutColumns(
    kept,
    suspects.map(({ column }) => column),
    reason,
  );
  refuseWithoutColumns(
    schema,
    suspects.map(({ column }) => column),
  );

  const features = schema.columns.filter(({ used }) => used).map(({ name }) => name);
  const duplicates = duplicateGroups(table, features);
  const across = duplicateAcrossSplit(duplicates, split);
  notices.push(...across.notices);
  const firstTestRow = joined.firstTestRow;
  return {
    table,
    labels,
    inputRow: firstTestRow === null ? inRow : inRow.map((row) => (row >= firstTestRow ? row - firstTestRow : row)),
    rowsDropped: joined.table.rows - table.rows,
    positive,
    schema,
    aloneAuc: leaks.aloneAuc,
    duplicateRows: duplicates.duplicateRows,
    split,
    splitKind: firstTestRow !== null ? 'file' : time ? 'time' : groups ? 'group' : 'stratified',
    groups,
    time,
    notices,
  };
}

/** Held-out figures of a class rest on its held-out rows. */
function fewHeldOut(labels: Labels, split: Split): Notice[] {
  const counts = classCounts(subsetLabels(labels, split.test));
  const few = labels.classes.flatMap((label, code) =>
    counts[code]! < enoughHeldOut ? [{ class: label, rows: counts[code]! }] : [],
  );
  if (few.length > MOST_NOTICES) return [fewHeldOutOfMany(few, labels.classes.length)];
  return few.map(({ class: label, rows }) => ({
    code: 'few-held-out',
    severity: 'warning',
    message: `${rows === 0 ? 'no held-out row is' : rows === 1 ? 'only 1 held-out row is' : `only ${rows} held-out rows are`} of class ${label}: what the held-out rows say of it is ${rows === 0 ? 'nothing' : 'rough'}`,
    class: label,
    numbers: { rows },
  }));
}

/** Classes that have a notice each; more share one. */
const MOST_NOTICES = 3;

interface ClassRows {
  readonly class: ClassLabel;
  readonly rows: number;
}

function fewHeldOutOfMany(few: readonly ClassRows[], classes: number): Notice {
  return {
    code: 'few-held-out',
    severity: 'warning',
    message: `${few.length} of ${classes} classes have fewer than ${enoughHeldOut} held-out rows (${listed(few)}): what the held-out rows say of them is rough`,
    numbers: { classes: few.length },
  };
}

/** The first few by name. */
function listed(classes: readonly ClassRows[]): string {
  const shown = classes.slice(0, 5).map(({ class: label, rows }) => `${label} ${rows}`);
  return classes.length > shown.length
    ? `${shown.join(', ')} and ${classes.length - shown.length} more`
    : shown.join(', ');
}

function droppedClasses(small: readonly ClassRows[]): Notice[] {
  if (small.length > MOST_NOTICES) {
    const message = `${small.length} classes were left out for want of rows: ${listed(small)}`;
    return [{ code: 'class-dropped', severity: 'warning', message, numbers: { classes: small.length } }];
  }
  return small.map(({ class: label, rows }) => ({
    code: 'class-dropped',
    severity: 'warning',
    message: `class ${label} was left out: it has ${rows} ${rows === 1 ? 'row' : 'rows'}`,
    class: label,
    numbers: { rows },
  }));
}

interface JoinedTable {
  readonly table: Table;
  /** First row of the test table of its own; null without one. */
  readonly firstTestRow: number | null;
}

function joinTest(input: Table, options: ExperimentOptions, notices: Notice[]): JoinedTable {
  columnByName(input, options.target);
  if (!options.test) return { table: input, firstTestRow: null };
  const { table, notices: said } = concatenateTables(input, options.test, options.testSource);
  notices.push(...said);
  return { table, firstTestRow: input.rows };
}

interface LabelledTable {
  readonly table: Table;
  readonly labels: Labels;
  readonly inRow: Int32Array;
}

/** Keeps the rows that have a usable class, and makes the task binary where a class is named among more than two. */
function labelRows({ table }: JoinedTable, options: ExperimentOptions, notices: Notice[]): LabelledTable {
  const found = labelsFromColumn(table, options.target);
  notices.push(...found.notices);
  let { labels } = found;
  let inRow = found.rows;
  if (options.positive !== undefined && labels.classes.length > 2) {
    const before = labels.classes.length;
    labels = oneVersusRest(labels, options.positive);
    notices.push({
      code: 'one-versus-rest',
      severity: 'info',
      message: `the ${before} classes were made two: ${options.positive} against all others`,
      class: options.positive,
      numbers: { classes: before },
    });
  }
  const small = tooSmallClasses(labels, fewestRows);
  if (small.length > 0) {
    if (!options.dropRareClasses) throw classTooSmall(small[0]!, small.length);
    ({ labels, inRow } = withoutClasses(
      labels,
      inRow,
      small.map(({ code }) => code),
    ));
    notices.push(...droppedClasses(small));
    if (labels.classes.length < 2) {
      throw new CounterweightError(
        'one-class',
        'only one class is left when classes of fewer than three rows are dropped',
      );
    }
  }
  return { table: inRow.length === table.rows ? table : selectRows(table, inRow), labels, inRow };
}

function classTooSmall(small: { class: ClassLabel; rows: number }, classes: number): CounterweightError {
  const others = classes > 1 ? ` (and ${classes - 1} more)` : '';
  return new CounterweightError(
    'class-too-small',
    `class ${small.class} has ${small.rows} ${small.rows === 1 ? 'row' : 'rows'}${others}: at least three are needed, one to test on and two to learn from; leave such classes out (--drop-rare-classes) or name one class to set against the rest (--positive)`,
    { class: small.class, rows: small.rows },
  );
}

function withoutClasses(
  labels: Labels,
  rows: Int32Array,
  dropped: readonly number[],
): { labels: Labels; inRow: Int32Array } {
  const keptClasses = labels.classes.flatMap((_, code) => (dropped.includes(code) ? [] : [code]));
  const newCode = new Int32Array(labels.classes.length).fill(-1);
  for (const [code, old] of keptClasses.entries()) newCode[old] = code;
  const kept = allRows(rows.length).filter((i) => newCode[labels.codes[i]!]! >= 0);
  const codes = kept.map((i) => newCode[labels.codes[i]!]!);
  return {
    labels: { codes, classes: keptClasses.map((code) => labels.classes[code]!) },
    inRow: kept.map((i) => rows[i]!),
  };
}

function positiveOf(labels: Labels, { positive }: ExperimentOptions): number {
  const written = labels.classes.find((label) => label === positive || String(label) === String(positive));
  return positiveClass(labels, positive === undefined ? undefined : (written ?? positive));
}

/** Columns that the user wants seen although they look like identifiers. */
export function keepColumns(schema: Schema, keep: readonly string[]): Schema {
  if (keep.length === 0) return schema;
  const columns = schema.columns.map((column) =>
    keep.includes(column.name) && column.type === 'identifier'
      ? { ...column, type: column.kind, used: true, reason: null }
      : column,
  );
  return { ...schema, columns };
}

function saidOfKept(notice: Notice, keep: readonly string[]): Notice {
  if (notice.column === undefined || !keep.includes(notice.column)) return notice;
  return { ...notice, message: `${notice.message}; it was kept on request` };
}

function refuseWithoutColumns(schema: Schema, leaks: readonly string[]): void {
  if (schema.columns.some(({ used }) => used)) return;
  const reasons = new Map<string, number>();
  for (const { reason } of schema.columns) {
    if (reason !== null && reason !== 'target') reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  const listed = [...reasons].map(([reason, count]) => `${count} ${count === 1 ? 'column' : 'columns'}: ${reason}`);
  const hint = leaks.length > 0 ? ` (use a suspected leak all the same: --keep ${leaks[0]})` : '';
  throw new CounterweightError(
    'no-usable-columns',
    `no column is left to learn from${listed.length > 0 ? `; ${listed.join(', ')}` : ': the table holds nothing but the target'}${hint}`,
  );
}

function groupCodes(table: Table, name: string): Int32Array {
  const column = columnByName(table, name);
  const codes = new Int32Array(table.rows);
  const seen = new Map<number, number>();
  const cells = column.kind === 'categorical' ? column.codes : column.values;
  for (let i = 0; i < table.rows; i++) {
    const cell = cells[i]!;
    const missing = Number.isNaN(cell) || (column.kind !== 'numeric' && column.kind !== 'date-time' && cell < 0);
    if (missing) {
      codes[i] = -1;
      continue;
    }
    let code = seen.get(cell);
    if (code === undefined) seen.set(cell, (code = seen.size));
    codes[i] = code;
  }
  return codes;
}

/** One group to hold out, unless there is a test table, and two that are learned from and judged in turns. */
function requireGroups(groups: Int32Array, column: string, inRow: Int32Array, firstTestRow: number | null): void {
  const own = firstTestRow === null ? groups : groups.filter((_, i) => inRow[i]! < firstTestRow);
  const found = new Set(own).size;
  const needed = firstTestRow === null ? 3 : 2;
  if (found >= needed) return;
  const held = firstTestRow === null ? 'one is held out, and the others ' : 'they ';
  throw new CounterweightError(
    'too-few-groups',
    `the group column "${column}" has ${found === 1 ? 'one group' : `${found} groups`}; at least ${needed === 3 ? 'three' : 'two'} are needed: ${held}learn and judge in turns`,
    { column, groups: found, needed },
  );
}

function timeValues(table: Table, name: string): Float64Array {
  const column = columnByName(table, name);
  if (column.kind === 'numeric' || column.kind === 'date-time') return column.values;
  throw new CounterweightError(
    'bad-time-column',
    `column ${name} cannot order rows in time: it holds ${column.kind === 'boolean' ? 'truth values' : 'text'}, not numbers or dates that are written like 2024-12-31`,
    { column: name },
  );
}

/** The division that a test table of its own makes. Every class must have rows to learn from. */
function splitAt(inRow: Int32Array, firstTestRow: number, labels: Labels): Split {
  const rows = allRows(inRow.length);
  const train = rows.filter((i) => inRow[i]! < firstTestRow);
  const test = rows.filter((i) => inRow[i]! >= firstTestRow);
  if (test.length === 0) throw new CounterweightError('too-few-rows', 'the test table has no row with a class');
  const counts = classCounts(subsetLabels(labels, train));
  const lacking = labels.classes.findIndex((_, code) => counts[code]! < 2);
  if (lacking >= 0) {
    const label = labels.classes[lacking]!;
    throw new CounterweightError(
      'class-too-small',
      `class ${label} has ${counts[lacking]} training rows beside the test table; at least two are needed`,
      { class: label },
    );
  }
  return { train, test, notices: [] };
}
