import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { BinaryEvaluationReport, ClassEvaluationReport } from '../../src/report/evaluate/evaluation-report.ts';
import { cli, scratchFolder } from './cli.ts';

const rows = 240;

function generator(seed: number) {
  let state = seed;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 4294967296;
}

/** Two classes, two models, a margin and whole weights. */
function binaryRows() {
  const next = generator(3);
  return Array.from({ length: rows }, () => {
    const p = next() ** 3;
    const yes = next() < p;
    return { yes, p, q: Math.min(1, Math.max(0, p + 0.4 * (next() - 0.5))), weight: 1 + Math.floor(3 * next()) };
  });
}

const data = binaryRows();
const binaryCsv = [
  'fraud,p,q,margin,w,half',
  ...data.map(({ yes, p, q, weight }) => `${yes ? 'yes' : 'no'},${p},${q},${4 * p - 2},${weight},${weight / 2}`),
].join('\n');

/** Three classes with a probability each. */
function classCsv(names: readonly string[]): string {
  const next = generator(9);
  const lines = Array.from({ length: 150 }, () => {
    const draw = next();
    const label = draw < 0.6 ? 0 : draw < 0.9 ? 1 : 2;
    const raw = names.map((_, k) => (0.2 + next()) * (k === label ? 3 : 1));
    const sum = raw.reduce((total, value) => total + value, 0);
    return [names[label]!.replace('p_', ''), ...raw.map((value) => value / sum)].join(',');
  });
  return [`kind,${names.join(',')}`, ...lines].join('\n');
}

function place(files: Readonly<Record<string, string>>) {
  const folder = scratchFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), `${text}\n`);
  return (name: string) => join(folder, name);
}

async function documentOf<T = BinaryEvaluationReport>(...args: string[]): Promise<T> {
  const { code, stdout, stderr } = await cli('evaluate', ...args, '--json', '--quiet');
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return JSON.parse(stdout) as T;
}

async function refusal(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await cli('evaluate', ...args, '--quiet');
  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  return stderr;
}

/** The area under the ROC curve by its definition. */
function areaOf(score: (row: (typeof data)[number]) => number): number {
  const [yes, no] = [true, false].map((which) => data.filter((row) => row.yes === which).map(score));
  let wins = 0;
  for (const a of yes!) for (const b of no!) wins += a > b ? 1 : a === b ? 0.5 : 0;
  return wins / yes!.length / no!.length;
}

describe('counterweight evaluate', () => {
  it('prints one document with everything for every model and every pair', async () => {
    const at = place({ 'scored.csv': binaryCsv });
    const report = await documentOf(
      at('scored.csv'),
      '--target',
      'fraud',
      '--score',
      'p',
      '--score',
      'q',
      '--threshold',
      '0.3',
    );
    expect(report).toMatchObject({
      format: 'counterweight-evaluation',
      formatVersion: 1,
      kind: 'binary',
      source: 'scored.csv',
      target: 'fraud',
      positive: 'yes',
      data: { rows, positives: data.filter(({ yes }) => yes).length, weights: 'none' },
      reproduce: {
        command: 'counterweight evaluate scored.csv --target fraud --score p --score q --threshold 0.3 --seed 0',
      },
    });
    expect(report.models.map(({ name }) => name)).toEqual(['p', 'q']);
    expect(report.models[0]!.ranking['rocAuc']!.value).toBeCloseTo(
      areaOf(({ p }) => p),
      12,
    );
    expect(report.models[1]!.deLong.value).toBeCloseTo(
      areaOf(({ q }) => q),
      12,
    );
    const brier = data.reduce((sum, { yes, p }) => sum + (p - Number(yes)) ** 2, 0) / rows;
    expect(report.models[0]!.probabilities!.metrics['brierScore']!.value).toBeCloseTo(brier, 12);
    expect(report.models[0]!.decisions.map(({ name }) => name)).toEqual(['half', 'given', 'tuned']);
    const given = report.models[0]!.decisions[1]!;
    expect(given.counts.tp).toBe(data.filter(({ yes, p }) => yes && p >= 0.3).length);
    expect(given.counts.fp).toBe(data.filter(({ yes, p }) => !yes && p >= 0.3).length);
    expect(report.comparisons).toHaveLength(1);
    expect(report.comparisons[0]!.deLong!.value).toBeCloseTo(areaOf(({ p }) => p) - areaOf(({ q }) => q), 12);
  });

  it('says the main things on the terminal, without control characters of the data', async () => {
    const at = place({ 'scored.csv': binaryCsv.replaceAll('yes', '"\u001b[31myes"') });
    const { code, stdout } = await cli('evaluate', at('scored.csv'), '--target', 'fraud', '--score', 'p', '--quiet');
    expect(code).toBe(0);
    expect(stdout).toContain('ROC-AUC (DeLong)');
    expect(stdout).toContain('tuned here');
    expect(stdout).toContain('on these very rows');
    expect(stdout).not.toContain('\u001b');
    for (const line of stdout.split('\n')) expect(line).not.toMatch(/\S…$/);
  });

  it('decides from costs given as two numbers or as a matrix alike', async () => {
    const at = place({ 'scored.csv': binaryCsv, 'costs.csv': 'predicted,yes,no\nyes,0,2\nno,18,0' });
    const asked = [at('scored.csv'), '--target', 'fraud', '--score', 'p'];
    const numbers = await documentOf(...asked, '--cost-fn', '18', '--cost-fp', '2');
    const table = await documentOf(...asked, '--cost-matrix', at('costs.csv'));
    expect(numbers.costs!.threshold).toBeCloseTo(0.1, 12);
    expect(numbers.models).toEqual(table.models);
    expect(numbers.tuning.metric).toBe('expectedCost');
    const { counts, metrics } = numbers.models[0]!.decisions.find(({ name }) => name === 'cost')!;
    expect(metrics['expectedCost']!.value).toBeCloseTo((18 * counts.fn + 2 * counts.fp) / rows, 12);
  });

  it('takes whole weights as repeated rows', async () => {
    const lines = binaryCsv.split('\n');
    const repeated = [lines[0]!, ...data.flatMap(({ weight }, i) => new Array<string>(weight).fill(lines[i + 1]!))];
    const at = place({ 'scored.csv': binaryCsv, 'repeated.csv': repeated.join('\n') });
    const asked = ['--target', 'fraud', '--score', 'p'];
    const weighted = await documentOf(at('scored.csv'), ...asked, '--weights', 'w');
    const copies = await documentOf(at('repeated.csv'), ...asked);
    expect(weighted.data).toMatchObject({ rows, weights: 'counts', positives: copies.data.positives });
    const [a, b] = [weighted, copies].map(({ models }) => models[0]!);
    expect(a!.ranking).toEqual(b!.ranking);
    expect(a!.deLong).toEqual(b!.deLong);
    expect(a!.decisions).toEqual(b!.decisions);
    const halves = await documentOf(at('scored.csv'), ...asked, '--weights', 'half');
    expect(halves.data.weights).toBe('fractional');
    expect(halves.notices.map(({ code }) => code)).toContain('fractional-weights');
    expect(halves.models[0]!.ranking['rocAuc']!.value).toBeCloseTo(a!.ranking['rocAuc']!.value!, 12);
  });

  it('leaves out what scores outside 0 to 1 cannot tell, and rows without a score, and says both', async () => {
    const [head, first, ...rest] = binaryCsv.split('\n');
    const at = place({
      'scored.csv': [
        head,
        first!.replace(/,[^,]*(,[^,]*,[^,]*)$/, ',$1'),
        'no,0.5,0.5,,1,1',
        ',0.5,0.5,0,1,1',
        ...rest,
      ].join('\n'),
    });
    const report = await documentOf(at('scored.csv'), '--target', 'fraud', '--score', 'margin');
    expect(report.notices.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['missing-target', 'missing-score', 'not-probabilities']),
    );
    expect(report.models[0]!.probabilities).toBeNull();
    expect(report.models[0]!.decisions.map(({ name }) => name)).toEqual(['tuned']);
  });

  it('evaluates a column a class: averages, class report, each class against the rest', async () => {
    const names = ['ant', 'p_bee', 'cat'];
    const at = place({ 'kinds.csv': classCsv(names) });
    const asked = [at('kinds.csv'), '--target', 'kind', '--scores', names.join(',')];
    const report = await documentOf<ClassEvaluationReport>(...asked);
    expect(report.kind).toBe('multi-class');
    expect(report.data.classes.map(({ label }) => label)).toEqual(['ant', 'bee', 'cat']);
    expect(report.classes.map((one) => one.class)).toEqual(['cat', 'bee', 'ant']);
    const [first] = report.decisions;
    const recalls = first!.classes.map(({ recall }) => recall.value!);
    expect(first!.metrics['balancedAccuracy']!.value).toBeCloseTo(recalls.reduce((a, b) => a + b) / 3, 12);
    const { code, stdout } = await cli('evaluate', ...asked, '--quiet');
    expect(code).toBe(0);
    expect(stdout).toContain('one against one (Hand and Till)');
    expect(await refusal(...asked, '--threshold', '0.3')).toContain('--threshold needs one class');
  });

  it('evaluates the positive one of two class columns', async () => {
    const two = ['fraud,p_yes,p_no', ...data.map(({ yes, p }) => `${yes ? 'yes' : 'no'},${p},${1 - p}`)].join('\n');
    const at = place({ 'two.csv': two });
    const report = await documentOf(at('two.csv'), '--target', 'fraud', '--scores', 'p_yes,p_no');
    expect(report.models[0]!.name).toBe('p_yes');
    expect(report.models[0]!.ranking['rocAuc']!.value).toBeCloseTo(
      areaOf(({ p }) => p),
      12,
    );
    expect(report.notices.map(({ code }) => code)).toContain('two-classes');
  });

  it('takes one class against the rest by name', async () => {
    const at = place({ 'kinds.csv': classCsv(['ant', 'bee', 'cat']) });
    const report = await documentOf(at('kinds.csv'), '--target', 'kind', '--score', 'cat', '--positive', 'cat');
    expect(report).toMatchObject({ positive: 'cat', negative: 'not cat' });
  });

  it('goes on with constant scores and with one positive row, without false certainty', async () => {
    const lines = Array.from({ length: 40 }, (_, i) => `${i === 5 ? 'yes' : 'no'},0.25,${i / 100}`);
    const at = place({ 'odd.csv': ['fraud,flat,ramp', ...lines].join('\n') });
    const report = await documentOf(at('odd.csv'), '--target', 'fraud', '--score', 'flat', '--score', 'ramp');
    expect(report.notices.map(({ code }) => code)).toEqual(expect.arrayContaining(['few-rows', 'constant-scores']));
    expect(report.models[0]!.deLong).toMatchObject({ value: 0.5, low: 0, high: 1 });
    expect(report.models[1]!.ranking['averagePrecision']).toMatchObject({ low: null, high: null });
    const { code } = await cli('evaluate', at('odd.csv'), '--target', 'fraud', '--score', 'flat', '--quiet');
    expect(code).toBe(0);
  });

  it('refuses bad input with one line', async () => {
    const at = place({
      'scored.csv': binaryCsv,
      'one.csv': 'y,p\nno,0.1\nno,0.2',
      'text.csv': 'y,p\nno,0.1\nyes,high',
      'infinite.csv': 'y,p\nno,0.1\nyes,inf',
      'three.csv': 'y,p\na,0.1\nb,0.2\nc,0.3',
      'weights.csv': 'y,p,w\nno,0.1,1\nyes,0.2,-1',
      'probability.csv': 'y,a,b,c\na,0.1,0.2,1.7\nb,0.1,0.2,0.7\nc,0.1,0.2,0.7',
      'lone.csv': 'y,p\nno,0.1\nyes,',
    });
    const scored = [at('scored.csv'), '--target', 'fraud'];
    expect(await refusal(...scored)).toContain('--score COLUMN');
    expect(await refusal(...scored, '--score', 'p', '--scores', 'p,q')).toContain('exclude each other');
    expect(await refusal(...scored, '--score', 'p', '--score', 'p')).toContain('twice');
    expect(await refusal(...scored, '--score', 'r')).toContain('"r"');
    expect(await refusal(...scored, '--score', 'fraud')).toContain('text');
    expect(await refusal(...scored, '--score', 'p', '--threshold', 'x')).toContain('--threshold must be a number');
    expect(await refusal(...scored, '--score', 'p', '--metric', 'recall')).toContain('cannot be tuned for "recall"');
    expect(await refusal(...scored, '--score', 'p', '--metric', 'expectedCost')).toContain('costs');
    expect(await refusal(...scored, '--score', 'p', '--cost-fn', '3')).toContain('--cost-fp');
    expect(await refusal(...scored, '--score', 'p', '--cost-fn', '0', '--cost-fp', '0')).toContain('above 0');
    expect(await refusal(...scored, '--score', 'p', '--positive', 'maybe')).toContain('"maybe"');
    expect(await refusal(...scored, '--score', 'p', '--weights', 'nothing')).toContain('"nothing"');
    expect(await refusal(at('absent.csv'), '--target', 'y', '--score', 'p')).toContain('does not exist');
    const refused = (file: string, ...more: string[]) => refusal(at(file), '--target', 'y', ...more);
    expect(await refused('one.csv', '--score', 'p')).toContain('one class');
    expect(await refused('lone.csv', '--score', 'p')).toContain('no row that has a score is of class yes');
    expect(await refused('text.csv', '--score', 'p')).toContain('scores must be numbers');
    expect(await refused('infinite.csv', '--score', 'p')).toContain('data row 2');
    expect(await refused('three.csv', '--score', 'p')).toContain('--positive');
    expect(await refused('weights.csv', '--score', 'p', '--weights', 'w')).toContain('data row 2');
    expect(await refused('probability.csv', '--scores', 'a,b,c')).toContain('1.7');
    expect(await refused('probability.csv', '--scores', 'a,b')).toContain('class c');
    expect(await refused('probability.csv', '--scores', 'a')).toContain('at least two');
  });

  it('gives the same bytes for the same seed, whatever the threads', async () => {
    const at = place({ 'scored.csv': binaryCsv });
    const asked = ['evaluate', at('scored.csv'), '--target', 'fraud', '--score', 'p', '--json', '--quiet'];
    const [one, two, other] = [
      await cli(...asked, '--threads', '1', '--html', at('one.html')),
      await cli(...asked, '--threads', '2', '--html', at('two.html')),
      await cli(...asked, '--seed', '7'),
    ];
    expect(one.stdout).toBe(two.stdout);
    expect(readFileSync(at('one.html'), 'utf8')).toBe(readFileSync(at('two.html'), 'utf8'));
    expect(other.stdout).not.toBe(one.stdout);
    expect(one.stdout).not.toMatch(/NaN|Infinity/);
  });
});

const executable = [
  process.env['CHROMIUM_PATH'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path): path is string => path !== undefined && existsSync(path));

describe('the page of an evaluation', () => {
  const hostile = (text: string) =>
    text
      .replace('fraud,p,q', '"<b>fraud</b>","<script>alert(1)</script>",q')
      .replaceAll('yes', '"<img src=x onerror=alert(2)>"');

  it('escapes what comes from the data, and writes no file when it fails', async () => {
    const at = place({ 'hostile.csv': hostile(binaryCsv) });
    const asked = [
      at('hostile.csv'),
      '--target',
      '<b>fraud</b>',
      '--score',
      '<script>alert(1)</script>',
      '--score',
      'q',
    ];
    await documentOf(...asked, '--html', at('page.html'));
    const page = readFileSync(at('page.html'), 'utf8');
    expect(page).not.toMatch(/<script>alert|<img|<b>fraud/);
    expect(page).toContain('&lt;script&gt;');
    expect(await refusal(...asked, '--html', at('no/such/folder/page.html'))).toContain('cannot be written');
    expect(readdirSync(at('.')).sort()).toEqual(['hostile.csv', 'page.html']);
  });

  it.skipIf(!executable)('opens in Chromium without complaint and without scrolling sideways', async () => {
    const at = place({
      'hostile.csv': hostile(binaryCsv),
      'scored.csv': binaryCsv,
      'kinds.csv': classCsv(['ant', 'bee', 'cat']),
      'odd.csv': `fraud,flat\n${Array.from({ length: 30 }, (_, i) => `${i === 5 ? 'yes' : 'no'},0.25`).join('\n')}`,
    });
    const models = ['--score', 'p', '--score', 'q', '--score', 'margin', '--cost-fn', '9', '--cost-fp', '1'];
    const pages: readonly (readonly string[])[] = [
      ['scored.csv', '--target', 'fraud', ...models],
      ['scored.csv', '--target', 'fraud', '--score', 'margin'],
      ['hostile.csv', '--target', '<b>fraud</b>', '--score', '<script>alert(1)</script>'],
      ['kinds.csv', '--target', 'kind', '--scores', 'ant,bee,cat'],
      ['odd.csv', '--target', 'fraud', '--score', 'flat'],
    ];
    const browser = await chromium.launch({ executablePath: executable as string, args: ['--no-sandbox'] });
    try {
      for (const [i, [file, ...args]] of pages.entries()) {
        await documentOf(at(file!), ...args, '--html', at(`${i}.html`));
        for (const width of [390, 1180]) {
          const page = await browser.newPage({ viewport: { width, height: 800 } });
          const troubles: string[] = [];
          page.on('console', (message) => troubles.push(message.text()));
          page.on('pageerror', (error) => troubles.push(error.message));
          page.on('dialog', (dialog) => troubles.push(dialog.message()));
          await page.goto(pathToFileURL(at(`${i}.html`)).href);
          expect(troubles, `page ${i}`).toEqual([]);
          expect(await page.evaluate(() => document.documentElement.scrollWidth), `page ${i}`).toBeLessThanOrEqual(
            width,
          );
          expect(await page.$$eval('[id]', (all) => all.length - new Set(all.map(({ id }) => id)).size)).toBe(0);
          expect(await page.content()).not.toMatch(/NaN|undefined/);
          await page.close();
        }
      }
    } finally {
      await browser.close();
    }
  });
});
