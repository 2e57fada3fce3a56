import { type VennAbersCalibration, vennAbersCalibrator } from '../calibrate/index.ts';
import { type ConformalModel, mondrianConformal } from '../conformal/index.ts';
import { classCounts } from '../data/label-views.ts';
import type { Classes } from '../data/labels.ts';
import { type Matrix, matrix } from '../data/matrix.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import type { OutOfFold } from './strategy-outcome.ts';

/** What a pipeline says of how sure a prediction is, beside its probability. */
export interface Uncertainty {
  /** Brackets of the probabilities. */
  readonly vennAbers: VennAbersCalibration;
  /** Label sets within each class. */
  readonly conformal: ConformalModel;
  /** Share of the rows of each class whose set may miss it. */
  readonly alpha: number;
  /** Rows of each class that the sets were calibrated on, before thinning. */
  readonly calibrationCounts: readonly number[];
}

/** Most calibration rows a model file carries; of larger classes an even sample is kept, of rarer ones every row. */
const MOST_ROWS = 8000;

/**
 * Venn-Abers brackets and class-conditional label sets from out-of-fold probabilities of the first repeat, in which every
 * row counts once. Of a class with very many rows an evenly spaced part of its sorted scores is kept.
 */
export async function fitUncertainty(
  outOfFold: OutOfFold,
  classes: Classes,
  alpha: number,
  run: RunOptions,
): Promise<Uncertainty> {
  const { firstRepeat } = outOfFold;
  const columns = classes.length;
  const probabilities = matrix(outOfFold.probabilities.data.slice(0, firstRepeat * columns), firstRepeat, columns);
  const codes = outOfFold.truth.slice(0, firstRepeat);
  const vennAbers = await vennAbersCalibrator({ multiClass: 'one-vs-rest' }).fit(
    probabilities,
    { codes, classes },
    { signal: run.signal },
  );
  const kept = thinnedRows(probabilities, codes, columns);
  const conformal = mondrianConformal({ tooFew: 'full' }).fit(pickRows(probabilities, kept), {
    codes: kept.map((row) => codes[row]!),
    classes,
  });
  return { vennAbers, conformal, alpha, calibrationCounts: [...classCounts({ codes, classes })] };
}

/**
 * All rows of a class up to the limit; beyond it, in the order of the true class's probability, every n-th, so that the
 * order statistics that sets are made from stay where they were to one part in the limit.
 */
function thinnedRows({ data }: Matrix, codes: Int32Array, columns: number): Int32Array {
  const limit = Math.max(1000, Math.floor(MOST_ROWS / columns));
  const byClass: number[][] = Array.from({ length: columns }, () => []);
  for (let row = 0; row < codes.length; row++) byClass[codes[row]!]!.push(row);
  const kept = byClass.flatMap((rows, code) => {
    if (rows.length <= limit) return rows;
    const p = (row: number) => data[row * columns + code]!;
    rows.sort((a, b) => p(a) - p(b) || a - b);
    return Array.from({ length: limit }, (_, i) => rows[Math.floor(((i + 0.5) * rows.length) / limit)]!);
  });
  return Int32Array.from(kept).sort();
}

function pickRows({ data, columns }: Matrix, rows: Int32Array): Matrix {
  const out = new Float64Array(rows.length * columns);
  rows.forEach((row, i) => {
    out.set(data.subarray(row * columns, (row + 1) * columns), i * columns);
  });
  return matrix(out, rows.length, columns);
}
