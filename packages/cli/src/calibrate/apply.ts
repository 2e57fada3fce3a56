import {
  CounterweightError,
  hasIntervals,
  type Matrix,
  matrix,
  type Notice,
  type Table,
  type VennAbersCalibration,
} from '@counterweight/core';
import { type Scorer, type ScorerColumn, scoreFile } from '../predict/index.ts';
import type { SavedCalibrator } from './calibrator-file.ts';
import { normalised } from './fit-rows.ts';

export interface ApplyRequest {
  readonly input: string;
  readonly out: string;
  /** Put before the names of the added columns. */
  readonly prefix: string;
}

export interface Applied extends ApplyRequest {
  readonly rows: number;
  readonly columns: readonly string[];
  readonly notices: readonly Notice[];
}

/**
 * Writes a file with calibrated probabilities beside its columns, in bounded memory. Rows without a score get empty cells. Throws as
 * `scoreFile`, and `bad-probability` for a score that is none where the calibration needs probabilities.
 */
export async function applyCalibrator(
  saved: SavedCalibrator,
  request: ApplyRequest,
  run: Pick<Parameters<typeof scoreFile>[0], 'signal' | 'onProgress' | 'threads'>,
): Promise<Applied> {
  const columns = addedColumns(saved, request.prefix);
  const unscored = unscoredCount();
  const scorer: Scorer = { columns, score: (table) => scoredBatch(saved, table, columns.length, unscored) };
  const schema = saved.columns.map((name) => ({ name, kind: 'numeric' as const }));
  const { rows, notices } = await explained(() =>
    scoreFile({
      ...run,
      input: request.input,
      out: request.out,
      schema,
      scorer,
      onProgress: (event) => {
        unscored.settle(event.done);
        run.onProgress?.(event);
      },
    }),
  );
  const missing: Notice[] =
    unscored.total() === 0
      ? []
      : [
          {
            code: 'missing-score',
            severity: 'info',
            message: `${unscored.total()} row${unscored.total() === 1 ? '' : 's'} of ${request.input} without a score got empty cells.`,
            numbers: { rows: unscored.total() },
          },
        ];
  return { ...request, rows, columns: columns.map(({ name }) => name), notices: [...notices, ...missing] };
}

interface UnscoredCount {
  /** Rows of a batch. */
  add(rows: number): void;
  /** After a batch, with the rows done so far. */
  settle(done: number): void;
  total(): number;
}

/** Counts over batches; where the reader begins anew, because a column is not what its first rows promised, so does the count. */
function unscoredCount(): UnscoredCount {
  let [total, batch, last] = [0, 0, 0];
  let isOpen = false;
  return {
    add: (rows) => {
      batch = rows;
      isOpen = true;
    },
    settle: (done) => {
      if (!isOpen) return;
      total = done <= last ? batch : total + batch;
      last = done;
      isOpen = false;
    },
    total: () => total,
  };
}

/** `p`, `p0`, `p1` of the positive class; else `p_CLASS` a class, `p0_CLASS` and `p1_CLASS` where each class has its own interval, and `width`. */
function addedColumns({ calibration, classes, positive }: SavedCalibrator, prefix: string): readonly ScorerColumn[] {
  const named = (names: readonly string[]) =>
    names.map((name): ScorerColumn => ({ name: `${prefix}${name}`, type: 'DOUBLE' }));
  const intervals = hasIntervals(calibration);
  if (positive !== null) return named(intervals ? ['p', 'p0', 'p1'] : ['p']);
  const byClass = (start: string) => classes.map((label) => `${start}_${label}`);
  if (!intervals) return named(byClass('p'));
  const ends = intervalClasses(calibration, classes.length).flatMap((code) => [
    `p0_${classes[code]}`,
    `p1_${classes[code]}`,
  ]);
  return named([...byClass('p'), ...ends, 'width']);
}

/** Codes of the classes that have an interval of their own: all one-vs-rest, the second of two, none in pairs of many. */
function intervalClasses(calibration: VennAbersCalibration, classes: number): readonly number[] {
  const { problems } = calibration.intervals(matrix(new Float64Array(0), 0, classes));
  return classes === 2 || problems.every(({ negative }) => negative === null)
    ? problems.map(({ positive }) => positive)
    : [];
}

function scoredBatch(
  { calibration, columns, classes, positive, input }: SavedCalibrator,
  table: Table,
  width: number,
  unscored: UnscoredCount,
): Float64Array[] {
  const values = table.columns.map((column) => (column.kind === 'numeric' ? column.values : new Float64Array(0)));
  const rows = Int32Array.from({ length: table.rows }, (_, row) => row).filter((row) =>
    values.every((column) => !Number.isNaN(column[row])),
  );
  unscored.add(table.rows - rows.length);
  const data = new Float64Array(rows.length * columns.length);
  rows.forEach((row, i) => {
    values.forEach((column, c) => {
      data[i * columns.length + c] = column[row]!;
    });
  });
  const scores = checkedScores(matrix(data, rows.length, columns.length), columns, input === 'probabilities');
  const out = Array.from({ length: width }, () => new Float64Array(table.rows).fill(Number.NaN));
  const fill = (at: number, { data: found, columns: stride }: Matrix, column: number) => {
    rows.forEach((row, i) => {
      out[at]![row] = found[i * stride + column]!;
    });
  };
  const shown = positive === null ? classes.map((_, code) => code) : [classes.indexOf(positive)];
  const probabilities = calibration.apply(scores);
  for (const [at, code] of shown.entries()) fill(at, probabilities, code);
  if (!hasIntervals(calibration)) return out;
  const found = calibration.intervals(scores);
  let at = shown.length;
  // The one problem of two classes speaks of the second; of the first it says the opposite, with the ends exchanged.
  if (positive !== null && positive === classes[0]) {
    const opposite = ({ data: ends }: Matrix) =>
      matrix(
        ends.map((p) => 1 - p),
        rows.length,
        1,
      );
    fill(at++, opposite(found.upper), 0);
    fill(at, opposite(found.lower), 0);
    return out;
  }
  if (positive !== null || found.problems.length === 1 || found.problems.every(({ negative }) => negative === null)) {
    for (let problem = 0; problem < found.problems.length; problem++) {
      fill(at++, found.lower, problem);
      fill(at++, found.upper, problem);
    }
  }
  if (at < width) fill(at, matrix(found.width, rows.length, 1), 0);
  return out;
}

function checkedScores(scores: Matrix, columns: readonly string[], probabilities: boolean): Matrix {
  if (!probabilities) return scores;
  const outside = scores.data.findIndex((value) => !(value >= 0 && value <= 1));
  if (outside >= 0) {
    const column = columns[outside % scores.columns]!;
    throw new CounterweightError(
      'bad-probability',
      `column "${column}" holds ${scores.data[outside]}, which is no probability; the calibration was fitted to probabilities`,
      { column },
    );
  }
  return columns.length === 1 ? scores : normalised(scores, columns).scores;
}

/** What is wrong in the words of this command. */
async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof CounterweightError) || error.code !== 'column-exists') throw error;
    throw new CounterweightError(
      error.code,
      `the input already has a column "${error.details.column}", which would be added; choose other names with --prefix, such as --prefix calibrated_`,
      error.details,
    );
  }
}
