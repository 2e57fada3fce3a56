import { CounterweightError, createKernelRuntime, tableResamplers } from '@counterweight/core';
import { type Command, Option } from 'commander';
import { copyOptionsFor } from '../output/index.ts';
import type { ResampleReport } from '../report/resample-report.ts';
import { parseOptions, parseSamplingStrategy } from '../resample/parse-options.ts';
import type { ResampleRequest } from '../resample/request.ts';
import { resampleFile } from '../resample/resample-file.ts';
import { createProgress, terminalWidth, wantsColour } from '../terminal/index.ts';
import { renderResampling } from '../terminal/resampling.ts';
import { version } from '../version.ts';
import { addCommonOptions, type CommonOptions, interruptible, list } from './common-options.ts';

const names = [...tableResamplers.keys()];

const examples = `
Examples:
  counterweight resample claims.csv --target fraud --method smote --out balanced.csv
  counterweight resample claims.csv --target fraud --method random-under --sampling-strategy 0.1 --out tenth.parquet
  counterweight resample claims.csv --target kind --method smote --option k-neighbors=3 --sampling-strategy a=500,b=800 --out more.csv
  counterweight resample claims.csv --target kind --method adasyn --decompose successive --sampling-strategy median --out more.csv
  counterweight resample claims.csv --target fraud --method tomek-links --out clean.csv --provenance rows.csv

Methods:
${wrapNames(names, 2, 110)}

--sampling-strategy: auto, minority, majority, "not minority", "not majority", median, all; a ratio (0.5);
class=rows or class=ratio pairs, a ratio having a decimal point (a=500,b=0.5); or JSON.

The rows of a resampled file do not have the shares of classes that new rows will have: never judge a model on them, and put
the probabilities of a model that learned from them right (run does both).`;

function wrapNames(all: readonly string[], indent: number, width: number): string {
  const lines: string[] = [];
  for (const name of all) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + name.length + 2 < width) lines[lines.length - 1] = `${last}, ${name}`;
    else lines.push(`${' '.repeat(indent)}${name}`);
  }
  return lines.join(',\n');
}

interface ResampleFlags extends CommonOptions {
  readonly target: string;
  readonly method: string;
  readonly option?: readonly string[];
  readonly samplingStrategy?: string;
  readonly compat?: string;
  readonly decompose?: string;
  readonly ignore?: string[];
  readonly categorical?: string[];
  readonly group?: string;
  readonly out: string;
  readonly provenance?: string;
  readonly audit?: boolean;
  readonly auditRows?: string;
}

/** Adds `counterweight resample`. */
export function addResample(program: Command): void {
  const command = program
    .command('resample')
    .description('add, remove or make rows by one method, and write the whole table with where each row came from')
    .argument('<data>', 'CSV, TSV, JSON lines or Parquet, also gzipped; a glob reads several files as one')
    .requiredOption('--target <column>', 'column that holds the class')
    .requiredOption('--method <name>', 'resampling method, see below')
    .requiredOption('--out <file>', 'where to write the rows; the extension says CSV, TSV, JSON lines or Parquet')
    .option(
      '--option <key=value>',
      'option of the method, such as k-neighbors=3; may be repeated',
      (word: string, words: readonly string[] = []) => [...words, word],
    )
    .option('--sampling-strategy <strategy>', 'which classes, and how many rows; see below (default: auto)')
    .addOption(
      new Option('--compat <library>', 'give the rows that this library gives for the same seed').choices([
        'imbalanced-learn',
      ]),
    )
    .addOption(
      new Option(
        '--decompose <how>',
        'for several classes: hold each against all others as one class, or against the larger ones and what these got',
      ).choices(['one-vs-rest', 'successive']),
    )
    .option('--ignore <columns>', 'columns to leave out of distances; they are written all the same', list)
    .option('--categorical <columns>', 'columns of numbers that are codes of categories', list)
    .option(
      '--group <column>',
      'column of what belongs together; --option within-groups=true makes new rows within groups, --option whole-groups=true takes groups away whole',
    )
    .option('--provenance <file>', 'write source, base, neighbor and gap of every output row, as CSV')
    .option('--audit', 'look at the rows that were made: where they fell, what they copy, what is odd about them')
    .option('--audit-rows <file>', 'write what the audit saw of each new row')
    .addHelpText('after', examples);
  addCommonOptions(command).action(performResampling);
}

async function performResampling(data: string, flags: ResampleFlags): Promise<void> {
  const request = requestOf(data, flags);
  const progress = createProgress({ quiet: flags.quiet ?? false });
  try {
    await interruptible(async (signal) => {
      const runtime = await createKernelRuntime({ threads: flags.threads });
      try {
        const outcome = await resampleFile(request, { signal, runtime, onProgress: progress.onProgress });
        progress.stop();
        print(reportOf(request, outcome), flags);
      } finally {
        await runtime.dispose();
      }
    });
  } finally {
    progress.stop();
  }
}

/** Options of every method that have a flag of their own. */
const ownFlags = [
  ['seed', '--seed N'],
  ['samplingStrategy', '--sampling-strategy S'],
  ['compat', '--compat imbalanced-learn'],
  ['decompose', '--decompose successive'],
  ['ignore', '--ignore a,b'],
  ['categoricalFeatures', '--categorical a,b'],
] as const;

/** Options that are functions or objects with methods. */
const inCodeOnly = ['estimator', 'probabilities', 'supportVectors', 'cluster', 'editedNearestNeighbours'];

function requestOf(input: string, flags: ResampleFlags): ResampleRequest {
  const { target, method, out, ignore, categorical, group, provenance, audit, auditRows, seed } = flags;
  const { samplingStrategy, compat, decompose } = flags;
  copyOptionsFor(out);
  for (const path of [provenance, auditRows]) if (path !== undefined) copyOptionsFor(path);
  const given = parseOptions(flags.option ?? []);
  for (const [key, flag] of ownFlags) {
    if (key in given) throw new CounterweightError('bad-option', `--option ${key}: write it as ${flag}`);
  }
  for (const key of inCodeOnly) {
    if (key in given) throw new CounterweightError('bad-option', `--option ${key}: that can be given in code only`);
  }
  const { features } = given;
  const options = {
    ...given,
    ...(typeof features === 'string' && { features: list(features) }),
    ...(samplingStrategy !== undefined && { samplingStrategy: parseSamplingStrategy(samplingStrategy) }),
    ...(compat !== undefined && { compat }),
    ...(decompose !== undefined && { decompose }),
    seed,
  };
  const roles = { ...(ignore && { ignore }), ...(categorical && { categoricalFeatures: categorical }) };
  return { input, out, target, method, options, roles, group, provenance, audit, auditRows };
}

function reportOf(request: ResampleRequest, outcome: Awaited<ReturnType<typeof resampleFile>>): ResampleReport {
  const { target, method, options, out, provenance, auditRows } = request;
  const { source, rows, classes, notices, audit } = outcome;
  return {
    format: 'counterweight-resample',
    formatVersion: 1,
    versions: { counterweight: version },
    ...{ source, target, method, options, rows, classes, notices },
    audit,
    files: [
      { label: 'rows', path: out },
      ...(provenance === undefined ? [] : [{ label: 'provenance', path: provenance }]),
      ...(auditRows === undefined ? [] : [{ label: 'audit', path: auditRows }]),
    ],
  };
}

function print(report: ResampleReport, { json }: ResampleFlags): void {
  process.stdout.write(
    json
      ? `${JSON.stringify(report, null, 2)}\n`
      : renderResampling(report, {
          width: terminalWidth(process.stdout),
          colour: wantsColour(process.stdout, process.env),
        }),
  );
}
