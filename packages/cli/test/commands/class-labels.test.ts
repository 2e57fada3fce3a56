import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { list, listText } from '../../src/commands/common-options.ts';
import { cli, logistic, scratchFolder } from './cli.ts';

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
    expect(JSON.parse(diagnosed.stdout).data.classes.map(({ label }: { label: string }) => label)).toEqual(
      [...spelled].sort(),
    );
    const sets = await cli('conformal', path, '--target', 'y', '--scores', 'p_007,p_7,p_08', '--json');
    expect(JSON.parse(sets.stdout).data.classes.map(({ label }: { label: string }) => label)).toEqual(
      [...spelled].sort(),
    );
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
      ...logistic,
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
      ...logistic,
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

describe('what a refusal says', () => {
  const data = () =>
    written(
      'data.csv',
      `y,s,c,a\\,b\n${lines(60, (row) => `${row % 3 === 0 ? 'yes' : 'no'},${((row * 7) % 10) / 10},t,0.5`)}\n`.replace(
        'a\\,b',
        'c:\\',
      ),
    );
  it.each([
    [['conformal', '--score', 's', '--alpha', '1'], 'above 0 and below 1'],
    [['conformal', '--score', 's', '--alpha', '2'], 'above 0 and below 1'],
    [['evaluate', '--score', 's', '--cost-fn', '0', '--cost-fp', '0'], "'--cost-fn <cost>' argument '0' is invalid"],
    [['evaluate', '--score', 's', '--metric', 'foo'], 'there are f1,'],
    [['evaluate', '--score', 's', '--weights', 'c'], 'column "c" holds text; weights must be numbers'],
    [['calibrate', '--score', 's', '--choose', 'isotonic'], '--choose names one of several methods'],
  ])('%j', async ([command, ...more], says) => {
    const { code, stderr } = await cli(command!, data(), '--target', 'y', ...more);
    expect([code, stderr]).toEqual([2, expect.stringContaining(says)]);
  });

  it('that a Parquet file has lost its end', async () => {
    const whole = join(scratchFolder(), 'whole.parquet');
    const balanced = await cli('resample', data(), '--target', 'y', '--method', 'random-over', '--out', whole);
    expect(balanced.code).toBe(0);
    const bytes = readFileSync(whole);
    const cut = join(scratchFolder(), 'cut.parquet');
    writeFileSync(cut, bytes.subarray(0, bytes.length - 40));
    const { code, stderr } = await cli('diagnose', cut, '--target', 'y', '--quiet');
    expect([code, stderr]).toEqual([2, expect.stringContaining('its end is missing')]);
  });

  it('names the classes of a cost matrix', async () => {
    const costs = written('costs.csv', 'predicted,no,yes\nno,0,-5\nyes,1,0\n');
    const { stderr } = await cli('evaluate', data(), '--target', 'y', '--score', 's', '--cost-matrix', costs);
    expect(stderr).toContain('predicting class "no" when class "yes" is true costs -5, no more than');
  });

  it('reads names with commas and backslashes as it writes them', () => {
    const names = ['a,b', 'c:\\', 'd\\e', 'f\\,g', 'h\\\\', 'plain'];
    expect(list(listText(names))).toEqual(names);
    expect(list('a\\,b, c')).toEqual(['a,b', 'c']);
  });
});

describe('calibrate with a probability column for each of two classes', () => {
  it('adds one p, of the rarer class, between p0 and p1, as with its column alone', async () => {
    const cells = (row: number) => {
      const p = ((row * 37) % 100) / 100;
      return `${p > 0.6 && row % 4 !== 0 ? 'a' : 'b'},${p},${1 - p}`;
    };
    const path = written('two.csv', `y,p_a,p_b\n${lines(200, cells)}\n`);
    const both = join(scratchFolder(), 'both.csv');
    const single = join(scratchFolder(), 'single.csv');
    const on = ['calibrate', path, '--target', 'y', '--replicates', '10', '--quiet', '--apply', path, '--prefix', 'x_'];
    expect((await cli(...on, '--scores', 'p_a,p_b', '--out', both)).code).toBe(0);
    expect((await cli(...on, '--score', 'p_a', '--out', single)).code).toBe(0);
    const [head, ...rows] = readFileSync(both, 'utf8').trim().split('\n');
    expect(head).toBe('y,p_a,p_b,x_p,x_p0,x_p1');
    const expected = readFileSync(single, 'utf8').trim().split('\n').slice(1);
    rows.forEach((row, i) => {
      const [p, p0, p1] = row.split(',').slice(3).map(Number);
      expect(p0! <= p! && p! <= p1!).toBe(true);
      expect(p).toBeCloseTo(Number(expected[i]!.split(',')[3]), 6);
    });
  });
});
