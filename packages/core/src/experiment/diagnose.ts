import {
  allRows,
  type ClassLabel,
  classCounts,
  duplicateGroups,
  inferSchema,
  labelsFromColumn,
  positiveClass,
  selectRows,
  type Table,
  tooSmallClasses,
} from '../data/index.ts';
import { leakWarnings } from '../measure/index.ts';
import type { Notice } from '../runtime/notices.ts';
import { mergeNotices } from './merge-notices.ts';
import type { DataSummary } from './result.ts';
import { columnSummaries } from './summarise-data.ts';

export interface DiagnoseOptions {
  readonly target: string;
  /** Class of interest; default the rarer of two. */
  readonly positive?: ClassLabel | undefined;
  readonly ignore?: readonly string[] | undefined;
  /** Name of the data for the reader. */
  readonly source?: string | undefined;
}

/** What can be said of a data set before anything is learned from it. */
export interface Diagnosis {
  readonly data: DataSummary;
  readonly notices: readonly Notice[];
}

/**
 * Counts, imbalance, what each column means, missing cells, duplicates and likely leaks, from all rows that have a class.
 * Throws what `labelsFromColumn` and `inferSchema` throw.
 */
export function diagnose(input: Table, options: DiagnoseOptions): Diagnosis {
  const { labels, rows, notices } = labelsFromColumn(input, options.target);
  const table = rows.length === input.rows ? input : selectRows(input, rows);
  const schema = inferSchema(table, { target: options.target, ignore: options.ignore });
  const leaks = leakWarnings({ table, schema, labels, rows: allRows(table.rows) });
  const counts = classCounts(labels);
  const features = schema.columns.filter(({ used }) => used).map(({ name }) => name);
  const rare = tooSmallClasses(labels).map(
    ({ class: label, rows: count }): Notice => ({
      code: 'class-too-small',
      severity: 'warning',
      message: `class ${label} has ${count} ${count === 1 ? 'row' : 'rows'}: too few to learn from and to test on`,
      class: label,
      numbers: { rows: count },
    }),
  );
  const code = labels.classes.length === 2 ? positiveClass(labels, options.positive) : null;
  return {
    data: {
      source: options.source ?? 'data',
      rows: table.rows,
      rowsDropped: input.rows - table.rows,
      target: options.target,
      classes: labels.classes.map((label, c) => ({ label, rows: counts[c]!, share: counts[c]! / table.rows })),
      positive: code === null ? null : labels.classes[code]!,
      imbalanceRatio: Math.max(...counts) / Math.min(...counts),
      columns: columnSummaries(schema, options.target, leaks.aloneAuc),
      duplicateRows: features.length > 0 ? duplicateGroups(table, features).duplicateRows : 0,
    },
    notices: mergeNotices([notices, rare, schema.notices, leaks.notices]),
  };
}
