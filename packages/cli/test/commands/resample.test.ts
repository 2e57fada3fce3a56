import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTableResampler, labelsFromColumn, selectColumns } from '@counterweight/core';
import { describe, expect, it } from 'vitest';
import { readTable } from '../../src/input/index.ts';
import { cli, scratchFolder, smallCsv } from './cli.ts';

function setUp(rows = 120) {
  const folder = scratchFolder();
  const data = join(folder, 'data.csv');
  writeFileSync(
    data,
    smallCsv(rows, (row) => `id-${row}`),
  );
  return { folder, data, out: join(folder, 'out.csv') };
}

const linesOf = (path: string) => readFileSync(path, 'utf8').trimEnd().split('\n');

describe('counterweight resample', () => {
  it('writes the rows of the library, cell for cell, and where each came from', async () => {
    const { folder, data, out } = setUp();
    const provenance = join(folder, 'provenance.csv');
    const { code, stderr } = await cli(
      ...['resample', data, '--target', 'outcome', '--method', 'smote-nc', '--option', 'k-neighbors=3', '--seed', '7'],
      ...['--out', out, '--provenance', provenance, '--quiet'],
    );
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const { table } = await readTable(data);
    const { labels } = labelsFromColumn(table, 'outcome');
    const X = selectColumns(table, ['size', 'colour', 'extra']);
    const made = await createTableResampler('smote-nc', { kNeighbors: 3, seed: 7 }).resample({ X, y: labels });
    const written = linesOf(out);
    expect(written.slice(0, 121)).toEqual(linesOf(data));
    expect(written.length).toBe(made.data.X.rows + 1);
    const [size, colour] = made.data.X.columns;
    const { base, neighbour, gap } = made.provenance;
    for (let row = 120; row < made.data.X.rows; row++) {
      const cells = written[row + 1]!.split(',');
      const value = size!.kind === 'numeric' ? size!.values[row]! : Number.NaN;
      expect(cells[0]).toBe(Number.isNaN(value) ? '' : String(value));
      expect(cells[1]).toBe(colour!.kind === 'categorical' && colour!.dictionary[colour!.codes[row]!]);
      expect(cells.slice(2)).toEqual(['yes', `id-${base[row]}`]);
      const traced = linesOf(provenance)[row + 1]!.split(',').map(Number);
      expect(traced).toEqual([-1, base[row], neighbour[row], gap[row]]);
    }
  });

  it.each(['smote', 'smote-nc'])('makes no new category out of the spelling of declared codes: %s', async (method) => {
    const { folder, out } = setUp();
    const data = join(folder, 'codes.csv');
    const codes = ['00501', '02139', '10001', '1', '1.0'];
    const rows = Array.from({ length: 60 }, (_, row) => `${row % 7},${codes[row % 5]},${row % 3 === 0 ? 'b' : 'a'}`);
    writeFileSync(data, ['x,code,y', ...rows, ''].join('\n'));
    const flags = ['resample', data, '--target', 'y', '--method', method, '--out', out];
    const declared = await cli(...flags, '--categorical', 'code');
    expect(declared.code).toBe(0);
    expect(declared.stdout).not.toContain('leading zeros');
    const written = linesOf(out).slice(1);
    expect(written.length).toBe(80);
    expect(new Set(written.map((line) => line.split(',')[1]))).toEqual(new Set(codes));
    if (method === 'smote-nc') return;
    const bare = await cli(...flags);
    expect(bare.stdout.replace(/\s+/g, ' ')).toContain('name the column in --categorical, or in --ignore');
  });

  it('writes the weights of soft labels beside the rows, and says that they belong to them', async () => {
    const { data, out } = setUp();
    const { code, stdout } = await cli(
      ...['resample', data, '--target', 'outcome', '--method', 'mixup', '--option', 'alpha=1', '--out', out],
    );
    expect(code).toBe(0);
    expect(stdout).toContain('the rows are to be used with their weights');
    const weights = linesOf(out).map((line) => line.split(',').at(-1)!);
    expect(weights[0]).toBe('sample_weight');
    expect(weights.slice(1, 121).every((weight) => Number(weight) === 1)).toBe(true);
    const added = weights.slice(121).map(Number);
    expect(added.every((weight) => weight > 0 && weight <= 1)).toBe(true);
    const total = added.reduce((sum, weight) => sum + weight, 0);
    // Examples of weight 1, as many as the rare class lacks.
    expect(Math.abs(total - Math.round(total))).toBeLessThan(1e-9);
  });

  it('leaves rows without a class out and numbers rows as the file does', async () => {
    const { folder, out } = setUp();
    const data = join(folder, 'gaps.csv');
    writeFileSync(data, 'x,y\n1,a\n2,\n3,a\n4,b\n5,a\n6,b\n');
    const provenance = join(folder, 'provenance.csv');
    const { code, stdout } = await cli(
      ...['resample', data, '--target', 'y', '--method', 'random-over', '--out', out, '--provenance', provenance],
      ...['--json', '--quiet'],
    );
    expect(code).toBe(0);
    const report = JSON.parse(stdout);
    expect(report.rows).toEqual({ before: 6, after: 6 });
    expect(report.notices.map((notice: { code: string }) => notice.code)).toEqual(['missing-target']);
    expect(report.classes).toEqual([
      { label: 'a', before: 3, after: 3, copies: 3, made: 0, dropped: 0 },
      { label: 'b', before: 2, after: 3, copies: 3, made: 0, dropped: 0 },
    ]);
    const sources = linesOf(provenance)
      .slice(1)
      .map((line) => Number(line.split(',')[0]));
    expect(sources.slice(0, 5)).toEqual([0, 2, 3, 4, 5]);
    expect(linesOf(out).slice(1)).toEqual(sources.map((row) => linesOf(data)[row + 1]));
  });

  it('gives imbalanced-learn its strategy per class and its order', async () => {
    const { folder, out } = setUp();
    const data = join(folder, 'numbers.csv');
    const lines = Array.from({ length: 30 }, (_, i) => `${(i * 7) % 30}.5,${(i * 11) % 30},${i % 3 === 0 ? 'r' : 's'}`);
    writeFileSync(data, `a,b,y\n${lines.join('\n')}\n`);
    const { code, stdout } = await cli(
      ...['resample', data, '--target', 'y', '--method', 'random-under', '--compat', 'imbalanced-learn'],
      ...['--sampling-strategy', 's=12', '--seed', '3', '--out', out, '--quiet'],
    );
    expect(code).toBe(0);
    expect(stdout).toContain('random-under: 30 rows of numbers.csv became 22.');
    const classes = linesOf(out)
      .slice(1)
      .map((line) => line.at(-1));
    expect(classes.join('')).toBe('r'.repeat(10) + 's'.repeat(12));
  });

  it('says in one line what is wrong, and writes nothing', async () => {
    const { data, out } = setUp(40);
    const base = ['resample', data, '--target', 'outcome', '--quiet'];
    for (const [args, says] of [
      [['--method', 'smoat', '--out', out], 'no resampling method is called "smoat"'],
      [['--method', 'smote', '--out', out, '--option', 'neighbours=3'], 'has no option "neighbours"'],
      [['--method', 'smote', '--out', out, '--sampling-strategy', 'maybe=3'], 'names the class "maybe"'],
      [['--method', 'smote', '--out', data], 'is the input file itself'],
      [['--method', 'smote', '--out', `${out}.xyz`], 'the name must end in'],
      [['--method', 'smote', '--out', out, '--ignore', 'siez'], 'did you mean "size"?'],
      [['--method', 'smote', '--out', out, '--option', 'k-neigbors=3'], '(did you mean kNeighbors?)'],
      [['--method', 'smote', '--out', out, '--option', 'features={"a":1}'], 'features must be a list of column names'],
      [['--method', 'smote', '--out', out, '--option', 'missing=error'], '"size" misses one in data row 4'],
      [['--method', 'svm-smote', '--out', out, '--option', 'supportVectors=3'], 'can be given in code only'],
      [['--method', 'smote', '--out', out, '--audit-rows', out], '--audit-rows and --out name the same file'],
      [['--method', 'random-under', '--out', out, '--sampling-strategy', 'no=100.5'], 'leaves no row of class "no"'],
      [['--method', 'random-under', '--out', out, '--sampling-strategy', 'no=0'], 'Ask for one row at least'],
    ] as const) {
      const { code, stderr, stdout } = await cli(...base, ...args);
      expect(stderr).toContain(says);
      expect(stderr.trimEnd().split('\n').length).toBe(1);
      expect([code, stdout]).toEqual([2, '']);
    }
    expect(() => readFileSync(out)).toThrow('ENOENT');
  });
});

describe('counterweight resample --method spider --option kind=relabel', () => {
  it('writes the class that a row changed over to', async () => {
    const { data, out } = setUp();
    const { code } = await cli(
      ...['resample', data, '--target', 'outcome', '--method', 'spider', '--option', 'kind=relabel'],
      ...['--ignore', 'extra', '--out', out, '--quiet'],
    );
    expect(code).toBe(0);
    const { table } = await readTable(data);
    const { labels } = labelsFromColumn(table, 'outcome');
    const X = selectColumns(table, ['size', 'colour', 'extra']);
    const made = await createTableResampler('spider', { kind: 'relabel', ignore: ['extra'] }).resample({
      X,
      y: labels,
    });
    const { source } = made.provenance;
    expect(made.data.y.codes.some((label, row) => label !== labels.codes[source[row]!])).toBe(true);
    const original = linesOf(data);
    linesOf(out)
      .slice(1)
      .forEach((line, row) => {
        const cells = original[source[row]! + 1]!.split(',');
        cells[2] = String(labels.classes[made.data.y.codes[row]!]);
        expect(line).toBe(cells.join(','));
      });
  });
});

describe('counterweight resample of several classes and of groups', () => {
  /** Three classes that overlap, in groups of three rows. */
  function threeClasses() {
    const folder = scratchFolder();
    const data = join(folder, 'kinds.csv');
    const group = (i: number) => Math.floor(i / 3);
    const kind = (i: number) => (i === 7 || group(i) % 10 === 3 ? 'c' : group(i) % 3 === 1 ? 'b' : 'a');
    const place = (i: number) => (((i * 37) % 101) + (kind(i) === 'a' ? 0 : 30)) / 10;
    const line = (i: number) => `${place(i)},${((i * 53) % 97) / 10},g${group(i)},${kind(i)}`;
    writeFileSync(data, `x,z,group,kind\n${Array.from({ length: 120 }, (_, i) => line(i)).join('\n')}\n`);
    return { data, out: join(folder, 'out.csv'), provenance: join(folder, 'provenance.csv') };
  }

  it('holds a class against the larger ones alone where asked, to the median', async () => {
    const { data, out, provenance } = threeClasses();
    const base = [
      ...['resample', data, '--target', 'kind', '--method', 'adasyn', '--ignore', 'group', '--seed', '2'],
      ...['--sampling-strategy', 'median', '--out', out, '--provenance', provenance, '--quiet', '--json'],
    ];
    const sources = async (...more: string[]) => {
      const { code, stdout } = await cli(...base, ...more);
      expect(code).toBe(0);
      return [JSON.parse(stdout).classes.map(({ after }: { after: number }) => after), linesOf(provenance)] as const;
    };
    const [counts, plain] = await sources();
    const [successive, one] = await sources('--decompose', 'successive');
    expect(counts).toEqual([71, 36, 36]);
    expect(successive).toEqual(counts);
    expect(one).not.toEqual(plain);
    const refused = await cli(...base, '--method', 'tomek-links', '--decompose', 'successive');
    expect([refused.code, refused.stderr]).toEqual([
      2,
      'counterweight: tomek-links cannot be decomposed: that is for methods that add rows to a class by looking at the numbers of other classes\n',
    ]);
  });

  it.each(['random-under', 'tomek-links'])('%s: takes groups away whole where asked', async (method) => {
    const { data, out } = threeClasses();
    const { code, stdout } = await cli(
      ...['resample', data, '--target', 'kind', '--method', method, '--group', 'group', '--out', out, '--quiet'],
      ...['--option', 'whole-groups=true', '--sampling-strategy', method === 'random-under' ? 'a=21' : '["b"]'],
    );
    expect(code).toBe(0);
    const perGroup = new Map<string, number>();
    for (const line of linesOf(out).slice(1)) {
      const group = line.split(',')[2]!;
      perGroup.set(group, (perGroup.get(group) ?? 0) + 1);
    }
    expect(new Set(perGroup.values())).toEqual(new Set([3]));
    expect(perGroup.size).toBeLessThan(40);
    if (method === 'random-under')
      expect(stdout).toContain('class "a" keeps 20 rows, 21 were asked: whole groups come no nearer');
    const without = await cli(
      ...['resample', data, '--target', 'kind', '--method', method, '--out', out, '--option', 'whole-groups=true'],
    );
    expect([without.code, without.stderr]).toEqual([
      2,
      expect.stringContaining('--option whole-groups=true needs --group COLUMN'),
    ]);
  });

  it.each([
    ['random-under', '--group had no part in which rows went: --option whole-groups=true lets those of a group'],
    ['tomek-links', '--group had no part in which rows went: --option whole-groups=true lets those of a group'],
    ['random-over', '--group had no part in which rows were copied: a copy is of the group of its row'],
    ['smote', 'what is known of one group is told in another: --option within-groups=true keeps both parents in one'],
  ])('%s: says what groups had no part in', async (method, notice) => {
    const { data, out } = threeClasses();
    const flags = ['resample', data, '--target', 'kind', '--method', method, '--out', out, '--quiet'];
    const grouped = await cli(...flags, '--group', 'group');
    expect(grouped.code).toBe(0);
    expect(grouped.stdout.replace(/\s+/g, ' ')).toContain(notice);
    const rows = readFileSync(out, 'utf8');
    expect((await cli(...flags, '--ignore', 'group')).stdout).not.toMatch(/--group|within-groups/);
    expect(readFileSync(out, 'utf8')).toBe(rows);
  });

  it('names its own options where the library’s would do', async () => {
    const { data, out } = threeClasses();
    const { stderr } = await cli('resample', data, '--target', 'kind', '--method', 'smote-n', '--out', out, '--quiet');
    expect(stderr).toContain('numbers in "x", "z": name them in --categorical or --ignore, or use smote-nc');
    const group = await cli(
      ...['resample', data, '--target', 'kind', '--method', 'random-over', '--out', out, '--group', 'grup', '--quiet'],
    );
    expect(group.stderr).toContain('has no column "grup"');
  });
});

describe('counterweight resample --audit', () => {
  it('says where new rows fell, in the terminal, in JSON and row by row', async () => {
    const { folder, data, out } = setUp();
    const rows = join(folder, 'audit.csv');
    const base = [
      'resample',
      data,
      '--target',
      'outcome',
      '--method',
      'smote-nc',
      '--ignore',
      'extra',
      '--out',
      out,
      '--quiet',
    ];
    const { stdout } = await cli(...base, '--audit');
    expect(stdout).toMatch(
      /Audit of the new rows\nclass +new rows +safe +borderline +among others +\(real rows\)\nyes /,
    );
    const { stdout: json } = await cli(...base, '--audit-rows', rows, '--json');
    const { audit, classes } = JSON.parse(json);
    const made = classes.find((outcome: { label: string }) => outcome.label === 'yes').made;
    expect(audit.total.examined).toBe(made);
    const [head, ...lines] = linesOf(rows);
    expect(head).toBe('row,kind,others,intrudes,nearest,distance,nearest_own,distance_own,flags');
    expect(lines.length).toBe(made);
    const kinds = lines.map((line) => line.split(',')[1]);
    expect(kinds.filter((kind) => kind === 'intruding').length).toBe(audit.total.neighbourhood.intruding);
  });

  it('has nothing to say where nothing is made', async () => {
    const { data, out } = setUp();
    const { stdout, code } = await cli(
      ...['resample', data, '--target', 'outcome', '--method', 'random-under', '--out', out, '--quiet', '--audit'],
    );
    expect(code).toBe(0);
    expect(stdout).toContain('there are no new rows to look at');
  });
});

describe('counterweight resample, where something is odd', () => {
  it('refuses options that have a flag of their own, and says which method was meant', async () => {
    const { data, out } = setUp(40);
    const base = ['resample', data, '--target', 'outcome', '--out', out, '--quiet'];
    const seed = await cli(...base, '--method', 'smote', '--option', 'seed=3');
    expect(seed).toMatchObject({ code: 2, stderr: expect.stringContaining('--option seed: write it as --seed N') });
    const method = await cli(...base, '--method', 'borderline_smot');
    expect(method.stderr).toContain('did you mean borderline-smote?');
  });

  it('writes nothing where a class would have no row left', async () => {
    const { folder, out } = setUp();
    const data = join(folder, 'mixed.csv');
    const row = (i: number) => `${i},${i % 8 === 3 ? 'b' : i < 40 ? 'a' : 'c'}`;
    writeFileSync(data, `x,y\n${Array.from({ length: 43 }, (_, i) => row(i)).join('\n')}\n`);
    const { code, stderr } = await cli(
      ...['resample', data, '--target', 'y', '--method', 'edited-nearest-neighbours', '--out', out, '--quiet'],
      ...['--option', 'features=["x"]', '--sampling-strategy', '["b"]'],
    );
    expect(code).toBe(2);
    expect(stderr).toMatch(/left no row of class "b" of \d+; nothing was written\. Set a floor/);
    expect(() => readFileSync(out)).toThrow('ENOENT');
  });

  it('reads and writes cells of several megabytes', async () => {
    const { folder, out } = setUp();
    const data = join(folder, 'huge.csv');
    const line = (i: number) => `${i},${i === 3 ? 'z'.repeat(3_000_000) : 'short'},${i < 9 ? 'a' : 'b'}`;
    const lines = ['x,text,y', ...Array.from({ length: 14 }, (_, i) => line(i))];
    writeFileSync(data, `${lines.join('\n')}\n`);
    const { code, stderr } = await cli(
      ...['resample', data, '--target', 'y', '--method', 'smote', '--ignore', 'text', '--out', out, '--quiet'],
    );
    expect([code, stderr]).toEqual([0, '']);
    expect(linesOf(out).slice(0, 15)).toEqual(lines);
  });
});
