import { requireNumericRows } from '../data/check-dataset.ts';
import type { NumericRows } from '../data/dataset.ts';
import type { Matrix } from '../data/matrix.ts';
import { denseRows } from '../neighbors/dense-rows.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { Notice } from '../runtime/notices.ts';
import { type RunOptions, throwIfAborted } from '../runtime/run-options.ts';

/** Rows to fit a detector to, checked and dense. */
export interface FittingRows {
  readonly rows: Matrix;
  /** 1 for each column that has one value only. */
  readonly constant: Uint8Array;
  /** Names the constant columns, if there are any. */
  readonly notices: readonly Notice[];
}

/** Throws `bad-rows`, `too-few-rows`, `no-columns`, `not-finite`, `bad-sparse`, `aborted`. */
export function fittingRows(name: string, X: NumericRows, options: RunOptions | undefined): FittingRows {
  throwIfAborted(options?.signal);
  requireNumericRows(X);
  if (X.rows < 2) throw new CounterweightError('too-few-rows', `${name} needs at least two rows, got ${X.rows}`);
  if (X.columns < 1) throw new CounterweightError('no-columns', `${name} needs at least one column`);
  const rows = denseRows(X);
  const constant = constantColumns(rows);
  return { rows, constant, notices: Object.freeze(constantNotices(constant)) };
}

function constantColumns({ rows, columns, data }: Matrix): Uint8Array {
  const constant = new Uint8Array(columns).fill(1);
  let left = columns;
  for (let i = 1; i < rows && left > 0; i++) {
    for (let j = 0; j < columns; j++) {
      if (constant[j] === 0 || data[i * columns + j] === data[j]) continue;
      constant[j] = 0;
      left--;
    }
  }
  return constant;
}

function constantNotices(constant: Uint8Array): Notice[] {
  const found = constant.reduce((sum, flag) => sum + flag, 0);
  if (found === 0) return [];
  const column = String(constant.indexOf(1));
  const all = found === constant.length;
  return [
    Object.freeze({
      code: 'constant-columns',
      severity: all ? 'warning' : 'info',
      message: all
        ? 'every column has one value only: the rows tell nothing of what is strange'
        : `${found} of ${constant.length} columns have one value only (the first is column ${column}) and tell nothing`,
      column,
      numbers: Object.freeze({ columns: found }),
    }),
  ];
}
