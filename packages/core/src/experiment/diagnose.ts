import {
  allRows,
  type ClassLabel,
  classCounts,
  columnByName,
  duplicateGroups,
  type Encoder,
  fitEncoder,
  inferSchema,
  type Labels,
  labelsFromColumn,
  leaveOutColumns,
  type NumericRows,
  oneVersusRest,
  positiveClass,
  type Schema,
  selectRows,
  type Table,
  tooSmallClasses,
} from '../data/index.ts';
import {
  type Difficulty,
  type LeakWarnings,
  leakWarnings,
  measureDifficulty,
  measureImbalance,
} from '../measure/index.ts';
import { nearestNeighbours } from '../neighbors/index.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { Notice } from '../runtime/notices.ts';
import { type RunOptions, throwIfAborted } from '../runtime/run-options.ts';
import type { AdviceFacts } from './advice-facts.ts';
import { advise } from './advise.ts';
import { conflictsOf } from './conflicts.ts';
import { describeDifficulty } from './describe-difficulty.ts';
import type { Conflicts, Diagnosis } from './diagnosis.ts';
import { mergeNotices } from './merge-notices.ts';
import { type NeighbourhoodMap, neighbourhoodMap } from './neighbourhood-map.ts';
import { keepColumns } from './prepare-data.ts';
import type { DataSummary } from './result.ts';
import { type RowDifficulty, rowDifficulty } from './row-difficulty.ts';
import { columnSummaries } from './summarise-data.ts';

export interface DiagnoseOptions {
  readonly target: string;
  /** Class of interest; default the rarer of two. With more classes, this one against the rest. */
  readonly positive?: ClassLabel | undefined;
  readonly ignore?: readonly string[] | undefined;
  /** Columns that are measured although they look like leaks or identifiers. */
  readonly keep?: readonly string[] | undefined;
  /** Name of the data for the reader. */
  readonly source?: string | undefined;
  /** Leaves the difficulty out: counts, columns, leaks and advice on them, in the time that reading takes. */
  readonly quick?: boolean | undefined;
  /** Draws samples and made rows; default 0. */
  readonly seed?: number | undefined;
  /** Rows around which is looked; default 20,000, fewer in very wide tables, or with row details as many as some two minutes allow. Rare classes come first. */
  readonly mostRows?: number | undefined;
  /** For advice on the threshold. */
  readonly costs?: AdviceFacts['costs'];
  /** The data as commands in the advice name them; default `source`. */
  readonly path?: string | undefined;
}

/** A diagnosis with what is too long for its document. */
export interface Examination {
  readonly diagnosis: Diagnosis;
  /** Null without difficulty, or where not asked for. */
  readonly rows: RowDifficulty | null;
  readonly map: NeighbourhoodMap | null;
}

/** Multiplications of a search around all rows: about a minute and a half on two threads. */
const MOST_ROW_PRODUCTS = 2e12;
/** The same for a diagnosis without row details: some ten seconds. */
const MOST_PRODUCTS = 2e11;
const MOST_ROWS = 20_000;
const FEWEST_ROWS = 1000;
const MOST_NOTICES = 3;

/**
 * Counts, imbalance, what each column means, missing cells, duplicates, likely leaks and, unless `quick`, how hard the
 * classes are to tell apart, from all rows that have a class; then what to try, with reasons.
 *
 * Difficulty is measured on the columns that `run` would learn from, encoded as it encodes them (numbers standardised,
 * categories as 0/1, missing cells marked), likely leaks left out. Same table, options and seed give the same result for
 * any number of threads. Throws what `labelsFromColumn` and `inferSchema` throw, `no-such-class`, `bad-option`, `aborted`.
 */
export async function diagnose(input: Table, options: DiagnoseOptions, run: RunOptions = {}): Promise<Diagnosis> {
  return (await examine(input, options, run)).diagnosis;
}

/** `diagnose`, with what is known of each row and with the map where they are asked for. */
export async function examine(
  input: Table,
  options: DiagnoseOptions & { readonly rowDetails?: boolean | undefined; readonly map?: boolean | undefined },
  run: RunOptions = {},
): Promise<Examination> {
  const task = readTask(input, options);
  throwIfAborted(run.signal);
  const notices = [task.notices];
  const encoded = options.quick ? null : encode(task, notices);
  const seed = options.seed ?? 0;
  let found: Difficulty | null = null;
  if (encoded) {
    const { X } = encoded;
    const mostQueries = options.mostRows ?? rowsInTime(X, options.rowDetails ?? false);
    const request = { find: nearestNeighbours, seed, mostQueries, nearestOther: options.rowDetails };
    found = await measureDifficulty({ X, y: task.labels }, request, run);
    notices.push(found.notices);
  }
  const place = { y: task.labels, inputRow: task.inputRow };
  const features = encoded?.X.columns ?? 0;
  const facts: AdviceFacts = {
    data: task.data,
    imbalance: measureImbalance(task.labels),
    conflicts: task.conflicts,
    difficulty: found && describeDifficulty({ found, ...place, features, seed }),
    notices: mergeNotices(notices),
    costs: options.costs,
    path: options.path,
    named: options.positive,
  };
  const { data, imbalance, conflicts, difficulty } = facts;
  return {
    diagnosis: {
      format: 'counterweight-diagnosis',
      formatVersion: 1,
      data,
      imbalance,
      conflicts,
      difficulty,
      advice: advise(facts),
      notices: facts.notices,
    },
    rows: found && options.rowDetails ? rowDifficulty(found, task.labels, task.inputRow, input.rows) : null,
    map: found && encoded && options.map ? mapOf(found, encoded, place, seed) : null,
  };
}

interface Task {
  readonly table: Table;
  readonly labels: Labels;
  /** Row of the input for each row of the table. */
  readonly inputRow: Int32Array;
  readonly schema: Schema;
  readonly data: DataSummary;
  readonly conflicts: Conflicts;
  readonly notices: readonly Notice[];
}

/** Everything that is known without encoding a cell. */
function readTask(input: Table, options: DiagnoseOptions): Task {
  const { target, keep = [] } = options;
  const labelled = labelsFromColumn(input, target);
  const { labels, notices: labelNotices } = withPositive(labelled.labels, options.positive);
  const table = labelled.rows.length === input.rows ? input : selectRows(input, labelled.rows);
  for (const name of keep) columnByName(table, name);
  const inferred = inferSchema(table, { target, ignore: options.ignore });
  const kept = keepColumns(inferred, keep);
  const leaks = leakWarnings({ table, schema: kept, labels, rows: allRows(table.rows) });
  const schema = withoutLeaks(kept, leaks, keep);
  const counts = classCounts(labels);
  const features = schema.columns.filter(({ used }) => used).map(({ name }) => name);
  const duplicates = features.length > 0 ? duplicateGroups(table, features) : null;
  const positive = labels.classes.length === 2 ? positiveClass(labels, options.positive) : null;
  return {
    table,
    labels,
    inputRow: labelled.rows,
    schema,
    data: {
      source: options.source ?? 'data',
      rows: table.rows,
      rowsDropped: input.rows - table.rows,
      target,
      classes: labels.classes.map((label, c) => ({ label, rows: counts[c]!, share: counts[c]! / table.rows })),
      positive: positive === null ? null : labels.classes[positive]!,
      imbalanceRatio: Math.max(...counts) / Math.min(...counts),
      columns: columnSummaries(schema, target, leaks.aloneAuc),
      duplicateRows: duplicates?.duplicateRows ?? 0,
    },
    conflicts: duplicates
      ? conflictsOf(duplicates, labels)
      : { rows: 0, leastErrors: 0, perClass: labels.classes.map(() => 0) },
    notices: [
      ...labelled.notices,
      ...labelNotices,
      ...smallClassNotices(labels),
      ...inferred.notices.filter(({ column }) => column === undefined || !keep.includes(column)),
      ...leaks.notices.filter(({ column }) => column === undefined || !keep.includes(column)),
    ],
  };
}

function withPositive(labels: Labels, positive: ClassLabel | undefined): { labels: Labels; notices: Notice[] } {
  if (positive === undefined || labels.classes.length === 2) return { labels, notices: [] };
  const classes = labels.classes.length;
  const message = `the ${classes} classes were made two: ${positive} against all others`;
  const notice: Notice = {
    code: 'one-versus-rest',
    severity: 'info',
    message,
    class: positive,
    numbers: { classes },
  };
  return { labels: oneVersusRest(labels, positive), notices: [notice] };
}

function withoutLeaks(schema: Schema, { suspects }: LeakWarnings, keep: readonly string[]): Schema {
  const leaks = suspects.filter(({ verdict, column }) => verdict === 'leak' && !keep.includes(column));
  return leaveOutColumns(
    schema,
    leaks.map(({ column }) => column),
    'alone it separates the classes almost perfectly: probably a leak',
  );
}

function smallClassNotices(labels: Labels): Notice[] {
  return tooSmallClasses(labels).map(
    ({ class: label, rows: count }): Notice => ({
      code: 'class-too-small',
      severity: 'warning',
      message: `class ${label} has ${count} ${count === 1 ? 'row' : 'rows'}: too few to learn from and to test on`,
      class: label,
      numbers: { rows: count },
    }),
  );
}

interface EncodedRows {
  readonly encoder: Encoder;
  readonly X: NumericRows;
}

/** The rows as numbers; null, with a notice, where no column is left or none varies. */
function encode({ table, schema }: Task, notices: (readonly Notice[])[]): EncodedRows | null {
  const unable = (why: string) => {
    const message = `how hard the classes are to tell apart was not measured: ${why}`;
    notices.push([{ code: 'difficulty-not-measured', severity: 'warning', message }]);
    return null;
  };
  if (!schema.columns.some(({ used }) => used)) return unable('no column is left to measure it on');
  try {
    const encoder = fitEncoder({ table, schema, rows: allRows(table.rows) });
    notices.push(summed(encoder.notices));
    return { encoder, X: encoder.transform(table) };
  } catch (error) {
    if (error instanceof CounterweightError && error.code === 'no-features') return unable('no column varies');
    throw error;
  }
}

/** Notices of one kind about more columns than a reader wants to hear of are one notice. */
function summed(notices: readonly Notice[]): Notice[] {
  const codes = [...new Set(notices.map(({ code }) => code))];
  return codes.flatMap((code) => {
    const own = notices.filter((notice) => notice.code === code);
    if (own.length <= MOST_NOTICES) return own;
    const message = `${own[0]!.message}; and the like of ${own.length - 1} more columns`;
    return [{ code, severity: own[0]!.severity, message, numbers: { columns: own.length } }];
  });
}

function rowsInTime({ rows, columns }: NumericRows, rowDetails: boolean): number {
  const inTime = (products: number) => Math.max(FEWEST_ROWS, Math.floor(products / (rows * columns)));
  return rowDetails ? inTime(MOST_ROW_PRODUCTS) : Math.min(MOST_ROWS, inTime(MOST_PRODUCTS));
}

function mapOf(
  { neighbourhood }: Difficulty,
  { encoder, X }: EncodedRows,
  place: { readonly y: Labels; readonly inputRow: Int32Array },
  seed: number,
): NeighbourhoodMap {
  const { rows, types } = neighbourhood;
  return neighbourhoodMap({ X, ...place, featureNames: encoder.featureNames, rows, types: types.perRow, seed });
}
