import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli, scratchFolder } from './cli.ts';

const lines = (rows: number, cells: (row: number) => string) =>
  Array.from({ length: rows }, (_, row) => cells(row)).join('\n');

function written(name: string, text: string): string {
  const path = join(scratchFolder(), name);
  writeFileSync(path, text);
  return path;
}

describe('classes whose names look like numbers', () => {
  const spelled = ['007', '7', '08'];
  const data = () => {
    const share = (row: number, label: number) => (row % 3 === label ? 0.6 : 0.2);
    const rows = lines(
      90,
      (row) =>
        `${spelled[(row * 7) % 3]},${[0, 1, 2].map((label) => share(row * 7 + (row % 5 === 0 ? 1 : 0), label)).join(',')}`,
    );
    return written('data.csv', `y,p_007,p_7,p_08\n${rows}\n`);
  };

  it('are told apart by their spelling in every command', async () => {
    const path = data();
    const diagnosed = await cli('diagnose', path, '--target', 'y', '--quick', '--json');
    expect(JSON.parse(diagnosed.stdout).data.classes.map(({ label }: { label: string }) => label)).toEqual([...spelled].sort());
    const sets = await cli('conformal', path, '--target', 'y', '--scores', 'p_007,p_7,p_08', '--json');
    expect(JSON.parse(sets.stdout).data.classes.map(({ label }: { label: string }) => label)).toEqual([...spelled].sort());
    const one = await cli('evaluate', path, '--target', 'y', '--score', 'p_7', '--positive', '7', '--json');
    expect(JSON.parse(one.stdout)).toMatchObject({ positive: '7', data: { rows: 90, positives: 30 } });
  });
});

describe('a target with too few classes', () => {
  it('says which words were taken for missing values', async () => {
    const path = written('na.csv', `y,x\n${lines(30, (row) => `${['NA', 'null', 'x'][row % 3]},${row}`)}\n`);
    const { code, stderr } = await cli('diagnose', path, '--target', 'y', '--quiet');
    expect(code).toBe(2);
    expect(stderr).toContain('"x" in all 10 rows that have a value; 20 have none');
    expect(stderr).toContain('20 cells hold a word for a missing value (NA, null)');
    expect(stderr).toContain('write it as another word');
  });

  it('that is to be left aside is refused', async () => {
    const path = written('t.csv', `y,x\n${lines(30, (row) => `${row % 2},${row}`)}\n`);
    for (const command of ['run', 'diagnose']) {
      const { code, stderr } = await cli(command, path, '--target', 'y', '--ignore', 'x,y');
      expect([code, stderr]).toEqual([2, expect.stringContaining('which is the target')]);
    }
  });
});

describe('held-out rows of their own', () => {
  const data = () => written('data.csv', `y,x\n${lines(60, (row) => `${row % 3 === 0 ? 1 : 0},${row % 7}`)}\n`);

  it('are named where a column is lacking', async () => {
    const test = written('later.csv', 'y,z\n1,2\n');
    const { code, stderr } = await cli(
      'run',
      data(),
      '--target',
      'y',
      '--test',
      test,
      '--out',
      join(scratchFolder(), 'o'),
    );
    expect([code, stderr]).toEqual([2, expect.stringContaining('later.csv has no column "x"')]);
  });

  it('are refused where their classes are written otherwise', async () => {
    const test = written('later.csv', `y,x\n${lines(9, (row) => `0${row % 2},${row}`)}\n`);
    const { code, stderr } = await cli(
      'run',
      data(),
      '--target',
      'y',
      '--test',
      test,
      '--out',
      join(scratchFolder(), 'o'),
    );
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining('later.csv writes classes of "y" otherwise than the data'),
    ]);
  });
});
