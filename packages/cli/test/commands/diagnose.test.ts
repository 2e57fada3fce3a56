import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'parse5';
import { describe, expect, it } from 'vitest';
import { readTable } from '../../src/input/index.ts';
import { cli, scratchFolder, smallCsv } from './cli.ts';

function dataFile(rows = 300, name = 'data.csv', text = smallCsv(rows)): string {
  const path = join(scratchFolder(), name);
  writeFileSync(path, text);
  return path;
}

/** Three classes, names that mean something to HTML and to a shell, a missing target and two equal rows of two classes. */
function awkwardCsv(): string {
  const lines = ['"x <b>","y\'s",class'];
  for (let row = 0; row < 120; row++) {
    const label = row % 10 === 0 ? '<script>alert(1)</script>' : row % 3 === 0 ? 'a "quoted" one' : 'plain';
    lines.push(`${(row * 37) % 101},${(row * 53) % 29},"${label.replaceAll('"', '""')}"`);
  }
  lines.push('5,5,', '200,200,plain', '200,200,"a ""quoted"" one"');
  return `${lines.join('\n')}\n`;
}

describe('counterweight diagnose', () => {
  it('prints one document with stated keys with --json, and progress on standard error only', async () => {
    const path = dataFile();
    const { code, stdout, stderr } = await cli('diagnose', path, '--target', 'outcome', '--json');
    expect(code).toBe(0);
    const found = JSON.parse(stdout);
    expect(found).toMatchObject({ format: 'counterweight-diagnosis', formatVersion: 1 });
    expect(Object.keys(found)).toEqual([
      'format',
      'formatVersion',
      'versions',
      'data',
      'imbalance',
      'conflicts',
      'difficulty',
      'advice',
      'notices',
    ]);
    expect(stderr).toMatch(/reading the data\n/);
    const quiet = await cli('diagnose', path, '--target', 'outcome', '--json', '--quiet');
    expect(quiet.stderr).toBe('');
    expect(quiet.stdout).toBe(stdout);
  });

  it('gives the same bytes for one and two threads', async () => {
    const path = dataFile(400);
    const one = await cli('diagnose', path, '--target', 'outcome', '--json', '--threads', '1');
    const two = await cli('diagnose', path, '--target', 'outcome', '--json', '--threads', '2');
    expect(two.stdout).toBe(one.stdout);
  });

  it('says in the terminal what stands around the rows and, last, what to do', async () => {
    const path = dataFile();
    const { stdout } = await cli('diagnose', path, '--target', 'outcome');
    expect(stdout).toMatch(/class +safe +borderline +rare +outlier/);
    expect(stdout).toMatch(/BI3 of class yes: 0\.\d\d \[/);
    expect(stdout.indexOf('What to do, and why')).toBeGreaterThan(stdout.indexOf('kDN'));
    expect(stdout).toContain(`$ counterweight run ${path} --target outcome`);
    for (const line of stdout.split('\n')) if (!line.includes('$ ')) expect(line).not.toMatch(/\S…$/);
  });

  it('leaves the difficulty out with --quick', async () => {
    const path = dataFile();
    const { stdout } = await cli('diagnose', path, '--target', 'outcome', '--json', '--quick');
    const found = JSON.parse(stdout);
    expect(found.difficulty).toBeNull();
    expect(found.advice.map(({ code }: { code: string }) => code)).toContain('thresholds-from-costs');
  });

  it('writes what is known of every input row, as CSV and as Parquet', async () => {
    const path = dataFile(0, 'awkward.csv', awkwardCsv());
    const folder = scratchFolder();
    for (const name of ['rows.csv', 'rows.parquet']) {
      const out = join(folder, name);
      const { code } = await cli('diagnose', path, '--target', 'class', '--rows', out, '--quiet');
      expect(code).toBe(0);
      const { table } = await readTable(out);
      expect(table.rows).toBe(123);
      expect(table.columns.map((column) => column.name)).toEqual([
        'row',
        'class',
        'type',
        'kdn',
        'ibi3',
        'label_noise',
        'nearest_other',
        'nearest_other_distance',
        'near_duplicate',
        'cluster',
      ]);
    }
    const lines = readFileSync(join(folder, 'rows.csv'), 'utf8').trimEnd().split('\n');
    // The row without a class; the two equal rows are each other's near-duplicate.
    expect(lines[121]).toBe('120,,,,,,,,,');
    expect(lines[122]).toMatch(/^121,plain,\w+,[\d.]+,,,122,0\.0,122,\d+$/);
    expect(lines[123]).toMatch(/^122,"a ""quoted"" one",\w+,[\d.]+,,[\w-]*,121,0\.0,121,\d+$/);
    expect(lines[1]).toMatch(/^0,<script>alert\(1\)<\/script>,/);
  });

  it('writes a page that holds together whatever the names are, and asks for nothing', async () => {
    const path = dataFile(0, 'awkward.csv', awkwardCsv());
    const out = join(scratchFolder(), 'page.html');
    const { code, stdout } = await cli('diagnose', path, '--target', 'class', '--html', out, '--quiet');
    expect(code).toBe(0);
    expect(stdout).toContain('written: ');
    const page = readFileSync(out, 'utf8');
    const errors: string[] = [];
    parse(page, { onParseError: ({ code: error }) => errors.push(error) });
    expect(errors).toEqual([]);
    expect(page).not.toMatch(/<script/);
    expect(page).not.toMatch(/(?:src|href)="(?!#|data:)/);
    for (const id of ['advice', 'classes', 'neighbourhoods', 'map', 'measures', 'rows', 'columns', 'notices']) {
      expect(page).toContain(`id="${id}"`);
    }
    expect(page).toMatch(/principal component 1 \([\d.]+\u202f% of the variance\)/);
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const again = join(scratchFolder(), 'page.html');
    await cli('diagnose', path, '--target', 'class', '--html', again, '--quiet', '--threads', '1');
    expect(readFileSync(again, 'utf8')).toBe(page);
    const quick = join(scratchFolder(), 'quick.html');
    await cli('diagnose', path, '--target', 'class', '--html', quick, '--quick', '--quiet');
    expect(readFileSync(quick, 'utf8')).not.toContain('id="map"');
  });

  it('works out the threshold from costs', async () => {
    const path = dataFile();
    const { stdout } = await cli(
      'diagnose',
      path,
      '--target',
      'outcome',
      '--quick',
      '--cost-fn',
      '19',
      '--cost-fp',
      '1',
    );
    expect(stdout).toMatch(/probability of 0\.0500 on/);
    expect(stdout).toContain('--cost-fn 19 --cost-fp 1');
  });

  it('refuses what cannot be before the work, in one line that says what', async () => {
    const path = dataFile();
    const folder = scratchFolder();
    const cases: [string[], RegExp][] = [
      [['--target', 'outcom'], /no column "outcom".*"outcome"/],
      [['--target', 'outcome', '--positive', 'maybe'], /no class "maybe"/],
      [['--target', 'outcome', '--rows', join(folder, 'rows.xlsx')], /must end in \.csv/],
      [['--target', 'outcome', '--rows', join(folder, 'none', 'rows.csv')], /its folder does not exist/],
      [['--target', 'outcome', '--html', folder], /it is a folder/],
      [['--target', 'outcome', '--quick', '--rows', join(folder, 'rows.csv')], /--quick/],
      [['--target', 'outcome', '--cost-fn', '5'], /--cost-fn needs --cost-fp/],
      [['--target', 'outcome', '--cost-fn', '0', '--cost-fp', '1'], /above 0/],
      [['--target', 'outcome', '--look-at', '1'], /at least 2/],
      [['--target', 'outcome', '--keep', 'no such'], /no column "no such"/],
      [['--target', 'size'], /./],
    ];
    for (const [flags, said] of cases) {
      const { code, stdout, stderr } = await cli('diagnose', path, '--quiet', ...flags);
      expect(code, flags.join(' ')).toBe(2);
      expect(stdout).toBe('');
      expect(stderr, flags.join(' ')).toMatch(said);
      expect(stderr.trim().split('\n')).toHaveLength(1);
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  it('says that there is nothing to say of single rows where no column is left', async () => {
    const path = dataFile(0, 'bare.csv', `only\n${'a\n'.repeat(10)}${'b\n'.repeat(5)}`);
    const out = join(scratchFolder(), 'rows.csv');
    const { code, stdout } = await cli('diagnose', path, '--target', 'only', '--rows', out, '--json', '--quiet');
    expect(code).toBe(0);
    const codes = JSON.parse(stdout).notices.map(({ code: notice }: { code: string }) => notice);
    expect(codes).toEqual(expect.arrayContaining(['difficulty-not-measured', 'rows-not-written']));
    expect(existsSync(out)).toBe(false);
  });
});
