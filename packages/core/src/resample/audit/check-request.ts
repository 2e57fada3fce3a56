import type { Dataset } from '../../data/dataset.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import { classCounts, quoted } from '../class-counts.ts';
import { checkOptions, checkShapes, checkWhole } from '../options.ts';
import type { Resampled } from '../resampler.ts';
import { type AskedScale, checkScale } from './distance-scale.ts';

export interface AuditOptions {
  /** Original rows that are looked at around each new row. Default 5. */
  readonly k?: number | undefined;
  /**
   * Scale of the distances. `none` (the default): the columns as given, because that is what the resampler measured and what a
   * learner of neighbours will; the notice `unscaled-columns` says when the widest column drowns the others. `standard`:
   * divided by the standard deviation of the original column. `robust`: by its interquartile range. Or a divisor a column.
   */
  readonly scale?: AskedScale | undefined;
  /** Of the samples that are drawn. Default 0. */
  readonly seed?: number | undefined;
  /**
   * At most so many new rows are looked at, in proportion to the classes, and so many real rows a class beside them. Default:
   * all.
   */
  readonly maxRows?: number | undefined;
  /** New rows a class that are tested against its hull, if their place is not plain otherwise. Default 500. */
  readonly hullRows?: number | undefined;
  /** Names of the columns, for findings. Default: their indices. */
  readonly columnNames?: readonly string[] | undefined;
}

const optionNames = ['k', 'scale', 'seed', 'maxRows', 'hullRows', 'columnNames'];

/** Throws `bad-option`, `shape-mismatch`, `column-mismatch`, `class-mismatch`, `bad-labels`. */
export function checkRequest(original: Dataset, resampled: Resampled, options: AuditOptions): void {
  checkOptions('the audit', options, optionNames);
  if (!(resampled as Resampled | undefined)?.data?.X || !resampled.provenance) {
    throw new CounterweightError('bad-option', 'the audit needs what a resampler gave: data and provenance');
  }
  checkWhole('k', options.k, 1);
  checkWhole('maxRows', options.maxRows, 1);
  checkWhole('hullRows', options.hullRows, 0);
  checkScale(options.scale, original.X.columns);
  checkShapes(original);
  checkShapes(resampled.data);
  classCounts(resampled.data.y);
  const { columns } = original.X;
  const { data, provenance } = resampled;
  if (provenance.source.length !== data.X.rows) {
    const message = `${data.X.rows} rows, but the provenance speaks of ${provenance.source.length}`;
    throw new CounterweightError('shape-mismatch', message);
  }
  if (data.X.columns !== columns || (options.columnNames ?? { length: columns }).length !== columns) {
    const message = `the original has ${columns} columns, the result ${data.X.columns}, and there are ${options.columnNames?.length ?? 'no'} names`;
    throw new CounterweightError('column-mismatch', message);
  }
  const same = data.y.classes.length === original.y.classes.length;
  if (!same || data.y.classes.some((label, code) => label !== original.y.classes[code])) {
    throw new CounterweightError('class-mismatch', 'the classes of the result are not those of the original data');
  }
}

/** Throws `class-mismatch` for new rows, by class, of a class without original rows. */
export function checkClasses({ y }: Dataset, synthetic: readonly Int32Array[], counts: Int32Array): void {
  const code = synthetic.findIndex((rows, at) => rows.length > 0 && counts[at] === 0);
  if (code < 0) return;
  const label = y.classes[code]!;
  const message = `there are new rows of class ${quoted(label)}, which has no original row to compare them with`;
  throw new CounterweightError('class-mismatch', message, { class: label });
}
