import {
  type ClassLabel,
  CounterweightError,
  type Labels,
  type Matrix,
  matrix,
  type Notice,
  type ScoreInput,
} from '@counterweight/core';
import { readBinaryScores, readClassScores } from '../input/read-scores.ts';
import type { FitRequest } from './request.ts';

/** Calibration rows as the calibrators take them. */
export interface FitRows {
  readonly source: string;
  /** One column of the positive class, or one a class, in the order of `labels.classes`. */
  readonly scores: Matrix;
  /** With a single score column the positive class stands second, whatever its name. */
  readonly labels: Labels;
  readonly positive: ClassLabel | null;
  /** Names of the score columns in the order of `scores`. */
  readonly columns: readonly string[];
  readonly input: ScoreInput;
  readonly weights: Float64Array | undefined;
  readonly notices: readonly Notice[];
}

/** Reads the calibration rows. Throws what `readBinaryScores` and `readClassScores` throw, and `bad-probability`. */
export async function readFitRows(
  request: FitRequest,
  run: { readonly signal: AbortSignal; readonly threads: number },
): Promise<FitRows> {
  const asked = { ...run, data: request.data, target: request.target, weights: request.weights };
  if (!request.binary) {
    const read = await readClassScores(asked, request.columns);
    const { scores, notices } = normalised(read.probabilities, read.columns, read.rows);
    return {
      source: read.source,
      scores,
      labels: read.labels,
      positive: null,
      columns: read.columns,
      input: 'probabilities',
      weights: read.weights ?? undefined,
      notices: [...read.notices, ...notices],
    };
  }
  const read = await readBinaryScores({ ...asked, positive: request.positive }, request.columns);
  const { values } = read.scores[0]!;
  return {
    source: read.source,
    scores: matrix(values, values.length, 1),
    labels: positiveSecond(read.labels, read.positive),
    positive: read.labels.classes[read.positive]!,
    columns: request.columns,
    input: inputOf(values, request, read.rows),
    weights: read.weights ?? undefined,
    notices: read.notices,
  };
}

function positiveSecond(labels: Labels, positive: number): Labels {
  if (positive === 1) return labels;
  const [second, first] = labels.classes as [ClassLabel, ClassLabel];
  return { classes: [first, second], codes: labels.codes.map((code) => 1 - code) };
}

/** Probabilities if all lie in 0 .. 1, unless the request says what they are. */
function inputOf(values: Float64Array, { input, columns }: FitRequest, rows: Int32Array): ScoreInput {
  const outside = values.findIndex((value) => !(value >= 0 && value <= 1));
  if (input === 'scores') return input;
  if (outside < 0) return 'probabilities';
  if (input === undefined) return 'scores';
  throw new CounterweightError(
    'bad-probability',
    `column "${columns[0]}", data row ${rows[outside]! + 1}: ${values[outside]} is no probability; for decision values and logits leave --input away or say --input scores`,
    { column: columns[0]!, row: rows[outside]! },
  );
}

/** What printing with few decimals can make of a sum of 1. */
const roundingSlack = 0.02;

/**
 * Rows divided by their sums where printed decimals keep these from being 1. Throws `bad-probability` for a row whose sum is farther
 * off; `rows` are their places in the file, where they are known.
 */
export function normalised(
  scores: Matrix,
  columns: readonly string[],
  rows?: Int32Array,
): { readonly scores: Matrix; readonly notices: readonly Notice[] } {
  const { data, columns: width } = scores;
  const out = Float64Array.from(data);
  let changed = 0;
  for (let row = 0; row < scores.rows; row++) {
    let sum = 0;
    for (let c = 0; c < width; c++) sum += data[row * width + c]!;
    if (Math.abs(sum - 1) <= 1e-6) continue;
    if (!(Math.abs(sum - 1) <= roundingSlack)) {
      const where = rows ? `, data row ${rows[row]! + 1}` : '';
      const shown = columns.length > 6 ? `${columns.slice(0, 6).join(', ')}, …` : columns.join(', ');
      throw new CounterweightError(
        'bad-probability',
        `columns ${shown}${where}: the probabilities of a row must sum to 1, these sum to ${Number(sum.toPrecision(6))}`,
        rows ? { row: rows[row]! } : {},
      );
    }
    changed++;
    for (let c = 0; c < width; c++) out[row * width + c] = data[row * width + c]! / sum;
  }
  const notice: Notice = {
    code: 'probabilities-normalised',
    severity: 'info',
    message: `${changed} row${changed === 1 ? '' : 's'} of probabilities did not quite sum to 1, as after rounding, and were divided by their sum.`,
    numbers: { rows: changed },
  };
  return { scores: matrix(out, scores.rows, width), notices: changed === 0 ? [] : [notice] };
}
