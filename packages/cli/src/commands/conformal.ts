import {
  CounterweightError,
  classCounts,
  conformalPredictors,
  matrix,
  type Notice,
  type TooFewPolicy,
} from '@counterweight/core';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { applyConformal } from '../conformal/apply.ts';
import { choosePredictor, filePredictors } from '../conformal/choose-predictor.ts';
import { classNumbers } from '../conformal/class-numbers.ts';
import { controlRisk, type RiskRequest, riskLosses } from '../conformal/control-risk.ts';
import { describeCalibration, marginalRows } from '../conformal/describe-calibration.ts';
import { watchDrift } from '../conformal/drift.ts';
import { evaluateByFolds, evaluateNewRows } from '../conformal/evaluate.ts';
import { conformalToJSON, readConformalFile, type SavedConformal } from '../conformal/model-file.ts';
import { readKnownRows } from '../conformal/read-known-rows.ts';
import { type ConformalRows, readConformalRows } from '../conformal/read-rows.ts';
import { requireDistinctFiles, writeFileAtomically } from '../output/index.ts';
import type { ConformalDocument, RiskLoss, SetEvaluation } from '../report/conformal/document.ts';
import { terminalWidth, wantsColour } from '../terminal/ansi.ts';
import { renderConformal } from '../terminal/conformal.ts';
import { createProgress } from '../terminal/index.ts';
import { version } from '../version.ts';
import {
  addCommonOptions,
  bothOrNeither,
  type CommonOptions,
  interruptible,
  list,
  number,
  wholeNumber,
} from './common-options.ts';

const examples = `
Examples:
  counterweight conformal scored.csv --target species --scores oak,ash,yew --class-conditional
  counterweight conformal scored.csv --target fraud --score p --alpha 0.05 --class-conditional --html sets.html
  counterweight conformal scored.csv --target fraud --score p --apply new.csv --out new-sets.csv --save sets.json
  counterweight conformal --model sets.json --apply newer.csv --out newer-sets.csv
  counterweight conformal scored.csv --target fraud --score p --risk false-negative --level 0.05

The probabilities must come from a model that did not learn from these rows. The output gets a column "set", the labels
joined by | (a | or \\ inside a label stands behind a \\), and a column pvalue_CLASS a class.`;

interface ConformalFlags extends CommonOptions {
  readonly target?: string;
  readonly score?: string;
  readonly scores?: string[];
  readonly positive?: string;
  readonly alpha?: number;
  readonly method?: string;
  readonly predictor?: string;
  readonly classConditional?: boolean;
  readonly by?: string;
  readonly tooFew?: TooFewPolicy;
  readonly smoothed?: boolean;
  readonly exactCoverage?: boolean;
  readonly tau?: number;
  readonly bandwidth?: number;
  readonly trainCounts?: string;
  readonly targetShares?: string;
  readonly importance?: string;
  readonly folds: number;
  readonly apply?: string;
  readonly out?: string;
  readonly save?: string;
  readonly model?: string;
  readonly drift?: string;
  readonly driftLevel?: number;
  readonly risk?: RiskLoss;
  readonly level?: number;
  readonly delta?: number;
  readonly html?: string;
}

/** Adds `counterweight conformal`. */
export function addConformal(program: Command): void {
  const command = program
    .command('conformal')
    .description('label sets with a stated error rate from the probabilities of any model, and how well they hold')
    .argument('[data]', 'rows with their truth and scores: CSV, TSV, JSON lines or Parquet, also gzipped')
    .option('--target <column>', 'column that holds the true class')
    .option(
      '--scores <columns>',
      'one probability column a class, named CLASS or p_CLASS; a comma in a name is written \\,',
      list,
    )
    .option('--score <column>', 'of two classes: the probability of the positive one')
    .option('--positive <class>', 'the class that --score speaks of (default: the rarer of two)')
    .option('--alpha <x>', 'share of sets that may miss the true class (default: 0.1)', openShare)
    .option('--method <name>', 'score: lac, margin, aps, raps, saps, top-k, pas, wpas (default: lac)')
    .option('--class-conditional', 'keep the error rate within each class (predictor mondrian)')
    .option('--by <column>', 'keep the error rate within each category of this column')
    .option('--predictor <name>', `${filePredictors.join(', ')} (default: split)`)
    .addOption(
      new Option(
        '--too-few <policy>',
        'a class with fewer rows than alpha needs: into every set, judged by all rows, or an error',
      ).choices(['full', 'pooled', 'error']),
    )
    .option('--smoothed', 'sets from smoothed p-values: an error rate of exactly alpha, by a draw a row')
    .option('--exact-coverage', 'draw the bound of each row between two ranks: an error rate of exactly alpha')
    .option('--tau <x>', 'interp-q: weight of the bound of the class itself (default: 0.5)', number(0, 1))
    .option(
      '--bandwidth <x>',
      'fuzzy: width of the kernel over class frequency (default: 0.0001)',
      number(0, undefined, true),
    )
    .option('--train-counts <numbers>', 'rows of each class the model learned from: CLASS=ROWS,... or a .json file')
    .option('--target-shares <numbers>', 'label-shift: class shares where the sets will be used')
    .option('--importance <numbers>', 'wpas: what covering each class is worth')
    .option('--folds <n>', 'folds that judge the sets on the data themselves; 0 for none', foldCount, 10)
    .option('--apply <file>', 'rows to make sets for, of any number')
    .option('--out <file>', 'where to write them with their sets')
    .option('--save <file>', 'keep the calibrated model')
    .option('--model <file>', 'use a model that --save kept; the data, if given, only judge it')
    .option('--drift <file>', 'later rows with their truth: are they still like the calibration rows?')
    .option('--drift-level <x>', 'chance of ever raising a false alarm (default: 0.01)', openShare)
    .addOption(new Option('--risk <loss>', 'a threshold that keeps this rate at --level').choices(riskLosses))
    .option('--level <x>', 'the rate for --risk', openShare)
    .option('--delta <x>', 'keep --risk with confidence 1 - delta instead of on average', openShare)
    .option('--html <file>', 'write a page with charts')
    .addHelpText('after', examples);
  addCommonOptions(command).action(async (data: string | undefined, flags: ConformalFlags) => {
    checkFlags(data, flags);
    requireDistinctFiles(
      [
        ['DATA', data],
        ['--apply', flags.apply],
        ['--model', flags.model],
        ['--drift', flags.drift],
        ['--train-counts', jsonFile(flags.trainCounts)],
        ['--target-shares', jsonFile(flags.targetShares)],
        ['--importance', jsonFile(flags.importance)],
      ],
      [
        ['--out', flags.out],
        ['--save', flags.save],
        ['--html', flags.html],
      ],
    );
    await interruptible((signal) => conformal(data, flags, signal));
  });
}

/** Of an option that takes numbers or a file of them. */
const jsonFile = (text: string | undefined) => (text?.endsWith('.json') ? text : undefined);

function openShare(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && value < 1) return value;
  throw new InvalidArgumentError('It must be a number above 0 and below 1.');
}

function foldCount(text: string): number {
  return text.trim() === '0' ? 0 : wholeNumber(2)(text);
}

const bad = (message: string) => new CounterweightError('bad-option', message);

const fitting = [
  ['score', '--score'],
  ['scores', '--scores'],
  ['positive', '--positive'],
  ['method', '--method'],
  ['predictor', '--predictor'],
  ['classConditional', '--class-conditional'],
  ['by', '--by'],
  ['tooFew', '--too-few'],
  ['tau', '--tau'],
  ['bandwidth', '--bandwidth'],
  ['trainCounts', '--train-counts'],
  ['targetShares', '--target-shares'],
  ['importance', '--importance'],
  ['save', '--save'],
  ['risk', '--risk'],
] as const;

/** What can be told before anything is read. Throws `bad-option`. */
function checkFlags(data: string | undefined, flags: ConformalFlags): void {
  const { model, target, score, scores } = flags;
  bothOrNeither(['--apply', flags.apply], ['--out', flags.out]);
  bothOrNeither(['--risk', flags.risk], ['--level', flags.level]);
  if (flags.delta !== undefined && flags.risk === undefined) throw bad('--delta needs --risk beside it');
  if (flags.driftLevel !== undefined && flags.drift === undefined) throw bad('--drift-level needs --drift beside it');
  if (flags.smoothed && flags.exactCoverage) throw bad('--smoothed and --exact-coverage both draw; give one of them');
  if (model !== undefined) {
    const stray = fitting.find(([key]) => flags[key] !== undefined);
    if (stray) throw bad(`${stray[1]} belongs to the fitting; the model of --model is fitted already`);
    if (data === undefined && flags.apply === undefined && flags.drift === undefined) {
      throw bad('nothing to do: beside --model give DATA to judge it on, or --apply and --out, or --drift');
    }
    return;
  }
  if (data === undefined)
    throw bad('DATA is missing: rows with their truth and scores to calibrate on, or --model FILE');
  if (target === undefined) throw bad('--target COLUMN is missing: the column that holds the true class');
  if ((score === undefined) === (scores === undefined)) {
    throw bad('give --scores a,b,c, one probability column a class, or --score COLUMN, that of the positive class');
  }
}

interface Prepared {
  readonly saved: SavedConformal;
  readonly given: ConformalRows | null;
  readonly evaluation: SetEvaluation | null;
  readonly settings: ConformalDocument['settings'];
  readonly notices: readonly Notice[];
}

async function conformal(data: string | undefined, flags: ConformalFlags, signal: AbortSignal): Promise<void> {
  const prepared =
    flags.model === undefined ? await fitModel(data!, flags, signal) : await readModel(data, flags, signal);
  const { saved, given, evaluation, settings } = prepared;
  const notices = [...prepared.notices];
  const later = flags.drift === undefined ? null : await judgeLater(flags, saved, signal);
  const risk = flags.risk === undefined ? null : controlRisk(given!, riskRequest(flags));
  notices.push(...(later?.notices ?? []), ...(risk?.notices ?? []));
  if (flags.save !== undefined) await writeFileAtomically(flags.save, conformalToJSON(saved));
  const applied = flags.apply === undefined ? null : await applyTo(flags, saved, signal);
  notices.push(...(applied?.notices ?? []));
  const document: ConformalDocument = {
    format: 'counterweight-conformal',
    formatVersion: 1,
    versions: { counterweight: version },
    data: given && describeData(given, flags.target ?? saved.target),
    settings,
    calibration: describeCalibration(saved.model, saved.alpha, saved.categories),
    evaluation,
    newRows: later?.evaluation ?? null,
    drift: later?.drift ?? null,
    risk: risk?.risk ?? null,
    applied: applied && { rows: applied.rows, rowsWithoutSet: applied.rowsWithoutSet, out: flags.out! },
    notices: distinctNotices([
      ...notices,
      ...underCovered(evaluation, settings),
      ...underCovered(later?.evaluation, settings),
    ]),
  };
  await report(document, flags);
}

async function fitModel(data: string, flags: ConformalFlags, signal: AbortSignal): Promise<Prepared> {
  const { seed, alpha = 0.1, smoothed = false, exactCoverage = false } = flags;
  const numbers = (option: string, text: string | undefined) =>
    text === undefined ? undefined : classNumbers(option, text);
  const chosen = choosePredictor({
    ...flags,
    alpha,
    byCategory: flags.by !== undefined,
    trainCounts: numbers('--train-counts', flags.trainCounts),
    targetShares: numbers('--target-shares', flags.targetShares),
    importance: numbers('--importance', flags.importance),
  });
  const { target, score, scores, positive, by } = flags;
  const given = await readConformalRows({ data, target: target!, score, scores, positive, by, signal });
  const { labels, probabilities, columns, categories, categoryCodes } = given;
  const model = chosen.make(labels).fit(probabilities, labels, { categories: categoryCodes ?? undefined });
  const asked = { alpha, smoothed, exactCoverage, seed };
  const saved: SavedConformal = { ...asked, columns, categories, target: target!, model };
  const notices = [...given.notices, ...chosen.notices, ...model.notices, ...policyNotices(saved, given)];
  const evaluation =
    flags.folds === 0 ? null : evaluateByFolds(given, flags.folds, chosen.makeForFold, asked).evaluation;
  const { name, method, guarantee, tooFew } = chosen;
  const settings = { ...asked, method, predictor: name, guarantee, tooFew, by: by ?? null, readFromFile: false };
  return { saved, given, evaluation, settings, notices };
}

/** What the policy for classes with too few rows did, as the model itself says when asked for sets; its `error` is thrown here. */
function policyNotices({ model, alpha }: SavedConformal, given: ConformalRows): readonly Notice[] {
  const { probabilities, categoryCodes, categories } = given;
  // One row of each category says it all.
  const rows = categories && categoryCodes ? categories.values.map((_value, code) => categoryCodes.indexOf(code)) : [0];
  const { columns, data } = probabilities;
  const asked = matrix(
    Float64Array.from(rows.flatMap((row) => [...data.subarray(row * columns, (row + 1) * columns)])),
    rows.length,
    columns,
  );
  const codes = categories ? Int32Array.from(rows.keys()) : undefined;
  return model.sets(asked, { alpha, categories: codes }).notices;
}

async function readModel(data: string | undefined, flags: ConformalFlags, signal: AbortSignal): Promise<Prepared> {
  const read = await readConformalFile(flags.model!);
  const saved: SavedConformal = {
    ...read,
    alpha: flags.alpha ?? read.alpha,
    smoothed: flags.smoothed ?? (flags.exactCoverage ? false : read.smoothed),
    exactCoverage: flags.exactCoverage ?? (flags.smoothed ? false : read.exactCoverage),
  };
  const { model, alpha, smoothed, exactCoverage, seed, categories } = saved;
  const json = model.toJSON();
  const settings = {
    ...{ alpha, smoothed, exactCoverage, seed },
    method: (json['score'] as { kind: string }).kind,
    predictor: model.name,
    guarantee: conformalPredictors.find(({ name }) => name === model.name)!.guarantee,
    tooFew: (json['tooFew'] as TooFewPolicy | undefined) ?? null,
    by: categories?.name ?? null,
    readFromFile: true,
  };
  if (data === undefined) return { saved, given: null, evaluation: null, settings, notices: [...model.notices] };
  const given = await readKnownRows({ data, target: flags.target ?? saved.target, signal }, saved);
  const { evaluation, notices } = evaluateNewRows(given, model, saved, marginalRows(model));
  return { saved, given, evaluation, settings, notices: [...given.notices, ...notices] };
}

/** Rows of --drift: how the sets do on them, and whether they are still like the calibration rows. */
async function judgeLater(flags: ConformalFlags, saved: SavedConformal, signal: AbortSignal) {
  const { model, seed } = saved;
  const given = await readKnownRows({ data: flags.drift!, target: flags.target ?? saved.target, signal }, saved);
  const { evaluation, notices } = evaluateNewRows(given, model, saved, marginalRows(model));
  const watched = watchDrift(given, model, { level: flags.driftLevel ?? 0.01, seed });
  return { evaluation, drift: watched.drift, notices: [...given.notices, ...notices, ...watched.notices] };
}

function riskRequest({ risk, level, delta, positive }: ConformalFlags): RiskRequest {
  return { loss: risk!, level: level!, delta, positive };
}

async function applyTo(flags: ConformalFlags, saved: SavedConformal, signal: AbortSignal) {
  const progress = createProgress({ quiet: flags.quiet ?? false });
  try {
    const files = { input: flags.apply!, out: flags.out! };
    return await applyConformal(saved, files, { signal, onProgress: progress.onProgress });
  } finally {
    progress.stop();
  }
}

function describeData({ source, labels }: ConformalRows, target: string): ConformalDocument['data'] {
  const counts = classCounts(labels);
  const rows = labels.codes.length;
  const classes = labels.classes.map((label, code) => ({ label, rows: counts[code]!, share: counts[code]! / rows }));
  return { source, target, rows, classes };
}

/** Classes that are missed more often than asked, beyond chance: what a rate over all rows hides. */
function underCovered(evaluation: SetEvaluation | null | undefined, settings: ConformalDocument['settings']): Notice[] {
  if (!evaluation) return [];
  const asked = 1 - settings.alpha;
  const short = evaluation.perClass.filter(({ high }) => high !== null && high < asked);
  if (short.length === 0) return [];
  const worst = [...short].sort((a, b) => a.value! - b.value!);
  const named = worst.slice(0, 3).map((one) => `${one.class} (${Math.round(100 * one.value!)} %)`);
  const more = worst.length > 3 ? ` and ${worst.length - 3} more` : '';
  const byClass = settings.guarantee === 'class' || settings.guarantee === 'class-and-category';
  const advice = byClass ? '' : '; --class-conditional keeps the rate within each class';
  return [
    {
      code: 'class-under-covered',
      severity: 'warning',
      message: `${evaluation.source}: covered less than the ${Number((100 * asked).toPrecision(6))} % asked, beyond chance: ${named.join(', ')}${more}${advice}`,
      class: worst[0]!.class,
      numbers: { classes: worst.length, lowest: worst[0]!.value! },
    },
  ];
}

/** Each once: several parts of the work meet the same classes. */
function distinctNotices(notices: readonly Notice[]): Notice[] {
  const found = new Map(notices.map((notice) => [`${notice.code} ${notice.message}`, notice]));
  return [...found.values()];
}

async function report(document: ConformalDocument, flags: ConformalFlags): Promise<void> {
  if (flags.html !== undefined) {
    const { renderConformalPage } = await import('../report/conformal/page.ts');
    await writeFileAtomically(flags.html, renderConformalPage(document));
  }
  if (flags.json) {
    process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
    return;
  }
  const files = (['save', 'html'] as const).flatMap((key) => {
    const path = flags[key];
    return path === undefined ? [] : [{ label: key === 'save' ? 'model' : 'page', path }];
  });
  const width = terminalWidth(process.stdout);
  const colour = wantsColour(process.stdout, process.env);
  process.stdout.write(renderConformal(document, { width, colour, files }));
}
