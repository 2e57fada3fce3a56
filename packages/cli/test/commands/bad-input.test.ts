import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli, scratchFolder, smallCsv } from './cli.ts';

interface BadInput {
  readonly name: string;
  /** Writes the file and gives further arguments. */
  readonly make: (path: string) => void;
  readonly more?: readonly string[];
  readonly says: RegExp;
}

const good = smallCsv(60);
const withTarget = (values: readonly (string | number)[]) =>
  `x,outcome\n${values.map((value, i) => `${Math.sin(i)},${value}`).join('\n')}\n`;
const repeated = (value: string, times: number) => new Array<string>(times).fill(value);

const cases: readonly BadInput[] = [
  { name: 'a missing file', make: () => {}, says: /data\.csv/ },
  { name: 'an empty file', make: (path) => writeFileSync(path, ''), says: /empty/ },
  { name: 'a header and nothing else', make: (path) => writeFileSync(path, 'x,outcome\n'), says: /no rows|header/i },
  {
    name: 'a target that is not there, suggesting the nearest name',
    make: (path) => {
      writeFileSync(path, good.replace('outcome', 'Outcomes'));
    },
    says: /"outcome".*did you mean "Outcomes"/,
  },
  {
    name: 'one class only',
    make: (path) => writeFileSync(path, withTarget(repeated('no', 40))),
    says: /one class only/,
  },
  {
    name: 'a class of one row',
    make: (path) => writeFileSync(path, withTarget([...repeated('no', 40), 'yes'])),
    says: /class yes has 1 row: at least three/,
  },
  {
    name: 'a class of two rows',
    make: (path) => writeFileSync(path, withTarget([...repeated('no', 40), 'yes', 'yes'])),
    says: /class yes has 2 rows: at least three/,
  },
  {
    name: 'a target that looks like a quantity',
    make: (path) => writeFileSync(path, withTarget(Array.from({ length: 1500 }, (_, i) => (i * 1.37).toFixed(2)))),
    says: /regression/,
  },
  {
    name: 'nothing but constant columns',
    make: (path) =>
      writeFileSync(
        path,
        `x,z,outcome\n${Array.from({ length: 40 }, (_, i) => `1,a,${i % 4 ? 'no' : 'yes'}`).join('\n')}\n`,
      ),
    says: /no column is left to learn from/,
  },
  {
    name: 'infinities',
    make: (path) =>
      writeFileSync(
        path,
        good.replace(/^(.*\n){5}/, (head) => `${head}inf,red,no\n`),
      ),
    says: /infinite|infinity/i,
  },
  {
    name: 'two columns of one name',
    make: (path) => writeFileSync(path, good.replace('size,colour', 'size,size')),
    says: /size/,
  },
  {
    name: 'a ragged line',
    make: (path) =>
      writeFileSync(
        path,
        good.replace(/^(.*\n){5}/, (head) => `${head}1,red,no,too,many\n`),
      ),
    says: /line 6/,
  },
  {
    name: 'a binary file',
    make: (path) => writeFileSync(path, Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) % 256))),
    says: /data\.csv/,
  },
  {
    name: 'a metric that does not exist',
    make: (path) => writeFileSync(path, good),
    more: ['--metric', 'auc'],
    says: /no metric is called "auc"/,
  },
  {
    name: 'a strategy that does not exist',
    make: (path) => writeFileSync(path, good),
    more: ['--strategies', 'smoke'],
    says: /no strategy is called "smoke"/,
  },
  {
    name: 'one cost of two',
    make: (path) => writeFileSync(path, good),
    more: ['--cost-fn', '5'],
    says: /--cost-fn needs --cost-fp/,
  },
  {
    name: 'a share of nothing',
    make: (path) => writeFileSync(path, good),
    more: ['--test-size', '0'],
    says: /above 0 and at most 0\.9/,
  },
  {
    name: 'more threads than there can be',
    make: (path) => writeFileSync(path, good),
    more: ['--threads', '4096'],
    says: /threads/,
  },
  {
    name: 'a column to ignore that is not there',
    make: (path) => writeFileSync(path, good),
    more: ['--ignore', 'colr'],
    says: /did you mean "colour"/,
  },
];

describe('bad input', () => {
  it.each(cases)('$name: exit code 2, one clear line, nothing left behind', async ({ make, says, more = [] }) => {
    const folder = scratchFolder();
    const path = join(folder, 'data.csv');
    make(path);
    const before = readdirSync(folder);
    const { code, stdout, stderr } = await cli(
      'run',
      path,
      '--target',
      'outcome',
      '--out',
      join(folder, 'out'),
      '--quiet',
      ...more,
    );
    expect(stderr).toMatch(says);
    expect(stderr).toMatch(/^counterweight: .+\n(\(counterweight --help lists the commands\)\n)?$/);
    expect(stderr).not.toMatch(/\bat .+:\d+:\d+/);
    expect(stdout).toBe('');
    expect(code).toBe(2);
    expect(readdirSync(folder)).toEqual(before);
  });

  it('says what is wrong with an output folder that cannot be', async () => {
    const folder = scratchFolder();
    const path = join(folder, 'data.csv');
    writeFileSync(path, good);
    const { code, stderr } = await cli('run', path, '--target', 'outcome', '--out', join(path, 'out'), '--quiet');
    expect(code).toBe(2);
    expect(stderr).toMatch(/^counterweight: .*out.*\n$/);
    // A place of which the system itself says that it does not exist: making folders there must not go on for ever.
    if (existsSync('/proc')) {
      const lost = await cli('run', path, '--target', 'outcome', '--out', '/proc/counterweight/run', '--quiet');
      expect(lost).toMatchObject({ code: 2, stderr: expect.stringContaining('cannot be written') });
    }
    const deep = join(folder, 'a', 'b');
    expect((await cli('run', path, '--target', 'nothing', '--out', deep, '--quiet')).code).toBe(2);
    expect(existsSync(join(folder, 'a'))).toBe(false);
    if (process.getuid?.() !== 0) {
      const locked = join(folder, 'locked');
      mkdirSync(locked);
      chmodSync(locked, 0o500);
      expect((await cli('run', path, '--target', 'outcome', '--out', join(locked, 'out'), '--quiet')).code).toBe(2);
      expect(existsSync(join(locked, 'out'))).toBe(false);
    }
  });

  it('has usage errors in one line with exit code 2', async () => {
    for (const args of [
      ['run'],
      ['run', 'x.csv'],
      ['frobnicate'],
      ['run', 'x.csv', '--target', 'y', '--seed', '-1'],
      ['predict'],
    ]) {
      const { code, stderr, stdout } = await cli(...args);
      expect(code, args.join(' ')).toBe(2);
      expect(stderr, args.join(' ')).toMatch(/^counterweight: .+\n/);
      expect(stdout).toBe('');
    }
  });
});
