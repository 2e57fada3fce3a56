import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import {
  CounterweightError,
  createKernelRuntime,
  type Experiment,
  ensembles,
  runExperiment,
} from '@counterweight/core';
import type { Command } from 'commander';
import { fingerprint, readTable, withMissingWords } from '../input/index.ts';
import { writeFileAtomically } from '../output/index.ts';
import type { RunReport } from '../report/run-report.ts';
import { createProgress, renderSummary, terminalWidth, wantsColour } from '../terminal/index.ts';
import { version } from '../version.ts';
import {
  addCommonOptions,
  type CommonOptions,
  interruptible,
  list,
  names,
  number,
  wholeNumber,
} from './common-options.ts';
import {
  freeFolder,
  holdsRun,
  openRunFolder,
  type RunFolder,
  readRunState,
  requireFolderWithoutInput,
  resumeRunFolder,
  runFiles,
} from './run-folder.ts';
import { commandOf, experimentOptions, type RunFlags, type RunRequest, requestOf } from './run-request.ts';
import { writePredictions } from './write-predictions.ts';

const examples = `
Examples:
  counterweight run claims.csv --target fraud
  counterweight run claims.csv --target fraud --cost-fn 500 --cost-fp 10
  counterweight run visits.parquet --target readmitted --group patient_id --metric rocAuc
  counterweight run log.csv.gz --target failure --time timestamp --ignore id,comment
  counterweight run --resume counterweight-claims`;

/** Adds `counterweight run`. */
export function addRun(program: Command): void {
  const command = program
    .command('run')
    .description('compare strategies for the rare class with doing nothing; write a report and a model')
    .argument('[data]', 'CSV, TSV, JSON lines or Parquet, also gzipped; a glob reads several files as one')
    .option('--target <column>', 'column that holds the class')
    .option(
      '--positive <class>',
      'class that scores speak of (default: the rarer of two); with more classes, this one against the rest',
    )
    .option(
      '--metric <name>',
      'metric by which strategies are compared (default: averagePrecision, or expectedCost with costs)',
    )
    .option('--cost-fn <cost>', 'cost of a false negative', number(0, undefined, true))
    .option('--cost-fp <cost>', 'cost of a false positive', number(0, undefined, true))
    .option('--cost-matrix <file>', 'costs as a table: a row a predicted class, a column a true class')
    .option('--test <file>', 'held-out rows of their own')
    .option('--test-size <share>', 'share of rows to hold out (default: 0.25)', number(0, 0.9, true))
    .option('--group <column>', 'rows with the same value stay together in every split')
    .option('--time <column>', 'hold out the latest rows, and let folds look forward in time')
    .option('--folds <n>', 'folds of the comparison (default: 5)', wholeNumber(2))
    .option(
      '--repeats <n>',
      'repeats of the folds (default: 3 up to 2,000 training rows, 2 up to 10,000, else 1)',
      wholeNumber(1),
    )
    .option(
      '--strategies <a,b,c>',
      'none, class-weight, random-under, random-over, smote (default: these), any method of resample, or an ensemble: ' +
        `${[...ensembles.keys()].join(', ')}`,
      names,
    )
    .option(
      '--learners <a,b>',
      'logistic, gradient-boosting, random-forest (default: these, the first is the one to beat), extra-trees, decision-tree, cost-sensitive-tree, ' +
        'gaussian-naive-bayes, k-nearest-neighbours, linear-discriminant, quadratic-discriminant, linear-svm, rbf-svm',
      names,
    )
    .option(
      '--alpha <share>',
      'share of the rows of each class whose label set may miss it (default: 0.1)',
      number(0, 0.999, true),
    )
    .option('--test-all', 'show the held-out rows to every strategy; the choice does not use them')
    .option('--ignore <columns>', 'columns that the models must not see', list)
    .option('--keep <columns>', 'columns that the models see although they look like leaks or identifiers', list)
    .option('--drop-rare-classes', 'leave out classes of fewer than three rows')
    .option(
      '--time-limit <seconds>',
      'begin no further fold after this time; at least two are done',
      number(0, undefined, true),
    )
    .option('--out <dir>', 'folder for the report (default: counterweight-NAME)')
    .option('--resume <dir>', 'go on with an interrupted run')
    .addHelpText('after', examples);
  addCommonOptions(command).action(async (data: string | undefined, flags: RunFlags & CommonOptions & PlaceFlags) => {
    const { out, resume, ...rest } = flags;
    const request =
      resume !== undefined && data === undefined
        ? await requestToResume(resume, command)
        : requestOf(data ?? needData(command), rest);
    await performRun(request, flags, { out, resume });
  });
}

/** Options that do not change what was asked. */
const besideResume = new Set(['resume', 'threads', 'quiet', 'json']);

/** What the interrupted run was asked. Anything asked beside it would be ignored, so it is refused: `bad-option`. */
async function requestToResume(folder: string, command: Command): Promise<RunRequest> {
  for (const option of command.options) {
    const name = option.attributeName();
    if (!besideResume.has(name) && command.getOptionValueSource(name) === 'cli') {
      throw new CounterweightError(
        'bad-option',
        `--resume goes on with what the run was asked; leave out ${option.long ?? name}`,
      );
    }
  }
  return (await readRunState(resolve(folder))).request;
}

interface PlaceFlags {
  readonly out?: string | undefined;
  readonly resume?: string | undefined;
}

function needData(command: Command): never {
  return command.error('counterweight: say which data to use: counterweight run DATA --target COLUMN', { exitCode: 2 });
}

/** Does one run, from reading to the summary on the terminal. */
export async function performRun(request: RunRequest, common: CommonOptions, place: PlaceFlags): Promise<void> {
  const path = folderOf(request, place);
  requireFolderWithoutInput(path, request);
  if (place.resume === undefined && !common.quiet && holdsRun(path)) {
    process.stderr.write(`${place.out} holds a finished run, which this one replaces\n`);
  }
  const progress = createProgress({ quiet: common.quiet ?? false });
  try {
    await interruptible(async (signal) => {
      progress.onProgress({ task: 'reading the data', done: 0, total: 1 });
      const read = await readTable(request.data, { target: request.target, signal, threads: common.threads });
      const { options, notices } = await experimentOptions(request, read, common.threads);
      const runtime = await createKernelRuntime({ threads: common.threads });
      let folder: RunFolder | undefined;
      try {
        folder = await folderFor(request, path, place);
        const { checkpoint } = folder;
        const experiment = await withMissingWords(request.target, read.notices, () =>
          runExperiment(read.table, options, { signal, runtime, checkpoint, onProgress: progress.onProgress }),
        );
        progress.onProgress({ task: 'writing the report', done: 0, total: 1 });
        const report = reportOf(experiment, request, [...read.notices, ...notices]);
        await writeRun(folder, report, experiment, read.table);
        progress.stop();
        print(report, folder, common);
      } catch (error) {
        await folder?.abandon();
        throw folder ? withResumeHint(error as CounterweightError, folder) : error;
      } finally {
        await runtime.dispose();
      }
    });
  } finally {
    progress.stop();
  }
}

const folderOf = ({ data }: RunRequest, { out, resume }: PlaceFlags): string =>
  resume === undefined && out === undefined ? freeFolder(data) : resolve((resume ?? out)!);

async function folderFor(request: RunRequest, path: string, { resume }: PlaceFlags): Promise<RunFolder> {
  const files = [request.data, request.test, request.costMatrix].filter((path) => path !== undefined);
  const fingerprints: Record<string, string> = {};
  for (const file of files) fingerprints[file] = await fingerprint(file);
  const state = { version, request, fingerprints };
  return resume === undefined ? openRunFolder(path, state) : resumeRunFolder(path, state);
}

function reportOf(experiment: Experiment, request: RunRequest, readNotices: RunReport['notices']): RunReport {
  return {
    format: 'counterweight-report',
    formatVersion: 1,
    versions: { counterweight: version },
    reproduce: { command: commandOf(request), seed: request.seed },
    ...experiment.result,
    notices: [...experiment.result.notices, ...readNotices],
  };
}

async function writeRun(
  folder: RunFolder,
  report: RunReport,
  experiment: Experiment,
  table: Parameters<typeof writePredictions>[2],
): Promise<void> {
  const { renderRunReport } = await import('../report/html.ts');
  await writeFileAtomically(folder.file('report.html'), renderRunReport(report));
  await writeFileAtomically(folder.file('report.json'), `${JSON.stringify(report, null, 2)}\n`);
  const { reproduce, versions } = report;
  const model = { ...experiment.pipeline.toJSON(), versions, trainedBy: reproduce };
  await writeFileAtomically(folder.file('model.json'), `${JSON.stringify(model, null, 1)}\n`);
  await writePredictions(folder.file('predictions.parquet'), experiment, table);
  await folder.finish();
}

function print(report: RunReport, folder: RunFolder, { json }: CommonOptions): void {
  if (json) {
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
    return;
  }
  const files = runFiles.map((name) => ({
    label: name.split('.')[0]!,
    path: relative(process.cwd(), folder.file(name)) || folder.file(name),
  }));
  process.stdout.write(
    renderSummary(report, {
      width: terminalWidth(process.stdout),
      colour: wantsColour(process.stdout, process.env),
      files,
    }),
  );
}

/** An interrupted run says how it goes on. */
function withResumeHint(error: CounterweightError, folder: RunFolder): Error {
  if (error.code !== 'aborted' || !folder.hasCheckpoint() || !existsSync(folder.path)) return error;
  error.message = `stopped; finished folds are kept, go on with: counterweight run --resume ${folder.path}`;
  return error;
}
