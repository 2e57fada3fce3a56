import { CounterweightError, createKernelRuntime, type Examination, examine, type Notice } from '@counterweight/core';
import type { Command } from 'commander';
import { readTable, withMissingWords } from '../input/index.ts';
import { copyOptionsFor, requireDistinctFiles, requireWritablePath, writeFileAtomically } from '../output/index.ts';
import type { DiagnosisDocument } from '../report/diagnosis-document.ts';
import { renderDiagnosis } from '../terminal/diagnosis.ts';
import { createProgress, terminalWidth, wantsColour } from '../terminal/index.ts';
import { version } from '../version.ts';
import {
  addCommonOptions,
  bothOrNeither,
  type CommonOptions,
  interruptible,
  list,
  number,
  requireTargetSeen,
  wholeNumber,
} from './common-options.ts';
import { writeRowDifficulty } from './write-row-difficulty.ts';

const examples = `
Examples:
  counterweight diagnose claims.csv --target fraud
  counterweight diagnose claims.csv --target fraud --html diagnosis.html --rows rows.csv
  counterweight diagnose claims.csv --target fraud --cost-fn 500 --cost-fp 10
  counterweight diagnose claims.csv --target fraud --quick --json`;

interface DiagnoseFlags extends CommonOptions {
  readonly target: string;
  readonly positive?: string;
  readonly ignore?: string[];
  readonly keep?: string[];
  readonly quick?: boolean;
  readonly rows?: string;
  readonly html?: string;
  readonly lookAt?: number;
  readonly costFn?: number;
  readonly costFp?: number;
}

/** Adds `counterweight diagnose`. */
export function addDiagnose(program: Command): void {
  const command = program
    .command('diagnose')
    .description('the imbalance and difficulty of a data set, and what to try, with reasons')
    .argument('<data>', 'CSV, TSV, JSON lines or Parquet, also gzipped; a glob reads several files as one')
    .requiredOption('--target <column>', 'column that holds the class')
    .option(
      '--positive <class>',
      'class of interest (default: the rarer of two); with more classes, this one against the rest',
    )
    .option('--ignore <columns>', 'columns to leave aside', list)
    .option('--keep <columns>', 'columns to measure although they look like leaks or identifiers', list)
    .option('--cost-fn <cost>', 'cost of a false negative, for the advice on thresholds', number(0, undefined, true))
    .option('--cost-fp <cost>', 'cost of a false positive', number(0, undefined, true))
    .option('--quick', 'counts, columns and leaks only: leave the difficulty out')
    .option('--html <file>', 'write a page with the map, the measures and the rows to look at')
    .option('--rows <file>', 'write what is known of each row, as CSV, TSV, JSON lines or Parquet')
    .option(
      '--look-at <n>',
      'rows around which to look, rare classes first (default: 20,000; with --rows as many as some two minutes allow)',
      wholeNumber(2),
    )
    .addHelpText('after', examples);
  addCommonOptions(command).action(performDiagnosis);
}

async function performDiagnosis(data: string, flags: DiagnoseFlags): Promise<void> {
  checkFlags(flags);
  requireDistinctFiles(
    [['DATA', data]],
    [
      ['--rows', flags.rows],
      ['--html', flags.html],
    ],
  );
  const progress = createProgress({ quiet: flags.quiet ?? false });
  try {
    await interruptible(async (signal) => {
      progress.onProgress({ task: 'reading the data', done: 0, total: 1 });
      const read = await readTable(data, { target: flags.target, signal, threads: flags.threads });
      const runtime = await createKernelRuntime({ threads: flags.threads });
      try {
        const { target, positive, ignore, keep, quick, seed, lookAt, costFn, costFp } = flags;
        const costs =
          costFn === undefined || costFp === undefined ? undefined : { falseNegative: costFn, falsePositive: costFp };
        const found = await withMissingWords(target, read.notices, () =>
          examine(
            read.table,
            {
              ...{ target, positive, ignore, keep, quick, seed, costs },
              ...{ source: read.source, path: data, mostRows: lookAt },
              ...{ rowDetails: flags.rows !== undefined, map: flags.html !== undefined },
            },
            { signal, runtime, onProgress: progress.onProgress },
          ),
        );
        const { diagnosis } = found;
        const { format, formatVersion, ...rest } = diagnosis;
        const document: DiagnosisDocument = {
          format,
          formatVersion,
          versions: { counterweight: version },
          ...rest,
          notices: [...diagnosis.notices, ...read.notices, ...notWritten(found, flags)],
        };
        await writeFiles(document, found, flags);
        progress.stop();
        print(document, found.rows ? flags : { ...flags, rows: undefined });
      } finally {
        await runtime.dispose();
      }
    });
  } finally {
    progress.stop();
  }
}

type PrintFlags = Pick<DiagnoseFlags, 'json' | 'html'> & { readonly rows?: string | undefined };

/** What would fail at the end fails before the work. */
function checkFlags({ target, ignore, rows, html, quick, costFn, costFp }: DiagnoseFlags): void {
  bothOrNeither(['--cost-fn', costFn], ['--cost-fp', costFp]);
  requireTargetSeen(target, ignore);
  if (rows !== undefined) {
    if (quick) throw new CounterweightError('bad-option', '--rows holds what --quick leaves out: give one of them');
    copyOptionsFor(rows);
    requireWritablePath(rows);
  }
  if (html !== undefined) requireWritablePath(html);
}

/** Without difficulty there is nothing to say of single rows. */
function notWritten({ rows }: Examination, flags: DiagnoseFlags): readonly Notice[] {
  if (flags.rows === undefined || rows) return [];
  const message = `${flags.rows} was not written: there is nothing to say of single rows`;
  return [{ code: 'rows-not-written', severity: 'warning', message }];
}

async function writeFiles(document: DiagnosisDocument, found: Examination, { rows, html }: DiagnoseFlags) {
  if (rows !== undefined && found.rows) await writeRowDifficulty(rows, found.rows);
  if (html === undefined) return;
  const { renderDiagnosisPage } = await import('../report/diagnose.ts');
  await writeFileAtomically(html, renderDiagnosisPage(document, found.map));
}

function print(document: DiagnosisDocument, { json, rows, html }: PrintFlags): void {
  process.stdout.write(
    json
      ? `${JSON.stringify(document, null, 2)}\n`
      : renderDiagnosis(document, {
          width: terminalWidth(process.stdout),
          colour: wantsColour(process.stdout, process.env),
          files: [html, rows].filter((path) => path !== undefined),
        }),
  );
}
