import { CounterweightError } from '@counterweight/core';
import { Command, CommanderError } from 'commander';
import { addCalibrate } from './commands/calibrate.ts';
import { addConformal } from './commands/conformal.ts';
import { addDemo } from './commands/demo.ts';
import { addDiagnose } from './commands/diagnose.ts';
import { addEvaluate } from './commands/evaluate.ts';
import { addExport } from './commands/export.ts';
import { addPredict } from './commands/predict.ts';
import { addResample } from './commands/resample.ts';
import { addRun } from './commands/run.ts';
import { safeText } from './report/safe-text.ts';
import { version } from './version.ts';

/** Errors that are no fault of what was asked: the work itself failed. */
const failures = new Set(['aborted', 'out-of-memory', 'disk-full', 'worker-failed']);

const examples = `
Examples:
  counterweight run claims.csv --target fraud
  counterweight run claims.csv --target fraud --cost-fn 500 --cost-fp 10 --out claims-run
  counterweight predict claims-run/model.json new-claims.parquet --out scored.csv
  counterweight diagnose claims.csv --target fraud
  counterweight demo

Exit codes: 0 done, 1 failed, 2 wrong usage or bad input.`;

/** The program with all its commands; nothing is parsed yet. */
export function createProgram(): Command {
  const program = new Command('counterweight')
    .description(
      'A table whose interesting class is rare: what to do about the imbalance, and how sure one can be of each prediction.',
    )
    .version(version)
    .addHelpText('after', examples)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'counterweight: ')) });
  for (const add of [
    addRun,
    addPredict,
    addExport,
    addDiagnose,
    addResample,
    addEvaluate,
    addCalibrate,
    addConformal,
    addDemo,
  ])
    add(program);
  return program;
}

/** Runs one command line, without the node and script names. Returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  // A reader that has seen enough (`| head`) is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  try {
    await createProgram().parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    return explain(error);
  }
}

function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof CounterweightError) {
    process.stderr.write(`counterweight: ${safeText(error.message)}\n`);
    return failures.has(error.code) ? 1 : 2;
  }
  const message = error instanceof Error ? error.message.split('\n')[0]! : String(error);
  process.stderr.write(`counterweight: internal error: ${safeText(message)} (COUNTERWEIGHT_DEBUG=1 shows where)\n`);
  if (process.env['COUNTERWEIGHT_DEBUG'] && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  return 1;
}
