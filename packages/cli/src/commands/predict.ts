import { createKernelRuntime, type Notice, type Pipeline, type Sureness, type Table } from '@counterweight/core';
import type { Command } from 'commander';
import { requireDistinctFiles } from '../output/index.ts';
import { type Scorer, type ScorerColumn, scoreFile, setTexts } from '../predict/index.ts';
import { safeText } from '../report/safe-text.ts';
import { createProgress } from '../terminal/index.ts';
import { addCommonOptions, type CommonOptions, interruptible } from './common-options.ts';
import { readModel } from './read-model.ts';

const examples = `
Examples:
  counterweight predict claims-run/model.json new.csv --out scored.csv
  counterweight predict claims-run/model.json 'new/*.parquet' --out scored.parquet`;

/** Adds `counterweight predict`. */
export function addPredict(program: Command): void {
  const command = program
    .command('predict')
    .description(
      'score new rows with a model: adds the columns p, its bracket p0 and p1 (in which p need not lie), prediction and set',
    )
    .argument('<model>', 'model.json of a run')
    .argument('<data>', 'rows to score: CSV, TSV, JSON lines or Parquet, also gzipped')
    .requiredOption('--out <file>', 'where to write; the extension says CSV or Parquet')
    .addHelpText('after', examples);
  addCommonOptions(command).action(async (model: string, data: string, flags: CommonOptions & { out: string }) => {
    requireDistinctFiles(
      [
        ['MODEL', model],
        ['DATA', data],
      ],
      [['--out', flags.out]],
    );
    const pipeline = await readModel(model);
    const progress = createProgress({ quiet: flags.quiet ?? false });
    const runtime = await createKernelRuntime({ threads: 1 });
    const renamed = besideInputs(scorerOf(pipeline, runtime), pipeline);
    try {
      const { rows, notices: found } = await interruptible((signal) =>
        scoreFile({
          input: data,
          out: flags.out,
          schema: pipeline.encoder.inputs,
          scorer: renamed.scorer,
          threads: flags.threads,
          signal,
          onProgress: progress.onProgress,
        }),
      );
      const notices = [...renamed.notices, ...found];
      progress.stop();
      if (flags.json) process.stdout.write(`${JSON.stringify({ rows, out: flags.out, notices })}\n`);
      else {
        for (const { message } of notices) process.stdout.write(`${safeText(message)}\n`);
        process.stdout.write(`${rows} rows scored: ${flags.out}\n`);
      }
    } finally {
      progress.stop();
      await runtime.dispose();
    }
  });
}

/** The columns that scoring adds, and how to make them from rows. */
function scorerOf(pipeline: Pipeline, runtime: Awaited<ReturnType<typeof createKernelRuntime>>): Scorer {
  const { classes, positive, uncertainty } = pipeline;
  const bracketed: ScorerColumn[] = (positive === null ? ['width'] : ['p0', 'p1']).map((name) => ({
    name,
    type: 'DOUBLE',
  }));
  const shown = positive === null ? classes.map((_, code) => code) : [positive];
  const columns: ScorerColumn[] = [
    ...shown.map((code): ScorerColumn => ({ name: positive === null ? `p_${classes[code]}` : 'p', type: 'DOUBLE' })),
    ...(uncertainty ? bracketed : []),
    { name: 'prediction', type: 'VARCHAR' },
    ...(uncertainty ? [{ name: 'set', type: 'VARCHAR' } as const] : []),
  ];
  const labels = classes.map(String);
  return {
    columns,
    async score(table: Table): Promise<(Float64Array | (string | null)[])[]> {
      const { probabilities, decisions, sureness } = await pipeline.score(table, undefined, { runtime });
      const { data, rows, columns: width } = probabilities;
      const scores = shown.map((code) => {
        const values = new Float64Array(rows);
        for (let i = 0; i < rows; i++) values[i] = data[i * width + code]!;
        return values;
      });
      return [
        ...scores,
        ...(sureness ? bracketColumns(sureness, positive) : []),
        Array.from(decisions, (code) => labels[code]!),
        ...(sureness ? [setTexts(sureness.sets)] : []),
      ];
    },
  };
}

/**
 * A column that the model reads cannot be left out of the input, so what would be added under its name gets a `_` behind it,
 * as an exported model's output does. Case is no difference to those who read such files with SQL.
 */
function besideInputs(scorer: Scorer, { encoder }: Pipeline): { scorer: Scorer; notices: readonly Notice[] } {
  const inputs = new Map(encoder.inputs.map(({ name }) => [name.toLowerCase(), name]));
  const taken = new Set([...inputs.keys(), ...scorer.columns.map(({ name }) => name.toLowerCase())]);
  const notices: Notice[] = [];
  const columns = scorer.columns.map((column): ScorerColumn => {
    const input = inputs.get(column.name.toLowerCase());
    if (input === undefined) return column;
    let name = column.name;
    while (taken.has(name.toLowerCase())) name += '_';
    taken.add(name.toLowerCase());
    notices.push({
      code: 'column-renamed',
      severity: 'info',
      message: `the model reads a column "${input}", so what would be added as "${column.name}" is called "${name}"`,
      column: name,
    });
    return { ...column, name };
  });
  return { scorer: { ...scorer, columns }, notices };
}

/**
 * p0 and p1 of the positive class in a binary task, else the width of the brackets. Venn-Abers speaks of the second of two
 * classes; of the first it says the opposite, with the ends exchanged.
 */
export function bracketColumns({ intervals }: Sureness, positive: number | null): Float64Array[] {
  const { lower, upper, width } = intervals;
  if (positive === null) return [width];
  if (positive === 1) return [lower.data, upper.data];
  return [upper.data.map((p) => 1 - p), lower.data.map((p) => 1 - p)];
}
