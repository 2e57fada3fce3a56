import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Column } from '@counterweight/core';
import { describe, expect, it } from 'vitest';
import { readTable } from '../../src/input/index.ts';
import { writeResampled } from '../../src/resample/write-resampled.ts';
import { scratchFolder } from '../commands/cli.ts';

const lines = ['id,size,ok,day,cls', '1,007,YES,2020-01-01,a', '2,"1,5",,,b', '3, 2.50 ,NO,2020-01-03,"b ""x"""'];

function small(): { input: string; folder: string } {
  const folder = scratchFolder();
  const input = join(folder, 'in.csv');
  writeFileSync(input, `${lines.join('\n')}\n`);
  return { input, folder };
}

const copies = (source: readonly number[]) => ({
  source: Int32Array.from(source),
  base: new Int32Array(source.length).fill(-1),
  made: [],
});

const numbers = (name: string, values: readonly number[]): Column => ({
  kind: 'numeric',
  name,
  values: Float64Array.from(values),
});

describe('writeResampled', () => {
  it('writes copied cells as they stand, in any order and any number', async () => {
    const { input, folder } = small();
    for (const source of [[0, 1, 2], [0, 2], [2], [2, 1, 0], [0, 1, 2, 2, 0, 1, 1], [1, 1, 0], []]) {
      const out = join(folder, 'out.csv');
      await writeResampled({ input, out, rows: { fileRows: 3, ...copies(source) } });
      const written = readFileSync(out, 'utf8').trimEnd().split('\n');
      expect(written[0]).toBe(lines[0]);
      expect(written.slice(1)).toEqual(source.map((row) => lines[row + 1]));
    }
  });

  it('gives rows that were made their own cells and the others of their base', async () => {
    const { input, folder } = small();
    const out = join(folder, 'out.csv');
    const rows = {
      fileRows: 3,
      source: Int32Array.of(0, 1, 2, -1, 1, -1),
      base: Int32Array.of(-1, -1, -1, 1, -1, 0),
      made: [numbers('id', [1.25, Number.NaN])],
    };
    await writeResampled({ input, out, rows });
    const written = readFileSync(out, 'utf8').trimEnd().split('\n').slice(1);
    expect(written).toEqual([...lines.slice(1), '1.25,"1,5",,,b', lines[2], ',007,YES,2020-01-01,a']);
  });

  it('writes the weights of rows that were made in a further column, 1 for all others', async () => {
    const { input, folder } = small();
    const out = join(folder, 'out.csv');
    const rows = {
      fileRows: 3,
      source: Int32Array.of(0, 1, 2, -1, 1, -1),
      base: Int32Array.of(-1, -1, -1, 1, -1, 0),
      made: [numbers('id', [1.25, 3])],
      weights: Float64Array.of(0.3, 0.75),
    };
    await writeResampled({ input, out, rows });
    const { table } = await readTable(out, {});
    const column = table.columns.at(-1)!;
    expect([column.name, [...(column as { values: Float64Array }).values]]).toEqual([
      'sample_weight',
      [1, 1, 1, 0.3, 1, 0.75],
    ]);
    writeFileSync(input, 'id,Sample_Weight\n1,2\n2,3\n3,4\n');
    await expect(writeResampled({ input, out, rows })).rejects.toMatchObject({ code: 'ambiguous-columns' });
  });

  it('spells true and false as the file does', async () => {
    const folder = scratchFolder();
    const input = join(folder, 'in.csv');
    writeFileSync(input, 'x,f\n1,True\n2,False\n3,True\n');
    const out = join(folder, 'out.csv');
    const made: Column[] = [{ kind: 'boolean', name: 'f', values: Int8Array.of(0, 1, -1) }];
    const rows = { fileRows: 3, source: Int32Array.of(0, -1, -1, -1), base: Int32Array.of(-1, 0, 0, 1), made };
    await writeResampled({ input, out, rows });
    expect(readFileSync(out, 'utf8').trimEnd().split('\n').slice(1)).toEqual(['1,True', '1,False', '1,True', '2,']);
  });

  it('keeps whole numbers whole in Parquet unless a row that was made has a fraction', async () => {
    const folder = scratchFolder();
    const input = join(folder, 'in.csv');
    writeFileSync(input, 'n,x,c\n1,0.5,a\n2,1.5,b\n');
    const typed = join(folder, 'typed.parquet');
    await writeResampled({ input, out: typed, rows: { fileRows: 2, ...copies([0, 1]) } });
    const write = async (n: number) => {
      const out = join(folder, 'out.parquet');
      const rows = {
        fileRows: 2,
        source: Int32Array.of(0, 1, -1),
        base: Int32Array.of(-1, -1, 1),
        made: [numbers('n', [n]), numbers('x', [0.75])],
      };
      await writeResampled({ input: typed, out, rows });
      const { table } = await readTable(out);
      return table.columns.map((column) => ('values' in column ? [...column.values] : [...column.codes]));
    };
    expect(await write(7)).toEqual([
      [1, 2, 7],
      [0.5, 1.5, 0.75],
      [0, 1, 1],
    ]);
    expect((await write(1.5))[0]).toEqual([1, 2, 1.5]);
  });

  it('keeps the order of many rows, sorted block by block', async () => {
    const folder = scratchFolder();
    const input = join(folder, 'in.csv');
    const rows = 5000;
    writeFileSync(input, `n\n${Array.from({ length: rows }, (_, i) => i).join('\n')}\n`);
    const source = Int32Array.from({ length: 300_000 }, (_, i) => (i * 7919) % rows);
    const out = join(folder, 'out.csv');
    await writeResampled({
      input,
      out,
      rows: { fileRows: rows, source, base: new Int32Array(source.length).fill(-1), made: [] },
    });
    const written = readFileSync(out, 'utf8').trimEnd().split('\n').slice(1).map(Number);
    expect(written.length).toBe(source.length);
    expect(written.every((value, i) => value === source[i])).toBe(true);
  });

  it('writes nothing over its input, and nothing where names cannot be told apart', async () => {
    const { input, folder } = small();
    await expect(writeResampled({ input, out: input, rows: { fileRows: 3, ...copies([0]) } })).rejects.toThrow(
      'is the input file itself',
    );
    writeFileSync(input, 'a,A\n1,2\n');
    const out = join(folder, 'out.csv');
    await expect(writeResampled({ input, out, rows: { fileRows: 1, ...copies([0]) } })).rejects.toThrow(
      'in.csv has the columns "a" and "A", which differ only in case; rename one of them',
    );
  });
});
