import { basename, resolve } from 'node:path';
import {
  type CostsByLabel,
  CounterweightError,
  type ExperimentOptions,
  type Notice,
  type Table,
} from '@counterweight/core';
import { type ReadTableResult, readTable } from '../input/index.ts';
import { bothOrNeither, listText, requireTargetSeen } from './common-options.ts';

/** Everything about a run that can change its result, as plain data: what a resumed run must agree with. */
export interface RunRequest {
  /** Absolute path, or a glob. */
  readonly data: string;
  readonly target: string;
  readonly seed: number;
  readonly positive?: string;
  readonly metric?: string;
  readonly costFn?: number;
  readonly costFp?: number;
  readonly costMatrix?: string;
  readonly test?: string;
  readonly testSize?: number;
  readonly group?: string;
  readonly time?: string;
  readonly folds?: number;
  readonly repeats?: number;
  readonly strategies?: readonly string[];
  readonly learners?: readonly string[];
  readonly alpha?: number;
  readonly testAll?: boolean;
  readonly ignore?: readonly string[];
  readonly keep?: readonly string[];
  readonly dropRareClasses?: boolean;
  readonly timeLimit?: number;
}

/** Options of the command line as commander gives them. */
export type RunFlags = Omit<RunRequest, 'data' | 'target'> & { readonly target?: string };

const fileOptions = new Set<keyof RunRequest>(['data', 'test', 'costMatrix']);

const flagOf = (name: string): string => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

const requestKeys: readonly (keyof RunRequest)[] = [
  'data',
  'target',
  'positive',
  'metric',
  'costFn',
  'costFp',
  'costMatrix',
  'test',
  'testSize',
  'group',
  'time',
  'folds',
  'repeats',
  'strategies',
  'learners',
  'alpha',
  'testAll',
  'ignore',
  'keep',
  'dropRareClasses',
  'timeLimit',
  'seed',
];

/** Makes the request of a command line. Throws `bad-option` for options that contradict one another. */
export function requestOf(data: string, flags: RunFlags): RunRequest {
  if (flags.target === undefined) {
    throw new CounterweightError('bad-option', 'say which column holds the class: --target COLUMN');
  }
  requireTargetSeen(flags.target, flags.ignore);
  bothOrNeither(['--cost-fn', flags.costFn], ['--cost-fp', flags.costFp]);
  if (flags.costMatrix !== undefined && flags.costFn !== undefined) {
    throw new CounterweightError('bad-option', 'give either --cost-fn and --cost-fp or --cost-matrix, not both');
  }
  if (flags.group !== undefined && flags.time !== undefined) {
    throw new CounterweightError('bad-option', 'rows can be divided by --group or by --time, not by both');
  }
  if (flags.test !== undefined && flags.testSize !== undefined) {
    throw new CounterweightError('bad-option', '--test and --test-size exclude each other');
  }
  const given = { ...flags, data } as Record<string, unknown>;
  return Object.fromEntries(
    requestKeys.flatMap((key) => {
      const value = given[key];
      if (value === undefined) return [];
      return [[key, fileOptions.has(key) ? resolve(String(value)) : value]];
    }),
  ) as unknown as RunRequest;
}

/** The command line in a normal form: file names without folders, without what cannot change the result. */
export function commandOf(request: RunRequest): string {
  const words = ['counterweight', 'run', quote(basename(request.data))];
  for (const key of requestKeys) {
    const value = request[key];
    if (key === 'data' || value === undefined || value === false) continue;
    words.push(flagOf(key));
    if (value === true) continue;
    const text = Array.isArray(value) ? listText(value) : String(value);
    words.push(quote(fileOptions.has(key) ? basename(text) : text));
  }
  return words.join(' ');
}

/** Quoted for a POSIX shell where that is needed. */
function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** The request as options of the experiment, with what reading the files that it names had to say. */
export async function experimentOptions(
  request: RunRequest,
  { source, table }: Pick<ReadTableResult, 'source' | 'table'>,
  threads: number,
): Promise<{ options: ExperimentOptions; notices: readonly Notice[] }> {
  const test = request.test === undefined ? undefined : await readTest(request.test, request.target, table, threads);
  const options: ExperimentOptions = {
    target: request.target,
    seed: request.seed,
    source,
    positive: request.positive,
    metric: request.metric,
    costs: await costsOf(request, threads),
    test: test?.table,
    testSource: test?.source,
    testSize: request.testSize,
    group: request.group,
    time: request.time,
    folds: request.folds,
    repeats: request.repeats,
    treatments: request.strategies,
    learners: request.learners,
    alpha: request.alpha,
    testAll: request.testAll,
    ignore: request.ignore,
    keep: request.keep,
    dropRareClasses: request.dropRareClasses,
    timeLimit: request.timeLimit,
  };
  const notices = test?.notices.map((notice) => ({ ...notice, message: `${test.source}: ${notice.message}` })) ?? [];
  return { options, notices };
}

/**
 * Held-out rows of their own. Throws `retyped-column` where they write the classes in a way that cannot be held against that
 * of the data, as `01` against 1.
 */
async function readTest(path: string, target: string, data: Table, threads: number): Promise<ReadTableResult> {
  const read = await readTable(path, { target, threads });
  const kindIn = (table: Table) => table.columns.find(({ name }) => name === target)?.kind;
  const kept = read.notices.find(({ code, column }) => code === 'labels-kept-as-text' && column === target);
  if (kept && kindIn(data) === 'numeric') {
    throw new CounterweightError(
      'retyped-column',
      `${read.source} writes classes of "${target}" otherwise than the data, whose classes are numbers: ${kept.message}`,
      { column: target },
    );
  }
  return read;
}

async function costsOf(request: RunRequest, threads: number): Promise<CostsByLabel | undefined> {
  if (request.costFn !== undefined) return { falseNegative: request.costFn, falsePositive: request.costFp! };
  if (request.costMatrix === undefined) return undefined;
  const { table } = await readTable(request.costMatrix, { threads });
  return costMatrixOf(table);
}

/**
 * A cost matrix as a table: the first column names the predicted class, the other columns are the true classes, the cells
 * are costs. Throws `bad-costs`.
 */
export function costMatrixOf(table: Table): CostsByLabel {
  const [names, ...rest] = table.columns;
  const bad = (what: string) =>
    new CounterweightError(
      'bad-costs',
      `the cost matrix ${what}; it needs a first column with the predicted classes and one column of costs for each true class, headed by its name`,
    );
  if (!names || rest.length < 2 || table.rows !== rest.length) {
    throw bad(`has ${table.rows} rows and ${rest.length} columns of costs`);
  }
  const predicted = Array.from({ length: table.rows }, (_, row) => {
    if (names.kind === 'categorical') return names.dictionary[names.codes[row]!] ?? '';
    if (names.kind === 'boolean') return names.values[row] === 1 ? 'true' : 'false';
    return String(names.values[row]);
  });
  const classes = rest.map(({ name }) => name);
  const lacking = classes.find((label) => !predicted.includes(label));
  if (lacking !== undefined) throw bad(`has a column but no row for class ${lacking}`);
  const matrix = classes.map((label) =>
    rest.map((column) => {
      const cost = column.kind === 'numeric' ? column.values[predicted.indexOf(label)]! : Number.NaN;
      if (!Number.isFinite(cost)) throw bad(`has no number at predicted ${label}, true ${column.name}`);
      return cost;
    }),
  );
  return { classes, matrix };
}
