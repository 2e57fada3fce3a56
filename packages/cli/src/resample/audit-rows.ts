import {
  auditTable,
  type Notice,
  type RunOptions,
  type SyntheticAudit,
  type SyntheticRows,
  syntheticKinds,
} from '@counterweight/core';
import { type OutputColumn, writeTable } from '../output/index.ts';
import type { ChosenRows } from './resample-columns.ts';

/** An audit without its rows. */
export type ResampleAudit = Omit<SyntheticAudit, 'rows'>;

const noRows: Notice = {
  code: 'no-new-rows',
  severity: 'info',
  message: 'there are no new rows to look at: every row of the output is a row of the input',
};

/** Audits what was made. A method that looks at classes alone makes nothing. Throws what `auditTable` throws. */
export async function auditChosen(
  { tables }: ChosenRows,
  run: RunOptions,
): Promise<{ summary: ResampleAudit | { readonly findings: readonly Notice[] }; rows: SyntheticRows | null }> {
  if (tables === null) return { summary: { findings: [noRows] }, rows: null };
  const { original, resampled, roles } = tables;
  const { rows, ...summary } = await auditTable(original, resampled, roles, run);
  return { summary, rows };
}

/**
 * Writes one line a row that was made: `row` (of the output, from 0), `kind`, `others` (of the nearest rows, how many are of other classes),
 * `intrudes` (the class), `nearest` and `nearest_own` (rows of the input) with their distances, `flags` joined by `|`.
 */
export async function writeAuditRows(
  path: string,
  rows: SyntheticRows | null,
  inFile: (rows: Int32Array) => Int32Array,
): Promise<void> {
  const integers = (values: readonly number[] = []): Int32Array => Int32Array.from(values);
  const columns: OutputColumn[] = [
    { name: 'row', values: integers(rows?.row) },
    {
      name: 'kind',
      values: Int32Array.from(rows?.kind ?? [], (kind) => syntheticKinds.indexOf(kind)),
      dictionary: syntheticKinds,
    },
    { name: 'others', values: integers(rows?.others) },
    { name: 'intrudes', values: (rows?.intrudes ?? []).map((label) => (label === null ? null : String(label))) },
    { name: 'nearest', values: inFile(integers(rows?.nearest)) },
    { name: 'distance', values: Float64Array.from(rows?.distance ?? []) },
    { name: 'nearest_own', values: inFile(integers(rows?.nearestOwn)) },
    { name: 'distance_own', values: Float64Array.from(rows?.distanceOwn ?? []) },
    { name: 'flags', values: (rows?.flags ?? []).map((flags) => flags.join('|')) },
  ];
  await writeTable(path, columns);
}
