import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ConformalDocument } from '../../src/report/conformal/document.ts';
import { binaryCsv, scoredCsv, scoredRows } from '../conformal/scored-csv.ts';
import { cli, scratchFolder } from './cli.ts';

const classes = ['ash', 'oak', 'yew'];
const shares = [0.3, 0.65, 0.05];
const rows = scoredRows(600, classes, shares, 1);
const csv = scoredCsv(rows, classes);
const scores = classes.join(',');

function place() {
  const folder = scratchFolder();
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  return { folder, file, path: (name: string) => join(folder, name) };
}

async function documentOf(...args: string[]): Promise<ConformalDocument> {
  const { code, stdout, stderr } = await cli('conformal', ...args, '--json', '--quiet');
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return JSON.parse(stdout) as ConformalDocument;
}

/** Cells of a CSV; an empty text, which stands in quotes, is a set without labels. */
const cells = (path: string) =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));

/** ⌈(n + 1)(1 - alpha)⌉-th smallest of the scores, by the definition. */
function bound(values: readonly number[], alpha: number): number {
  const rank = Math.ceil((values.length + 1) * (1 - alpha) - 1e-9);
  return rank > values.length ? Number.POSITIVE_INFINITY : [...values].sort((a, b) => a - b)[rank - 1]!;
}

describe('counterweight conformal', () => {
  it('makes the sets of the definition, with p-values that agree with them', async () => {
    const { file, path } = place();
    const test = scoredRows(300, classes, shares, 2);
    const data = file('cal.csv', csv);
    const asked = file('new.csv', scoredCsv(test, classes));
    const { applied } = await documentOf(
      ...[data, '--target', 'kind', '--scores', scores, '--alpha', '0.2', '--class-conditional'],
      ...['--apply', asked, '--out', path('out.csv')],
    );
    expect(applied).toMatchObject({ rows: 300, rowsWithoutSet: 0 });
    const [head, ...lines] = cells(path('out.csv'));
    expect(head).toEqual([...classes, 'kind', 'site', 'set', ...classes.map((name) => `pvalue_${name}`)]);
    const own = classes.map((name, k) => rows.filter(({ label }) => label === name).map(({ p }) => 1 - p[k]!));
    lines.forEach((line, row) => {
      const strange = test[row]!.p.map((p) => 1 - p);
      expect(line[5]!.replace('""', '')).toBe(
        classes.filter((_name, k) => strange[k]! <= bound(own[k]!, 0.2)).join('|'),
      );
      strange.forEach((score, k) => {
        const p = (own[k]!.filter((value) => value >= score).length + 1) / (own[k]!.length + 1);
        expect(Number(line[6 + k])).toBeCloseTo(p, 12);
      });
    });
  });

  it('judges itself by folds: coverage overall and by class, sizes, p-values, confusion', async () => {
    const { file } = place();
    const { evaluation, calibration, data, settings } = await documentOf(
      ...[file('cal.csv', csv), '--target', 'kind', '--scores', scores, '--class-conditional'],
    );
    expect(settings).toMatchObject({
      predictor: 'mondrian',
      method: 'lac',
      alpha: 0.1,
      guarantee: 'class',
      tooFew: 'full',
    });
    expect(data!.rows).toBe(600);
    expect(calibration.rowsNeeded).toBe(9);
    const found = evaluation!;
    expect(found).toMatchObject({ design: 'folds', folds: 10 });
    for (const one of found.perClass) {
      expect(one.rows).toBe(rows.filter(({ label }) => label === one.class).length);
      expect(one.low!).toBeLessThanOrEqual(0.9 + 1 / one.rows);
      expect(one.high!).toBeGreaterThan(0.9);
      expect(one.sizes.reduce((sum, size) => sum + size.rows, 0)).toBe(one.rows);
      expect(one.pValues!.reduce((sum, count) => sum + count, 0)).toBe(one.rows);
    }
    const hits = found.perClass.reduce((sum, one) => sum + Math.round(one.value! * one.rows), 0);
    expect(found.coverage.value).toBeCloseTo(hits / 600, 12);
    expect(found.confusion!.reduce((sum, line, k) => sum + line[k]!, 0)).toBe(hits);
    const labels = found.confusion!.flat().reduce((sum, count) => sum + count, 0);
    expect(found.meanSize).toBeCloseTo(labels / 600, 12);
    expect(found.pValues!.statistic).toBeLessThan(0.1);
  });

  it('says which class one bound for all rows fails, and that Mondrian sets do not', async () => {
    const { file } = place();
    const path = file('bin.csv', binaryCsv(3000, 5, 0.04));
    const split = await documentOf(path, '--target', 'fraud', '--score', 'p');
    const notice = split.notices.find(({ code }) => code === 'class-under-covered');
    expect(notice).toMatchObject({ class: 1, message: expect.stringMatching(/1 \(\d+ %\).*--class-conditional/) });
    expect(split.calibration.expected!.low).toBeLessThan(0.9);
    expect(split.calibration.expected!.high).toBeGreaterThan(0.9);
    const byClass = await documentOf(path, '--target', 'fraud', '--score', 'p', '--class-conditional');
    expect(byClass.notices.map(({ code }) => code)).not.toContain('class-under-covered');
    expect(byClass.data!.classes.map(({ label }) => label)).toEqual([0, 1]);
  });

  it('gives the same sets after saving, in batches of any size, and however often it is asked', async () => {
    const { file, path } = place();
    const data = file('cal.csv', csv);
    const many = scoredRows(17_500, classes, shares, 3);
    const asked = file('new.csv', scoredCsv(many, classes));
    const part = file('part.csv', scoredCsv(many.slice(0, 777), classes));
    const fit = [
      data,
      '--target',
      'kind',
      '--scores',
      scores,
      '--method',
      'aps',
      '--smoothed',
      '--folds',
      '0',
      '--seed',
      '4',
    ];
    await documentOf(...fit, '--apply', asked, '--out', path('a.csv'), '--save', path('m.json'));
    await documentOf('--model', path('m.json'), '--apply', asked, '--out', path('b.csv'));
    await documentOf('--model', path('m.json'), '--apply', part, '--out', path('c.csv'));
    const whole = readFileSync(path('a.csv'), 'utf8');
    expect(readFileSync(path('b.csv'), 'utf8')).toBe(whole);
    expect(whole.startsWith(readFileSync(path('c.csv'), 'utf8'))).toBe(true);
    await documentOf(...fit, '--save', path('m2.json'));
    expect(readFileSync(path('m2.json'), 'utf8')).toBe(readFileSync(path('m.json'), 'utf8'));
  });

  it('writes labels with a bar or a backslash so that they can be told apart', async () => {
    const { file, path } = place();
    const odd = ['a|b', 'c\\d', 'e'];
    const found = scoredRows(200, odd, [0.4, 0.4, 0.2], 7);
    const data = file('cal.csv', scoredCsv(found, odd));
    await documentOf(
      ...[data, '--target', 'kind', '--scores', odd.join(','), '--alpha', '0.001', '--folds', '0'],
      ...['--apply', data, '--out', path('out.csv')],
    );
    const [head, first] = cells(path('out.csv'));
    expect(first![head!.indexOf('set')]).toBe('a\\|b|c\\\\d|e');
  });

  it('leaves the cells of rows without a score empty, and counts them', async () => {
    const { file, path } = place();
    const lines = csv.split('\n');
    const asked = file('new.csv', [lines[0], lines[1], lines[2]!.replace(/^[^,]*/, ''), lines[3], ''].join('\n'));
    const { applied, notices } = await documentOf(
      ...[file('cal.csv', csv), '--target', 'kind', '--scores', scores, '--folds', '0'],
      ...['--apply', asked, '--out', path('out.csv')],
    );
    expect(applied).toMatchObject({ rows: 3, rowsWithoutSet: 1 });
    expect(notices.map(({ code }) => code)).toContain('missing-score');
    const [, one, two] = cells(path('out.csv'));
    expect(two!.slice(5)).toEqual(['', '', '', '']);
    expect(one!.slice(6).every((cell) => cell !== '')).toBe(true);
  });

  it('keeps the rate within categories, and takes every label in one it never saw', async () => {
    const { file, path } = place();
    const asked = file('new.csv', csv.replaceAll('north', 'west'));
    const { evaluation, calibration } = await documentOf(
      ...[file('cal.csv', csv), '--target', 'kind', '--scores', scores, '--by', 'site'],
      ...['--apply', asked, '--out', path('out.csv')],
    );
    expect(calibration.categories!.reduce((sum, one) => sum + one.rows, 0)).toBe(600);
    for (const one of evaluation!.perCategory!) expect(one.high!).toBeGreaterThan(0.9);
    const [head, ...lines] = cells(path('out.csv'));
    const at = head!.indexOf('set');
    expect(new Set(lines.filter((line) => line[4] === 'west').map((line) => line[at]))).toEqual(
      new Set(['ash|oak|yew']),
    );
    expect(lines.some((line) => line[4] === 'south' && line[at] !== 'ash|oak|yew')).toBe(true);
  });

  it('does as told with a class of too few rows', async () => {
    const { file } = place();
    const few = [
      ...rows.filter(({ label }) => label !== 'yew'),
      ...rows.filter(({ label }) => label === 'yew').slice(0, 4),
    ];
    const data = file('cal.csv', scoredCsv(few, classes));
    const args = [data, '--target', 'kind', '--scores', scores, '--class-conditional', '--too-few'];
    const full = await documentOf(...args, 'full');
    expect(full.calibration.classes[2]).toMatchObject({ rows: 4, judgedBy: 'every-set', threshold: null });
    expect(full.evaluation!.perClass[2]!.value).toBe(1);
    expect(full.notices.find(({ code }) => code === 'too-few-calibration-rows')!.message).toMatch(
      /taken into every set/,
    );
    const pooled = await documentOf(...args, 'pooled');
    expect(pooled.calibration.classes[2]).toMatchObject({ judgedBy: 'all-rows', expected: null });
    const { code, stderr } = await cli('conformal', ...args, 'error');
    expect([code, stderr]).toEqual([2, expect.stringMatching(/class "yew".*9/)]);
  });

  it('sees drift, and none in rows like the calibration rows', async () => {
    const { file } = place();
    const data = file('cal.csv', csv);
    const same = file('same.csv', scoredCsv(scoredRows(400, classes, shares, 11), classes));
    const moved = file(
      'moved.csv',
      scoredCsv([...scoredRows(300, classes, shares, 12), ...scoredRows(300, classes, shares, 13, 2.5)], classes),
    );
    const args = [data, '--target', 'kind', '--scores', scores, '--folds', '0', '--drift'];
    const calm = await documentOf(...args, same);
    expect(calm.drift).toMatchObject({ alarmAt: null, rows: 400, level: 0.01 });
    expect(calm.newRows!.coverage.value).toBeGreaterThan(0.85);
    expect(calm.newRows!.expected!.low).toBeLessThan(0.9);
    const drift = await documentOf(...args, moved);
    expect(drift.drift!.alarmAt).toBeGreaterThan(300);
    expect(drift.drift!.alarmAt).toBeLessThan(450);
    expect(drift.newRows!.coverage.value).toBeLessThan(drift.newRows!.expected!.low);
    expect(drift.notices.map(({ code }) => code)).toContain('drift');
  });

  it('judges a saved model on rows of one class only', async () => {
    const { file, path } = place();
    await documentOf(
      ...[
        file('bin.csv', binaryCsv(800, 9)),
        '--target',
        'fraud',
        '--score',
        'p',
        '--save',
        path('m.json'),
        '--folds',
        '0',
      ],
    );
    const lines = binaryCsv(400, 10).split('\n');
    const negatives = file('neg.csv', `${lines.filter((line) => !line.endsWith(',1')).join('\n')}`);
    const { evaluation } = await documentOf(negatives, '--model', path('m.json'));
    expect(evaluation).toMatchObject({
      design: 'new-rows',
      perClass: [{ class: 0 }, { class: 1, rows: 0, value: null }],
    });
  });

  it('finds a threshold that keeps a rate', async () => {
    const { file } = place();
    const text = binaryCsv(2000, 6);
    const data = file('bin.csv', text);
    const args = [data, '--target', 'fraud', '--score', 'p', '--folds', '0', '--risk'];
    const { risk } = await documentOf(...args, 'false-negative', '--level', '0.1');
    const positives = text
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',').map(Number))
      .filter(([, y]) => y === 1)
      .map(([p]) => p!);
    // The bound on 1 - p by the rank rule of the positive rows alone is the same promise.
    expect(risk!.threshold).toBeCloseTo(
      1 -
        bound(
          positives.map((p) => 1 - p),
          0.1,
        ),
      12,
    );
    const sure = await documentOf(...args, 'false-negative', '--level', '0.1', '--delta', '0.05');
    expect(sure.risk!.guarantee).toBe('confidence');
    expect(sure.risk!.threshold!).toBeLessThan(risk!.threshold!);
    const precise = await documentOf(...args, 'false-discovery', '--level', '0.5');
    expect(precise.risk).toMatchObject({ guarantee: 'confidence', delta: 0.05 });
    expect(precise.risk!.risk!).toBeLessThan(0.5);
    const none = await documentOf(...args, 'false-positive', '--level', '0.0001');
    expect(none.risk!.threshold).toBe(null);
    expect(none.notices.map(({ code }) => code)).toContain('no-lambda');
  });

  it.each([
    ['rc3p', []],
    ['interp-q', ['--tau', '0.9']],
    ['fuzzy', ['--train-counts', 'ash=300,oak=650,yew=50']],
    ['clustered', []],
    ['tuned-raps', []],
    ['label-shift', ['--target-shares', 'ash=1,oak=1,yew=1']],
  ] as const)('fits, saves and applies %s', async (predictor, more) => {
    const { file, path } = place();
    const data = file('cal.csv', csv);
    const args = [data, '--target', 'kind', '--scores', scores, '--predictor', predictor, ...more, '--folds', '3'];
    const { evaluation } = await documentOf(...args, '--apply', data, '--out', path('a.csv'), '--save', path('m.json'));
    expect(evaluation!.coverage.value).toBeGreaterThan(0.8);
    await documentOf('--model', path('m.json'), '--apply', data, '--out', path('b.csv'));
    expect(readFileSync(path('b.csv'), 'utf8')).toBe(readFileSync(path('a.csv'), 'utf8'));
    const withP = !['rc3p', 'interp-q'].includes(predictor);
    expect(cells(path('a.csv'))[0]!.includes('pvalue_ash')).toBe(withP);
  });

  it('says it on one screen for people', async () => {
    const { file, path } = place();
    const data = file('cal.csv', csv);
    const { code, stdout } = await cli(
      ...['conformal', data, '--target', 'kind', '--scores', scores, '--html', path('page.html'), '--quiet'],
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/at most 10 % of all sets miss the true class/);
    expect(stdout).toMatch(/yew +\d+ +.*all rows/);
    expect(stdout.split('\n').length).toBeLessThan(30);
    expect(readFileSync(path('page.html'), 'utf8')).toMatch(/^<!doctype html>/);
  });
});

describe('counterweight conformal refuses', () => {
  const usual = ['--target', 'kind', '--scores', scores];

  it.each([
    ['no data', [], /DATA is missing/],
    ['no target', ['D'], /--target/],
    ['no scores', ['D', '--target', 'kind'], /--scores a,b,c.*--score/],
    ['both kinds of scores', ['D', ...usual, '--score', 'ash'], /--scores a,b,c.*--score/],
    ['a column that is not there', ['D', '--target', 'kind', '--scores', 'ash,oak,yeww'], /yeww/],
    ['a class without a column', ['D', '--target', 'kind', '--scores', 'ash,oak'], /class yew/],
    ['one column', ['D', '--target', 'kind', '--scores', 'ash'], /at least two/],
    ['text as a score', ['D', '--target', 'kind', '--score', 'site', '--positive', 'yew'], /"site" holds text/],
    ['alpha 0', ['D', ...usual, '--alpha', '0'], /--alpha/],
    ['alpha 1', ['D', ...usual, '--alpha', '1'], /--alpha/],
    ['alpha in words', ['D', ...usual, '--alpha', 'ten'], /--alpha/],
    ['an unknown method, with the nearest', ['D', ...usual, '--method', 'lca'], /did you mean lac\?/],
    ['an unknown predictor', ['D', ...usual, '--predictor', 'mondrain'], /did you mean mondrian\?/],
    ['a predictor that columns cannot feed', ['D', ...usual, '--predictor', 'cv-plus'], /fold's model/],
    ['categories without a column', ['D', ...usual, '--predictor', 'mondrian-category'], /--by COLUMN/],
    ['a class-conditional split', ['D', ...usual, '--predictor', 'split', '--class-conditional'], /mondrian/],
    ['categories for clusters', ['D', ...usual, '--predictor', 'clustered', '--by', 'site'], /--by means nothing/],
    ['a policy for one bound', ['D', ...usual, '--too-few', 'pooled'], /--too-few pooled/],
    ['a policy that there is not', ['D', ...usual, '--too-few', 'drop'], /full, pooled, error/],
    ['both draws', ['D', ...usual, '--smoothed', '--exact-coverage'], /one of them/],
    ['smoothing what has no p-values', ['D', ...usual, '--smoothed', '--predictor', 'rc3p'], /no p-values/],
    ['exact coverage of a mixture', ['D', ...usual, '--exact-coverage', '--predictor', 'interp-q'], /exact coverage/],
    ['tau elsewhere', ['D', ...usual, '--tau', '0.3'], /--predictor interp-q/],
    ['wpas without worth', ['D', ...usual, '--method', 'wpas'], /--importance/],
    ['counts of a class that is not', ['D', ...usual, '--method', 'pas', '--train-counts', 'elm=3'], /class elm/],
    ['counts in words', ['D', ...usual, '--method', 'pas', '--train-counts', 'ash=many'], /CLASS=NUMBER/],
    ['label shift to nowhere', ['D', ...usual, '--predictor', 'label-shift'], /--target-shares/],
    ['one fold', ['D', ...usual, '--folds', '1'], /--folds/],
    ['--apply alone', ['D', ...usual, '--apply', 'D'], /--out/],
    ['--out alone', ['D', ...usual, '--out', 'X'], /--apply/],
    ['--risk alone', ['D', ...usual, '--risk', 'false-negative'], /--level/],
    ['a risk of no class', ['D', ...usual, '--risk', 'false-negative', '--level', '0.1'], /--positive/],
    ['the input as output', ['D', ...usual, '--apply', 'D', '--out', 'D'], /input file itself/],
    ['an output of no known kind', ['D', ...usual, '--apply', 'D', '--out', 'X.xls'], /xls/],
    ['a category column that is not there', ['D', ...usual, '--by', 'sitee'], /sitee/],
    ['a model that is not there', ['--model', 'X', '--apply', 'D', '--out', 'X'], /no such file/],
    ['a model that is no model', ['--model', 'D', '--apply', 'D', '--out', 'X'], /not JSON/],
    ['a model and a method', ['--model', 'X', 'D', '--method', 'aps'], /--method belongs to the fitting/],
    ['a model and nothing to do', ['--model', 'X'], /nothing to do/],
    ['a missing drift file', ['D', ...usual, '--drift', 'X'], /X/],
  ] as const)('%s', async (_name, args, says) => {
    const { file, folder, path } = place();
    const data = file('D.csv', csv);
    const given = args.map((arg) =>
      arg === 'D' ? data : arg.startsWith('X') ? path(`${arg}${arg === 'X' ? '.csv' : ''}`) : arg,
    );
    const { code, stdout, stderr } = await cli('conformal', ...given, '--quiet');
    expect(stderr).toMatch(says);
    expect(stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(2);
    expect([code, stdout]).toEqual([2, '']);
    expect(readdirSync(folder)).toEqual(['D.csv']);
  });

  it('probabilities that are none, naming column and row', async () => {
    const { file, path } = place();
    const good = file('cal.csv', csv);
    const lines = csv.split('\n');
    const wrong = file(
      'wrong.csv',
      [...lines.slice(0, 5), lines[5]!.replace(/^[^,]*/, '1.5'), ...lines.slice(6)].join('\n'),
    );
    const fit = await cli('conformal', wrong, ...usual);
    expect([fit.code, fit.stderr]).toEqual([2, expect.stringMatching(/"ash", data row 5: 1\.5 is no probability/)]);
    const apply = await cli('conformal', good, ...usual, '--apply', wrong, '--out', path('out.csv'), '--quiet');
    expect([apply.code, apply.stderr]).toEqual([2, expect.stringMatching(/"ash", data row 5: 1\.5 is no probability/)]);
    expect(existsSync(path('out.csv'))).toBe(false);
    const binary = file('bin.csv', 'p,y\n0.1,a\n2,b\n0.3,a\n');
    const one = await cli('conformal', binary, '--target', 'y', '--score', 'p');
    expect([one.code, one.stderr]).toEqual([2, expect.stringMatching(/"p", data row 2: 2 is no probability/)]);
  });

  it('columns that would be there twice, and labels that the model does not know', async () => {
    const { file, path } = place();
    const data = file('cal.csv', csv);
    const taken = file('taken.csv', csv.replace('site', 'set'));
    const twice = await cli(
      'conformal',
      data,
      ...usual,
      '--folds',
      '0',
      '--apply',
      taken,
      '--out',
      path('o.csv'),
      '--quiet',
    );
    expect([twice.code, twice.stderr]).toEqual([2, expect.stringMatching(/already has a column "set"/)]);
    const upper = file('upper.csv', csv.replace('site', 'SET'));
    const alike = await cli(
      'conformal',
      data,
      ...usual,
      '--folds',
      '0',
      '--apply',
      upper,
      '--out',
      path('o.csv'),
      '--quiet',
    );
    expect([alike.code, alike.stderr]).toEqual([
      2,
      expect.stringMatching(/"SET", which differs only in case from "set"/),
    ]);
    expect(existsSync(path('o.csv'))).toBe(false);
    const elm = file('elm.csv', csv.replace(/,oak,(north|south)/, ',elm,$1'));
    const stray = await cli('conformal', data, ...usual, '--folds', '0', '--drift', elm);
    expect([stray.code, stray.stderr]).toEqual([2, expect.stringMatching(/no class "elm"/)]);
  });

  it('a damaged model, naming the field', async () => {
    const { file, path } = place();
    const data = file('cal.csv', csv);
    await documentOf(data, ...usual, '--by', 'site', '--folds', '0', '--save', path('m.json'));
    const json = JSON.parse(readFileSync(path('m.json'), 'utf8')) as Record<string, unknown>;
    const damages: readonly [string, unknown][] = [
      ['format', 'other'],
      ['formatVersion', 2],
      ['columns', { names: ['ash'], positive: null }],
      ['categories', null],
      ['alpha', 2],
      ['smoothed', 'no'],
      ['seed', -1],
      ['target', 3],
      ['model', { kind: 'split' }],
      ['model', null],
    ];
    for (const [name, value] of damages) {
      const broken = file('broken.json', JSON.stringify({ ...json, [name]: value }));
      const { code, stderr } = await cli(
        'conformal',
        '--model',
        broken,
        '--apply',
        data,
        '--out',
        path('o.csv'),
        '--quiet',
      );
      expect([name, code, stderr.split('\n').length]).toEqual([name, 2, 2]);
      expect(stderr).toMatch(/no usable conformal model/);
    }
    expect(existsSync(path('o.csv'))).toBe(false);
  });
});
