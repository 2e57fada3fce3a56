import { CounterweightError, type Pipeline, pipelineToOnnx, pipelineToXgboost } from '@counterweight/core';
import type { Command } from 'commander';
import { defaultMissingTokens } from '../input/missing-tokens.ts';
import { requireDistinctFiles, requireWritablePath, writeFileAtomically } from '../output/index.ts';
import { safeText } from '../report/safe-text.ts';
import { addCommonOptions, type CommonOptions } from './common-options.ts';
import { readModel } from './read-model.ts';

const examples = `
Examples:
  counterweight export claims-run/model.json --onnx claims.onnx
  counterweight export claims-run/model.json --xgboost claims.json

--onnx: raw rows in, one input a column; the decided class and calibrated probabilities out.
  Every model but k-nearest neighbours, and support vector machines and output codes of several
  classes. For ONNX Runtime 1.14 and later.
--xgboost: boosted trees that are asked with raw columns; categories as codes. For XGBoost 2.0 and later.
Neither holds p0, p1 and set: those come from predict.`;

interface ExportFlags extends CommonOptions {
  readonly onnx?: string;
  readonly xgboost?: string;
  readonly encoded?: boolean;
}

/** Adds `counterweight export`. */
export function addExport(program: Command): void {
  const command = program
    .command('export')
    .description('write the model of a run for ONNX Runtime or XGBoost, to score rows where counterweight is not')
    .argument('<model>', 'model.json of a run')
    .option('--onnx <file>', 'write an ONNX file: encoding, model, calibration and decision')
    .option('--xgboost <file>', "write a model file in XGBoost's JSON format, FILE.json (gradient boosting only)")
    .option('--encoded', 'the ONNX file takes the encoded matrix instead of raw columns')
    .addHelpText('after', examples);
  addCommonOptions(command).action(async (path: string, flags: ExportFlags) => {
    checkFlags(path, flags);
    const pipeline = await readModel(path);
    // All that can be refused is refused before anything is written.
    const files = [...onnxFile(pipeline, flags), ...xgboostFile(pipeline, flags)];
    for (const file of files) await writeFileAtomically(file.path, file.content);
    if (flags.json) {
      const told = Object.fromEntries(
        files.map(({ format, path: written, facts }) => [format, { path: written, ...facts }]),
      );
      process.stdout.write(`${JSON.stringify({ classes: pipeline.classes, ...told })}\n`);
    } else for (const { lines } of files) process.stdout.write(`${lines.map(safeText).join('\n')}\n`);
  });
}

function checkFlags(model: string, { onnx, xgboost, encoded }: ExportFlags): void {
  if (onnx === undefined && xgboost === undefined) {
    throw new CounterweightError('bad-option', 'there is nothing to write: give --onnx FILE, --xgboost FILE or both');
  }
  if (encoded && onnx === undefined) {
    throw new CounterweightError('bad-option', '--encoded is for --onnx; XGBoost is always asked with raw columns');
  }
  const outputs = [
    ['--onnx', onnx],
    ['--xgboost', xgboost],
  ] as const;
  requireDistinctFiles([['MODEL', model]], outputs);
  if (xgboost !== undefined && !/\.json$/i.test(xgboost)) {
    throw new CounterweightError(
      'bad-option',
      `--xgboost ${xgboost} must end in .json: XGBoost tells the format of a model file by its extension`,
      { path: xgboost },
    );
  }
  for (const [, path] of outputs) if (path !== undefined) requireWritablePath(path);
}

/** A file to write, and what is said of it. */
interface ExportFile {
  readonly format: 'onnx' | 'xgboost';
  readonly path: string;
  readonly content: Uint8Array | string;
  /** For --json. */
  readonly facts: Readonly<Record<string, unknown>>;
  readonly lines: readonly string[];
}

function onnxFile(pipeline: Pipeline, { onnx, encoded }: ExportFlags): ExportFile[] {
  if (onnx === undefined) return [];
  const rows = encoded ? 'encoded' : 'raw';
  const { bytes, inputs, outputs } = hinted(encoded, () =>
    pipelineToOnnx(pipeline, { rows, missingTexts: ['', ...defaultMissingTokens] }),
  );
  const width = pipeline.encoder.features.length;
  const taken = encoded
    ? `X, a matrix of ${width} encoded columns`
    : inputs.map(({ name, kind }) => `${name} (${words[kind]})`).join(', ');
  return [
    {
      format: 'onnx',
      path: onnx,
      content: bytes,
      facts: { inputs, outputs, ...(encoded && { features: pipeline.encoder.featureNames }) },
      lines: [
        `${onnx}: for ONNX Runtime`,
        `  takes  ${taken}`,
        `  gives  ${outputs.label}, ${outputs.probabilities} (${pipeline.classes.join(', ')})`,
      ],
    },
  ];
}

const words: Readonly<Record<string, string>> = {
  numeric: 'number',
  boolean: '1 or 0',
  'date-time': 'milliseconds since 1970, UTC',
  categorical: 'text',
};

/** Free text is no hindrance to a file that takes the encoded matrix. */
function hinted<T>(encoded: boolean | undefined, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (encoded || !(error instanceof CounterweightError) || error.details.column === undefined) throw error;
    const message = `${error.message}; --encoded writes a file that takes the encoded matrix`;
    throw new CounterweightError(error.code, message, error.details);
  }
}

function xgboostFile(pipeline: Pipeline, { xgboost }: ExportFlags): ExportFile[] {
  if (xgboost === undefined) return [];
  const { text, columns, classes } = pipelineToXgboost(pipeline);
  const taken = columns.map(({ name, type }) => `${name} (${type === 'c' ? 'category code' : 'number'})`).join(', ');
  const given = classes.length === 2 ? `the probability of ${classes[1]}` : `probabilities (${classes.join(', ')})`;
  return [
    {
      format: 'xgboost',
      path: xgboost,
      content: text,
      facts: { columns, classes },
      lines: [`${xgboost}: for XGBoost`, `  takes  ${taken}`, `  gives  ${given}`],
    },
  ];
}
