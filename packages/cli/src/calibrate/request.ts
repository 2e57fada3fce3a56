import { basename } from 'node:path';
import { CounterweightError, calibratorByName, calibrators, type ScoreInput } from '@counterweight/core';
import { bothOrNeither, listText } from '../commands/common-options.ts';

/** Options of `calibrate` as the command line gives them. */
export interface CalibrateFlags {
  readonly target?: string;
  readonly score?: string;
  readonly scores?: readonly string[];
  readonly positive?: string;
  readonly method?: readonly string[];
  readonly choose?: string;
  readonly input?: ScoreInput;
  readonly multiClass?: 'one-vs-one' | 'one-vs-rest';
  readonly folds?: number;
  readonly replicates?: number;
  readonly weights?: string;
  readonly prior?: readonly string[];
  readonly trainedOn?: readonly string[];
  readonly apply?: string;
  readonly out?: string;
  readonly prefix?: string;
  readonly save?: string;
  readonly model?: string;
  readonly html?: string;
}

/** What is to be fitted. */
export interface FitRequest {
  readonly data: string;
  readonly target: string;
  /** One column for two classes, or one a class. */
  readonly columns: readonly string[];
  /** Whether `columns` is a single one that speaks of the positive class. */
  readonly binary: boolean;
  readonly positive: string | undefined;
  /** Names of calibrators, `prior` among them, or `all`. */
  readonly methods: readonly string[] | 'all';
  readonly choose: string | undefined;
  readonly input: ScoreInput | undefined;
  readonly multiClass: 'one-vs-one' | 'one-vs-rest' | undefined;
  readonly folds: number;
  readonly replicates: number | undefined;
  readonly weights: string | undefined;
  readonly prior: readonly string[] | undefined;
  readonly trainedOn: readonly string[] | undefined;
  readonly seed: number;
}

/** Makes the request of a command line that fits. Throws `bad-option`, `unknown-calibrator`. */
export function fitRequestOf(data: string, flags: CalibrateFlags, seed: number): FitRequest {
  const { target, score, scores, trainedOn } = flags;
  if (target === undefined) bad('say which column holds the class: --target COLUMN');
  if (score !== undefined && scores !== undefined) bad('give either --score or --scores, not both');
  if (score === undefined && scores === undefined) {
    bad('say which columns hold the scores: --score COLUMN, or --scores a,b,c with one column a class');
  }
  const columns = scores ?? [score!];
  if (scores && scores.length < 2) bad('--scores needs one column a class; for a single column there is --score');
  if (scores && flags.positive !== undefined)
    bad('--positive goes with --score; with --scores every class has a column');
  if (scores && flags.input === 'scores')
    bad('--scores must be probabilities of the classes; --input scores goes with --score');
  if (columns.includes(target!)) bad(`"${target}" is the target and cannot be a score`);
  return {
    data,
    target: target!,
    columns,
    binary: score !== undefined,
    positive: flags.positive,
    methods: methodsOf(flags),
    choose: flags.choose,
    input: flags.input,
    multiClass: flags.multiClass,
    folds: flags.folds ?? 5,
    replicates: flags.replicates,
    weights: flags.weights,
    prior: flags.prior,
    trainedOn,
    seed,
  };
}

/** Throws `bad-option` for options that need one another or exclude one another. */
export function checkFlags(data: string | undefined, flags: CalibrateFlags): void {
  bothOrNeither(['--apply', flags.apply], ['--out', flags.out]);
  if (flags.prefix !== undefined && flags.apply === undefined) bad('--prefix goes with --apply');
  if (flags.model === undefined) {
    if (data === undefined) bad('say which rows to fit on: counterweight calibrate DATA, or --model FILE to apply');
    return;
  }
  if (data !== undefined) bad('DATA is for fitting and --model for applying what was fitted; give one of them');
  if (flags.apply === undefined) bad('--model needs --apply FILE --out FILE beside it');
  const beside = new Set(['model', 'apply', 'out', 'prefix', 'json', 'seed', 'threads', 'quiet']);
  const lost = Object.keys(flags).find((name) => !beside.has(name));
  if (lost !== undefined) bad(`${flagOf(lost)} is for fitting and has no effect beside --model`);
}

function methodsOf({ method, choose, trainedOn }: CalibrateFlags): readonly string[] | 'all' {
  if (method === undefined && choose !== undefined) {
    bad('--choose names one of several methods: give them too, --method a,b,c or --method all');
  }
  if (method === undefined) return [trainedOn === undefined ? 'venn-abers' : 'prior'];
  if (method.length === 0) bad('--method needs a name');
  const all = method.length === 1 && method[0] === 'all';
  if (!all) {
    for (const name of method) if (name !== 'prior') knownMethod(name);
    const twice = method.find((name, i) => method.indexOf(name) < i);
    if (twice !== undefined) bad(`--method names ${twice} twice`);
  }
  if (method.includes('prior') && trainedOn === undefined) {
    bad('the method prior needs to know the class share that the learner saw: --trained-on 0.5');
  }
  if (trainedOn !== undefined && !all && !method.includes('prior')) {
    bad('--trained-on is for the method prior, which is not among --method');
  }
  if (choose !== undefined && all && choose !== 'prior') knownMethod(choose);
  if (choose !== undefined && !all && !method.includes(choose)) bad(`--choose ${choose} is not among --method`);
  return all ? 'all' : method;
}

function knownMethod(name: string): void {
  try {
    calibratorByName(name);
  } catch (error) {
    if (!(error instanceof CounterweightError)) throw error;
    throw new CounterweightError(error.code, `${error.message} (--method also takes prior and all)`, error.details);
  }
}

/** Every method there is, for help texts. */
export const methodNames: readonly string[] = [...calibrators.map(({ name }) => name), 'prior'];

/** The command line in a normal form: file names without folders, without what cannot change the result. */
export function commandOf(request: FitRequest): string {
  const parts: (string | null)[] = [
    'counterweight calibrate',
    shellWord(basename(request.data)),
    `--target ${shellWord(request.target)}`,
    request.binary ? `--score ${shellWord(request.columns[0]!)}` : `--scores ${shellWord(listText(request.columns))}`,
    request.positive === undefined ? null : `--positive ${shellWord(request.positive)}`,
    `--method ${request.methods === 'all' ? 'all' : listText(request.methods)}`,
    request.choose === undefined ? null : `--choose ${request.choose}`,
    request.input === undefined ? null : `--input ${request.input}`,
    request.multiClass === undefined ? null : `--multi-class ${request.multiClass}`,
    request.folds === 5 ? null : `--folds ${request.folds}`,
    request.replicates === undefined ? null : `--replicates ${request.replicates}`,
    request.weights === undefined ? null : `--weights ${shellWord(request.weights)}`,
    request.prior === undefined ? null : `--prior ${shellWord(listText(request.prior))}`,
    request.trainedOn === undefined ? null : `--trained-on ${shellWord(listText(request.trainedOn))}`,
    request.seed === 0 ? null : `--seed ${request.seed}`,
  ];
  return parts.filter((part) => part !== null).join(' ');
}

const flagOf = (name: string): string => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function bad(message: string): never {
  throw new CounterweightError('bad-option', message);
}
