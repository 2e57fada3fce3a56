import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CounterweightError, type Table } from '@counterweight/core';
import { afterAll, expect } from 'vitest';

/** A folder for one test file, removed when its tests are done. */
export function temporaryFolder(): {
  path(name: string): string;
  write(name: string, content: string | Uint8Array): string;
} {
  const folder = mkdtempSync(join(tmpdir(), 'counterweight-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const path = (name: string): string => join(folder, name);
  return {
    path,
    write(name, content) {
      writeFileSync(path(name), content);
      return path(name);
    },
  };
}

/** The error of a promise that must fail as a CounterweightError with one plain line. */
export async function failureOf(promise: Promise<unknown>): Promise<CounterweightError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(CounterweightError);
  const failure = error as CounterweightError;
  expect(failure.message).not.toContain('\n');
  expect(failure.message.length).toBeLessThan(400);
  return failure;
}

/** The cells of a column as plain values: strings for categories, null for missing. */
export function cellsOf(table: Table, name: string): (number | boolean | string | null)[] {
  const column = table.columns.find((candidate) => candidate.name === name);
  if (column === undefined) throw new Error(`no column ${name}`);
  if (column.kind === 'categorical') return Array.from(column.codes, (code) => column.dictionary[code] ?? null);
  if (column.kind === 'boolean') return Array.from(column.values, (value) => (value < 0 ? null : value === 1));
  return Array.from(column.values, (value) => (Number.isNaN(value) ? null : value));
}

export function kindsOf(table: Table): Record<string, string> {
  return Object.fromEntries(table.columns.map((column) => [column.name, column.kind]));
}
