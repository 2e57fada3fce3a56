import { classCounts, type Schema } from '../data/index.ts';
import type { ExperimentOptions } from './experiment-options.ts';
import type { PreparedData } from './prepare-data.ts';
import type { ColumnSummary, DataSummary } from './result.ts';

/** The data part of the result. */
export function summariseData(data: PreparedData, options: ExperimentOptions): DataSummary {
  const { labels, positive, schema, aloneAuc } = data;
  const counts = classCounts(labels);
  const rows = labels.codes.length;
  return {
    source: options.source ?? 'data',
    rows,
    rowsDropped: data.rowsDropped,
    target: options.target,
    classes: labels.classes.map((label, code) => ({ label, rows: counts[code]!, share: counts[code]! / rows })),
    positive: positive === null ? null : labels.classes[positive]!,
    imbalanceRatio: Math.max(...counts) / Math.min(...counts),
    columns: columnSummaries(schema, options.target, aloneAuc),
    duplicateRows: data.duplicateRows,
  };
}

/** What is known of each column but the target. */
export function columnSummaries(
  schema: Schema,
  target: string,
  aloneAuc: ReadonlyMap<string, number | null>,
): ColumnSummary[] {
  return schema.columns
    .filter(({ name }) => name !== target)
    .map(({ name, type, missing, distinct, used, reason }) => ({
      name,
      type,
      missing,
      distinct,
      used,
      reason,
      aloneAuc: aloneAuc.get(name) ?? null,
    }));
}
