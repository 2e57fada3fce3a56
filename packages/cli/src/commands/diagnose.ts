import { diagnose } from '@counterweight/core';
import type { Command } from 'commander';
import { readTable } from '../input/index.ts';
import { wantsColour } from '../terminal/ansi.ts';
import { renderDiagnosis } from '../terminal/diagnosis.ts';
import { addCommonOptions, type CommonOptions, interruptible, list } from './common-options.ts';

const examples = `
Examples:
  counterweight diagnose claims.csv --target fraud
  counterweight diagnose claims.csv --target fraud --json`;

/** Adds `counterweight diagnose`. */
export function addDiagnose(program: Command): void {
  const command = program
    .command('diagnose')
    .description('class counts, column types, missing cells and likely leaks of a data set')
    .argument('<data>', 'CSV, TSV, JSON lines or Parquet, also gzipped; a glob reads several files as one')
    .requiredOption('--target <column>', 'column that holds the class')
    .option('--positive <class>', 'class of interest (default: the rarer of two)')
    .option('--ignore <columns>', 'columns to leave aside', list)
    .addHelpText('after', examples);
  addCommonOptions(command).action(
    async (data: string, flags: CommonOptions & { target: string; positive?: string; ignore?: string[] }) => {
      await interruptible(async (signal) => {
        const read = await readTable(data, { signal, threads: flags.threads });
        const { target, positive, ignore } = flags;
        const found = diagnose(read.table, { target, positive, ignore, source: read.source });
        const diagnosis = { ...found, notices: [...found.notices, ...read.notices] };
        process.stdout.write(
          flags.json
            ? `${JSON.stringify(diagnosis, null, 2)}\n`
            : renderDiagnosis(diagnosis, {
                width: process.stdout.columns ?? 80,
                colour: wantsColour(process.stdout, process.env),
              }),
        );
      });
    },
  );
}
