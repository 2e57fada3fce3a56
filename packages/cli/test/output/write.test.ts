import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { CounterweightError } from '@counterweight/core';
import { describe, expect, it } from 'vitest';
import { readTable } from '../../src/input/index.ts';
import {
  ensureOutputFolder,
  type OutputColumn,
  replaceAtomically,
  writeFileAtomically,
  writeParquetAtomically,
  writeTable,
} from '../../src/output/index.ts';
import { cellsOf, failureOf, temporaryFolder } from '../input/temporary-folder.ts';

const folder = temporaryFolder();
const leftovers = (path: string): string[] => readdirSync(dirname(path)).filter((name) => name.includes('.partial'));

describe('writing a file whole or not at all', () => {
  it('writes text and bytes, over an existing file too', async () => {
    const path = folder.path('a.txt');
    await writeFileAtomically(path, 'héllo');
    await writeFileAtomically(path, Uint8Array.of(1, 2));
    expect([...readFileSync(path)]).toEqual([1, 2]);
    expect(leftovers(path)).toEqual([]);
  });

  it('leaves the old file as it was and no temporary one where writing fails', async () => {
    const path = folder.write('kept.txt', 'old');
    const failure = await failureOf(
      replaceAtomically(path, async (temporary) => {
        await writeFileAtomically(temporary, 'half');
        throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      }),
    );
    expect(failure.code).toBe('cannot-write');
    expect(failure.message).toBe(`${path} cannot be written: the disk is full`);
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(leftovers(path)).toEqual([]);
  });

  it('passes on errors that are clear already', async () => {
    const own = new CounterweightError('retyped-column', 'as it was');
    expect(await failureOf(replaceAtomically(folder.path('x.txt'), () => Promise.reject(own)))).toBe(own);
  });

  it('names the path and the reason', async () => {
    mkdirSync(folder.path('folder'));
    const cases: [string, string][] = [
      [folder.path('folder'), 'it is a folder'],
      [folder.path('none/a.txt'), 'its folder does not exist'],
      [`${folder.write('file', 'x')}/a.txt`, 'a part of the path is a file'],
    ];
    for (const [path, reason] of cases) {
      const failure = await failureOf(writeFileAtomically(path, 'x'));
      expect(failure.code).toBe('cannot-write');
      expect(failure.message).toBe(`${path} cannot be written: ${reason}`);
    }
  });

  it.skipIf(process.getuid?.() === 0)('names a folder that may not be written to', async () => {
    mkdirSync(folder.path('locked'));
    chmodSync(folder.path('locked'), 0o500);
    expect((await failureOf(writeFileAtomically(folder.path('locked/a.txt'), 'x'))).message).toContain(
      'permission denied',
    );
  });

  it('tells a full disk', async () => {
    if (!existsSync('/dev/full')) return;
    // Nothing can be renamed over a device, so its folder refuses first or the device does.
    expect((await failureOf(writeTable('/dev/full/x.csv', [{ name: 'a', values: ['x'] }]))).code).toBe('cannot-write');
  });

  it('makes folders, and names what is in the way', async () => {
    ensureOutputFolder(folder.path('deep/er'));
    ensureOutputFolder(folder.path('deep/er'));
    expect(existsSync(folder.path('deep/er'))).toBe(true);
    const file = folder.write('in-the-way', '');
    expect((await failureOf((async () => ensureOutputFolder(file))())).message).toContain(
      'a file of that name is in the way',
    );
  });
});

describe('writing columns', () => {
  const rows = 4099;
  const words = ['a "quoted" one', 'comma, and\nline end', '😀', 'a string longer than twelve bytes', 'b'];
  const columns: OutputColumn[] = [
    { name: 'p', values: Float64Array.from({ length: rows }, (_, i) => (i % 10 === 3 ? Number.NaN : i / 7)) },
    { name: 'fold', values: Int32Array.from({ length: rows }, (_, i) => i - 5) },
    { name: 'small', values: Int8Array.from({ length: rows }, (_, i) => (i % 3) - 1) },
    { name: 'text, "x"', values: Array.from({ length: rows }, (_, i) => (i % 4 === 1 ? null : words[i % 5]!)) },
    { name: 'code', values: Int32Array.from({ length: rows }, (_, i) => (i % 6) - 1), dictionary: words },
  ];
  const expected = [
    Array.from(columns[0]!.values as Float64Array, (value) => (Number.isNaN(value) ? null : value)),
    Array.from(columns[1]!.values as Int32Array),
    Array.from(columns[2]!.values as Int8Array),
    [...(columns[3]!.values as string[])],
    Array.from(columns[4]!.values as Int32Array, (code) => words[code] ?? null),
  ];

  it.each(['t.parquet', 't.csv', 't.tsv', 't.jsonl', 't.csv.gz', 't.jsonl.gz'])(
    'comes back as it was: %s',
    async (name) => {
      const path = folder.path(name);
      await writeTable(path, columns);
      const { table } = await readTable(path);
      expect(table.columns.map((column) => column.name)).toEqual(columns.map((column) => column.name));
      expect(columns.map((column) => cellsOf(table, column.name))).toEqual(expected);
      expect(leftovers(path)).toEqual([]);
    },
  );

  it('gives the same bytes for the same columns', async () => {
    for (const extension of ['parquet', 'csv', 'csv.gz', 'jsonl']) {
      const [first, second] = [folder.path(`first.${extension}`), folder.path(`second.${extension}`)];
      await writeTable(first, columns);
      await writeTable(second, columns);
      expect(readFileSync(first).equals(readFileSync(second)), basename(first)).toBe(true);
    }
  });

  it.each([2047, 2048, 2049])('writes %i rows', async (count) => {
    const path = folder.path(`rows-${count}.parquet`);
    await writeParquetAtomically(path, [{ name: 'i', values: Int32Array.from({ length: count }, (_, i) => i) }]);
    expect(cellsOf((await readTable(path)).table, 'i')).toEqual(Array.from({ length: count }, (_, i) => i));
  });

  it('refuses unequal lengths and unknown extensions', async () => {
    const unequal = [
      { name: 'a', values: ['x'] },
      { name: 'b', values: ['x', 'y'] },
    ];
    expect((await failureOf(writeTable(folder.path('u.csv'), unequal))).code).toBe('unequal-columns');
    expect((await failureOf(writeTable(folder.path('u.xlsx'), [{ name: 'a', values: ['x'] }]))).code).toBe(
      'unknown-format',
    );
    expect((await failureOf(writeParquetAtomically(folder.path('u.csv'), []))).code).toBe('unknown-format');
  });
});
