import { basename } from 'node:path';
import type { Command } from 'commander';
import { Option } from 'commander';
import {
  type Applied,
  applyCalibrator,
  type CalibrateFlags,
  checkFlags,
  fitCalibrator,
  fitRequestOf,
  methodNames,
  readCalibrator,
  type SavedCalibrator,
  writeCalibrator,
} from '../calibrate/index.ts';
import { requireDistinctFiles, writeFileAtomically } from '../output/index.ts';
import type { CalibrateReport } from '../report/calibrate/calibrate-report.ts';
import { terminalWidth, wantsColour } from '../terminal/ansi.ts';
import { renderCalibration } from '../terminal/calibration.ts';
import { createProgress, type Progress } from '../terminal/index.ts';
import { addCommonOptions, type CommonOptions, interruptible, list, wholeNumber } from './common-options.ts';

const examples = `
Examples:
  counterweight calibrate scored.csv --target fraud --score score
  counterweight calibrate scored.csv --target fraud --score score --method all --html calibration.html
  counterweight calibrate scored.csv --target fraud --score score --apply new.csv --out new-p.csv --save calibrator.json
  counterweight calibrate --model calibrator.json --apply more.csv --out more-p.csv
  counterweight calibrate scored.csv --target fraud --score p --method prior --trained-on 0.5
  counterweight calibrate scored.csv --target kind --scores p_a,p_b,p_c

The rows of DATA must be rows that the scoring model has not learned from. Methods:
  ${methodNames.slice(0, 6).join(', ')},
  ${methodNames.slice(6).join(', ')}; all compares every one that the scores suit.`;

/** Adds `counterweight calibrate`. */
export function addCalibrate(program: Command): void {
  const command = program
    .command('calibrate')
    .description('turn scores into probabilities that can be taken at their word, and show that they can')
    .argument('[data]', 'scored rows with their classes: CSV, TSV, JSON lines or Parquet, also gzipped')
    .option('--target <column>', 'column that holds the class')
    .option('--score <column>', 'column of scores or probabilities of the positive class')
    .option(
      '--scores <columns>',
      'probability columns, one a class, each named CLASS or p_CLASS; a comma in a name is written \\,',
      list,
    )
    .option('--positive <class>', 'class that --score speaks of (default: the rarer of two)')
    .option('--method <names>', 'method, or several of which the best is taken, or all (default: venn-abers)', list)
    .option('--choose <name>', 'of several methods the one to fit (default: the least log loss out of fold)')
    .addOption(
      new Option('--input <kind>', 'what --score holds (default: probabilities if all lie in 0 to 1)').choices([
        'probabilities',
        'scores',
      ]),
    )
    .addOption(
      new Option('--multi-class <kind>', 'Venn-Abers of several classes (default: one-vs-one)').choices([
        'one-vs-one',
        'one-vs-rest',
      ]),
    )
    .option('--folds <n>', 'folds of the cross-validation (default: 5)', wholeNumber(2))
    .option(
      '--replicates <n>',
      'bootstrap replicates of the intervals (default: 500; fewer for large data)',
      wholeNumber(1),
    )
    .option('--weights <column>', 'column of row weights; a whole number equals that many copies of the row')
    .option(
      '--prior <share>',
      'share of the positive class where the probabilities are used, if not that of DATA; with several classes a=0.7,b=0.3',
      list,
    )
    .option(
      '--trained-on <share>',
      'share that the learner saw after resampling or weighting, for the method prior',
      list,
    )
    .option('--apply <file>', 'rows to calibrate: adds the columns p and, for Venn-Abers, p0 and p1')
    .option('--out <file>', 'where to write them; the extension says CSV or Parquet')
    .option('--prefix <text>', 'put before the names of the added columns')
    .option('--save <file>', 'write the fitted calibrator as JSON')
    .option('--model <file>', 'apply a saved calibrator instead of fitting one')
    .option('--html <file>', 'write the report as one HTML page')
    .addHelpText('after', examples);
  addCommonOptions(command).action(async (data: string | undefined, flags: CalibrateFlags & CommonOptions) => {
    const { json: _, seed, threads, quiet, ...own } = flags;
    checkFlags(data, own);
    requireDistinctFiles(
      [
        ['DATA', data],
        ['--apply', own.apply],
        ['--model', own.model],
      ],
      [
        ['--out', own.out],
        ['--save', own.save],
        ['--html', own.html],
      ],
    );
    const progress = createProgress({ quiet: quiet ?? false });
    try {
      await interruptible(async (signal) => {
        const run = { signal, threads, onProgress: progress.onProgress };
        if (data === undefined) await applySaved(own, flags, run, progress);
        else await fitAndReport(data, own, flags, { ...run, seed }, progress);
      });
    } finally {
      progress.stop();
    }
  });
}

type Run = Parameters<typeof applyCalibrator>[2] & { readonly signal: AbortSignal; readonly threads: number };

async function applySaved(flags: CalibrateFlags, { json }: CommonOptions, run: Run, progress: Progress): Promise<void> {
  const saved = await readCalibrator(flags.model!);
  const applied = await applyTo(saved, flags, run);
  progress.stop();
  if (json) {
    const { rows, columns, notices } = applied;
    process.stdout.write(`${JSON.stringify({ rows, out: flags.out, method: saved.method, columns, notices })}\n`);
    return;
  }
  for (const { message } of applied.notices) process.stdout.write(`${message}\n`);
  process.stdout.write(`${applied.rows} rows calibrated by ${saved.method}: ${flags.out}\n`);
}

async function fitAndReport(
  data: string,
  flags: CalibrateFlags,
  { json }: CommonOptions,
  run: Run & { readonly seed: number },
  progress: Progress,
): Promise<void> {
  const { saved, report: found } = await fitCalibrator(fitRequestOf(data, flags, run.seed), run);
  if (flags.save !== undefined) await writeCalibrator(flags.save, saved);
  const applied = flags.apply === undefined ? null : await applyTo(saved, flags, run);
  const report: CalibrateReport = {
    ...found,
    notices: [...found.notices, ...(applied?.notices ?? [])],
    saved: flags.save ?? null,
    applied: applied && { input: applied.input, out: applied.out, rows: applied.rows, columns: applied.columns },
  };
  if (flags.html !== undefined) {
    const { renderCalibratePage } = await import('../report/calibrate/calibrate-page.ts');
    await writeFileAtomically(flags.html, renderCalibratePage(report));
  }
  progress.stop();
  if (json) {
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
    return;
  }
  const files = [
    { label: 'calibrated rows', path: flags.out },
    { label: 'calibrator', path: flags.save },
    { label: 'page', path: flags.html },
  ].filter((file): file is { label: string; path: string } => file.path !== undefined);
  process.stdout.write(
    renderCalibration(report, {
      width: terminalWidth(process.stdout),
      colour: wantsColour(process.stdout, process.env),
      files,
    }),
  );
}

function applyTo(saved: SavedCalibrator, flags: CalibrateFlags, run: Run): Promise<Applied> {
  return applyCalibrator(saved, { input: flags.apply!, out: flags.out!, prefix: flags.prefix ?? '' }, run).then(
    (applied) => ({ ...applied, input: basename(applied.input) }),
  );
}
