import { CounterweightError } from '../../runtime/errors.ts';

/** Columns along which the chance of the second of two classes, or a number, may only rise (1) or fall (-1). */
export type MonotoneColumns = ReadonlyMap<number, 1 | -1>;

/** Reads the option `monotonicConstraints`. Throws `bad-option` unless it maps columns that are no categories to 1 or -1. */
export function monotoneColumns(given: unknown, categorical: readonly number[]): MonotoneColumns {
  const columns = new Map<number, 1 | -1>();
  if (given === undefined) return columns;
  if (typeof given !== 'object' || given === null) throw wrong('monotonicConstraints maps columns to 1 or -1');
  for (const [key, way] of Object.entries(given)) {
    const column = Number(key);
    if (!Number.isInteger(column) || column < 0 || (way !== 1 && way !== -1))
      throw wrong('monotonicConstraints maps columns to 1 or -1');
    if (categorical.includes(column)) throw wrong('a categorical column cannot be monotone');
    columns.set(column, way);
  }
  return columns;
}

/** Throws `bad-option` where columns are monotone and classes are more than two: no column can raise the chance of each. */
export function checkMonotoneClasses(columns: MonotoneColumns, classes: number): void {
  if (columns.size > 0 && classes > 2)
    throw wrong(
      `monotonicConstraints are for two classes, and ${classes} have rows: no column can raise all their chances`,
    );
}

function wrong(message: string): CounterweightError {
  return new CounterweightError('bad-option', message);
}
