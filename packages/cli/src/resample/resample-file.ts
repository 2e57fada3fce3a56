import {
  type ClassLabel,
  CounterweightError,
  createResampler,
  createTableResampler,
  type LabelledRows,
  labelsFromColumn,
  type Notice,
  type Provenance,
  type RowSelector,
  type RunOptions,
  tableOptionNames,
  tableResamplers,
} from '@counterweight/core';
import { readTable, withMissingWords } from '../input/index.ts';
import { type OutputColumn, requireDistinctFiles, requireWritablePath, writeTable } from '../output/index.ts';
import { auditChosen, type ResampleAudit, writeAuditRows } from './audit-rows.ts';
import { requireGroupColumn, unusedGroups } from './group-use.ts';
import type { ResampleRequest } from './request.ts';
import { type ChosenRows, groupsOfRows, resampleColumns } from './resample-columns.ts';
import { writeResampled } from './write-resampled.ts';

export interface ClassOutcome {
  readonly label: ClassLabel;
  readonly before: number;
  readonly after: number;
  /** Rows of the output that stand in the input, repeated ones counted each time. */
  readonly copies: number;
  readonly made: number;
  /** Rows of the input that are not in the output. */
  readonly dropped: number;
}

export interface ResampleOutcome {
  readonly source: string;
  readonly rows: { readonly before: number; readonly after: number };
  readonly classes: readonly ClassOutcome[];
  readonly notices: readonly Notice[];
  /** Null unless asked for. */
  readonly audit: ResampleAudit | { readonly findings: readonly Notice[] } | null;
}

/**
 * Resamples a file: reads what the method needs, chooses and makes rows, and writes the output with every column of the input.
 * A method that looks at classes alone reads the target only, so the file may be larger than memory.
 *
 * @throws CounterweightError what reading, the method and `writeResampled` throw; nothing is written then.
 */
export async function resampleFile(request: ResampleRequest, run: RunOptions): Promise<ResampleOutcome> {
  const { input, out, provenance, auditRows } = request;
  requireDistinctFiles(
    [['DATA', input]],
    [
      ['--out', out],
      ['--provenance', provenance],
      ['--audit-rows', auditRows],
    ],
  );
  createTableResampler(request.method, { ...request.options, ...request.roles });
  requireGroupColumn(request);
  for (const path of [out, provenance, auditRows]) if (path !== undefined) requireWritablePath(path);
  const { chosen, labelled, fileRows, source, notices } = await chooseRows(request, run);
  requireEveryClass(request.method, labelled, chosen);
  const audit = request.audit || auditRows !== undefined ? await auditChosen(chosen, run) : null;
  run.onProgress?.({ task: 'writing', done: 0, total: 1 });
  const inFile = (rows: Int32Array): Int32Array => rows.map((row) => (row < 0 ? -1 : labelled.rows[row]!));
  const writing = await writeResampled({
    input,
    out,
    rows: {
      fileRows,
      source: inFile(chosen.written.source),
      base: inFile(chosen.written.base),
      made: chosen.made,
      weights: chosen.weights,
    },
    signal: run.signal,
  });
  if (provenance !== undefined) await writeProvenance(provenance, chosen.provenance, inFile);
  if (auditRows !== undefined) await writeAuditRows(auditRows, audit!.rows, inFile);
  run.onProgress?.({ task: 'writing', done: 1, total: 1 });
  const classes = countClasses(labelled, chosen);
  return {
    source,
    rows: { before: fileRows, after: chosen.provenance.source.length },
    classes,
    notices: distinct([...notices, ...writing]),
    audit: audit === null ? null : audit.summary,
  };
}

/** A table without one of its classes is of no use to a learner, and nobody asks for that. */
function requireEveryClass(method: string, labelled: LabelledRows, chosen: ChosenRows): void {
  const gone = countClasses(labelled, chosen).find(({ before, after }) => before > 0 && after === 0);
  if (gone === undefined) return;
  const what = `${method} left no row of class ${JSON.stringify(gone.label)} of ${gone.before}; nothing was written`;
  const cleans = tableResamplers.get(method)?.samplingType !== 'under-sampling';
  const advice = cleans
    ? 'Set a floor (--option min-ratio=1, where the method has it) or take another method'
    : 'Ask for one row at least';
  const message = `${what}. ${advice}`;
  throw new CounterweightError('class-vanished', message, { class: gone.label });
}

interface Choice {
  readonly chosen: ChosenRows;
  readonly labelled: LabelledRows;
  readonly fileRows: number;
  readonly source: string;
  readonly notices: readonly Notice[];
}

async function chooseRows(request: ResampleRequest, run: RunOptions): Promise<Choice> {
  const { input, target, group, roles } = request;
  const selector = labelsAlone(request);
  run.onProgress?.({ task: 'reading the data', done: 0, total: 1 });
  const columns = selector && { columns: group === undefined ? [target] : [target, group] };
  const read = await readTable(input, {
    target,
    categorical: roles.categoricalFeatures,
    signal: run.signal,
    ...columns,
  });
  const labelled = await withMissingWords(target, read.notices, () => labelsFromColumn(read.table, target));
  const chosen = selector
    ? fromSelection(selector, labelled, groupsOfRows(read.table, group, labelled.rows))
    : await resampleColumns({ ...request, table: read.table, labelled }, run);
  return {
    chosen,
    labelled,
    fileRows: read.table.rows,
    source: read.source,
    notices: [...read.notices.map(withCodesFlag), ...labelled.notices, ...chosen.notices, ...unusedGroups(request)],
  };
}

/** The reader's advice on codes with leading zeros is for all commands; this one has a flag for them. */
function withCodesFlag(notice: Notice): Notice {
  if (notice.code !== 'leading-zeros') return notice;
  const fact = notice.message.slice(0, notice.message.lastIndexOf('; if they are codes'));
  return { ...notice, message: `${fact}; if they are codes, name the column in --categorical, or in --ignore` };
}

/** The method, where it looks at nothing but classes and groups; what is said of columns means nothing to it. */
function labelsAlone({ method, options }: ResampleRequest): RowSelector | undefined {
  if (method !== 'random-over' && method !== 'random-under') return undefined;
  if (options['shrinkage'] !== undefined && options['shrinkage'] !== null) return undefined;
  const ofColumns: readonly string[] = [...tableOptionNames, 'withinGroups'];
  const own = Object.entries(options).filter(([key]) => !ofColumns.includes(key));
  return createResampler(method, Object.fromEntries(own)) as RowSelector;
}

function fromSelection(selector: RowSelector, { labels }: LabelledRows, groups?: Int32Array): ChosenRows {
  const { source, dropped, notices } = selector.selectRows(labels, groups);
  const none = new Int32Array(source.length).fill(-1);
  const gap = new Float64Array(source.length).fill(Number.NaN);
  const provenance = { source, base: none, neighbour: none, gap, dropped };
  return { provenance, written: provenance, made: [], notices, tables: null };
}

/** One line an output row; what a row does not have is -1, and an empty gap. */
async function writeProvenance(
  path: string,
  { source, base, neighbour, gap }: Provenance,
  inFile: (rows: Int32Array) => Int32Array,
): Promise<void> {
  const columns: OutputColumn[] = [
    { name: 'source', values: inFile(source) },
    { name: 'base', values: inFile(base) },
    { name: 'neighbor', values: inFile(neighbour) },
    { name: 'gap', values: gap },
  ];
  await writeTable(path, columns);
}

function countClasses({ labels }: LabelledRows, { provenance, written, tables }: ChosenRows): ClassOutcome[] {
  const zero = () => new Int32Array(labels.classes.length);
  const [before, copies, made, left] = [zero(), zero(), zero(), zero()];
  for (const code of labels.codes) before[code]!++;
  for (let row = 0; row < written.source.length; row++) {
    const parent = written.source[row]! >= 0 ? written.source[row]! : written.base[row]!;
    const code = tables ? tables.resampled.data.y.codes[row]! : labels.codes[parent]!;
    (provenance.source[row]! >= 0 ? copies : made)[code]!++;
  }
  for (const row of provenance.dropped) left[labels.codes[row]!]!++;
  return labels.classes.map((label, code) => ({
    label,
    before: before[code]!,
    after: copies[code]! + made[code]!,
    copies: copies[code]!,
    made: made[code]!,
    dropped: left[code]!,
  }));
}

/** Reading twice says everything twice. */
function distinct(notices: readonly Notice[]): Notice[] {
  return [...new Map(notices.map((notice) => [`${notice.code} ${notice.message}`, notice])).values()];
}
