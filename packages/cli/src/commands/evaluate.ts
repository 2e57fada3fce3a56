import { relative } from 'node:path';
import {
  type ClassScoreEvaluation,
  type CostsByLabel,
  CounterweightError,
  evaluateClassScores,
  evaluateScores,
  type Notice,
  positiveClass,
  type RunOptions,
  type ScoreEvaluation,
} from '@counterweight/core';
import type { Command } from 'commander';
import { readBinaryScores, readClassScores, type ScoresRequest } from '../input/read-scores.ts';
import { readTable } from '../input/read-table.ts';
import { requireDistinctFiles, writeFileAtomically } from '../output/index.ts';
import type { EvaluationReport } from '../report/evaluate/evaluation-report.ts';
import { terminalWidth, wantsColour } from '../terminal/ansi.ts';
import { renderEvaluation } from '../terminal/evaluation.ts';
import { createProgress } from '../terminal/index.ts';
import { version } from '../version.ts';
import { addCommonOptions, bothOrNeither, type CommonOptions, interruptible, list, number } from './common-options.ts';
import { type EvaluateFlags, evaluateCommandOf } from './evaluate-command.ts';
import { costMatrixOf } from './run-request.ts';

const examples = `
Examples:
  counterweight evaluate scored.csv --target fraud --score p
  counterweight evaluate scored.csv --target fraud --score p_new --score p_old --cost-fn 500 --cost-fp 10 --html comparison.html
  counterweight evaluate scored.parquet --target species --scores p_cat,p_dog,p_fox --json`;

/** Adds `counterweight evaluate`. */
export function addEvaluate(program: Command): void {
  const command = program
    .command('evaluate')
    .description(
      'metrics and curves of given predictions, each with its interval; several models are compared in pairs',
    )
    .argument('<data>', 'CSV, TSV, JSON lines or Parquet, also gzipped; a glob reads several files as one')
    .requiredOption('--target <column>', 'column that holds the true class')
    .option('--score <column>', 'score of the positive class, larger = likelier; again for each further model', collect)
    .option(
      '--scores <a,b,c>',
      'one probability column a class, named as the class or p_CLASS; a comma in a name is written \\,',
      list,
    )
    .option('--positive <class>', 'class that --score speaks of (default: the rarer of two)')
    .option('--threshold <score>', 'a threshold to look at beside 0.5 and the tuned one', finiteNumber)
    .option('--cost-fn <cost>', 'cost of a false negative', number(0, undefined, true))
    .option('--cost-fp <cost>', 'cost of a false positive', number(0, undefined, true))
    .option('--cost-matrix <file>', 'costs as a table: a row a predicted class, a column a true class')
    .option('--weights <column>', 'weights of the rows; whole numbers are copies of a row')
    .option('--metric <name>', 'what the tuned threshold is tuned for (default: f1, or expectedCost with costs)')
    .option('--html <file>', 'also write a page with the curves')
    .addHelpText('after', examples);
  addCommonOptions(command).action(evaluate);
}

const collect = (value: string, before: readonly string[] = []): string[] => [...before, value];

function finiteNumber(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new CounterweightError('bad-option', `--threshold must be a number, got "${text}"`);
}

async function evaluate(data: string, flags: EvaluateFlags & CommonOptions): Promise<void> {
  requireFlags(flags);
  requireDistinctFiles(
    [
      ['DATA', data],
      ['--cost-matrix', flags.costMatrix],
    ],
    [['--html', flags.html]],
  );
  const progress = createProgress({ quiet: flags.quiet ?? false });
  try {
    const report = await interruptible((signal) => reportOf(data, flags, { signal, onProgress: progress.onProgress }));
    if (flags.html !== undefined) {
      progress.onProgress({ task: 'writing the page', done: 0, total: 1 });
      const { renderEvaluationPage } = await import('../report/evaluate/page.ts');
      await writeFileAtomically(flags.html, renderEvaluationPage(report));
    }
    progress.stop();
    process.stdout.write(
      flags.json
        ? `${JSON.stringify(report, null, 2)}\n`
        : renderEvaluation(report, {
            width: terminalWidth(process.stdout),
            colour: wantsColour(process.stdout, process.env),
            files:
              flags.html === undefined
                ? []
                : [{ label: 'page', path: relative(process.cwd(), flags.html) || flags.html }],
          }),
    );
  } finally {
    progress.stop();
  }
}

/** Throws `bad-option` for options that contradict one another. */
function requireFlags(flags: EvaluateFlags): void {
  if ((flags.score === undefined) === (flags.scores === undefined)) {
    throw new CounterweightError(
      'bad-option',
      flags.score === undefined
        ? 'say which column holds the scores: --score COLUMN for one class, or --scores a,b,c with a column a class'
        : '--score (of one class) and --scores (a column a class) exclude each other',
    );
  }
  bothOrNeither(['--cost-fn', flags.costFn], ['--cost-fp', flags.costFp]);
  if (flags.costMatrix !== undefined && flags.costFn !== undefined) {
    throw new CounterweightError('bad-option', 'give either --cost-fn and --cost-fp or --cost-matrix, not both');
  }
  const twice = flags.score?.find((name, i) => flags.score!.indexOf(name) < i);
  if (twice !== undefined) throw new CounterweightError('bad-option', `--score names the column "${twice}" twice`);
}

async function reportOf(
  data: string,
  flags: EvaluateFlags & CommonOptions,
  run: RunOptions,
): Promise<EvaluationReport> {
  run.onProgress?.({ task: 'reading the data', done: 0, total: 1 });
  const costs = await costsOf(flags);
  const { source, notices, ...found } = await (flags.scores === undefined
    ? evaluateColumns(data, flags, costs, run)
    : evaluateClassColumns(data, flags, costs, run));
  return {
    format: 'counterweight-evaluation',
    formatVersion: 1,
    versions: { counterweight: version },
    reproduce: { command: evaluateCommandOf(data, flags), seed: flags.seed },
    source,
    target: flags.target,
    ...found,
    notices,
  };
}

type Found = (ScoreEvaluation | ClassScoreEvaluation) & { readonly source: string };

/** `--score`: each column a model. */
async function evaluateColumns(
  data: string,
  flags: EvaluateFlags & CommonOptions,
  costs: CostsByLabel | undefined,
  run: RunOptions,
): Promise<Found> {
  const read = await readBinaryScores(requestOf(data, flags, run), flags.score!);
  const found = await evaluateScores(
    { ...read, ...binaryOptions(flags, costs), positive: read.labels.classes[read.positive] },
    run,
  );
  return { ...found, source: read.source, notices: [...read.notices, ...found.notices] };
}

/** `--scores`: one model with a column a class; of two classes the positive one is evaluated. */
async function evaluateClassColumns(
  data: string,
  flags: EvaluateFlags & CommonOptions,
  costs: CostsByLabel | undefined,
  run: RunOptions,
): Promise<Found> {
  const read = await readClassScores(requestOf(data, flags, run), flags.scores!);
  const { labels, probabilities, weights, source } = read;
  const { metric, seed } = flags;
  if (labels.classes.length > 2) {
    if (flags.threshold !== undefined) {
      throw new CounterweightError('bad-option', '--threshold needs one class: use --score and --positive');
    }
    if (flags.positive !== undefined) {
      throw new CounterweightError('bad-option', '--positive needs the scores of that class alone: use --score');
    }
    const found = await evaluateClassScores({ labels, probabilities, weights, costs, metric, seed }, run);
    return { ...found, source, notices: [...read.notices, ...found.notices] };
  }
  const positive = positiveClass(labels, flags.positive);
  const name = read.columns[positive]!;
  const values = Float64Array.from(labels.codes, (_, row) => probabilities.data[2 * row + positive]!);
  const found = await evaluateScores(
    { labels, positive: labels.classes[positive], scores: [{ name, values }], weights, ...binaryOptions(flags, costs) },
    run,
  );
  const notice: Notice = {
    code: 'two-classes',
    severity: 'info',
    message: `of the two columns that of the positive class, "${name}", is evaluated`,
    column: name,
  };
  return { ...found, source, notices: [...read.notices, notice, ...found.notices] };
}

const requestOf = (data: string, flags: EvaluateFlags & CommonOptions, run: RunOptions): ScoresRequest => ({
  data,
  target: flags.target,
  positive: flags.positive,
  weights: flags.weights,
  threads: flags.threads,
  signal: run.signal,
});

const binaryOptions = (
  { threshold, metric, seed }: EvaluateFlags & CommonOptions,
  costs: CostsByLabel | undefined,
) => ({
  threshold,
  metric,
  seed,
  costs,
});

async function costsOf({
  costFn,
  costFp,
  costMatrix,
  threads,
}: EvaluateFlags & CommonOptions): Promise<CostsByLabel | undefined> {
  if (costFn !== undefined) return { falseNegative: costFn, falsePositive: costFp! };
  if (costMatrix === undefined) return undefined;
  return costMatrixOf((await readTable(costMatrix, { threads })).table);
}
