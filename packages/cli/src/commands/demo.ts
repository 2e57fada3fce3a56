import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CounterweightError } from '@counterweight/core';
import { type Command, Option } from 'commander';
import { addCommonOptions, type CommonOptions } from './common-options.ts';
import { performRun } from './run.ts';
import { requestOf } from './run-request.ts';

/** The data sets that ship with the package. */
const sets = {
  bank: {
    file: 'bank-marketing.parquet',
    target: 'y',
    about:
      '45,211 telephone calls of a bank; 12 % ended with a deposit. The length of the call gives the outcome away.',
  },
  sensors: {
    file: 'sensor-single-hop.parquet',
    target: 'label',
    about: '18,914 readings of wireless sensors, 149 of them events.',
  },
} as const;

/** Adds `counterweight demo`. */
export function addDemo(program: Command): void {
  const command = program
    .command('demo')
    .description('run the main job on a data set that ships with the package')
    .addOption(new Option('--data <name>', 'which one').choices(Object.keys(sets)).default('bank'))
    .option('--out <dir>', 'folder for the report (default: counterweight-NAME)');
  addCommonOptions(command).action(async (flags: CommonOptions & { data: keyof typeof sets; out?: string }) => {
    const { file, target, about } = sets[flags.data];
    const path = fileURLToPath(new URL(`../../data/${file}`, import.meta.url));
    if (!existsSync(path)) {
      throw new CounterweightError('no-such-file', `the data set ${file} is not installed; npm run build makes it`);
    }
    if (!flags.quiet && !flags.json) process.stderr.write(`${about}\n`);
    await performRun(
      requestOf(path, { target, seed: flags.seed }),
      flags,
      flags.out === undefined ? {} : { out: flags.out },
    );
  });
}
